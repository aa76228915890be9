import type { Clock } from '../core/clock.ts';
import type { PhrasesIn } from '../core/loadPhrases.ts';
import { createNoticeCalendar, type NoticeCalendar } from '../planning/calendar.ts';
import { createPublicationOutlook, type PublicationOutlook } from '../planning/publish.ts';
import type { Database } from '../store/database.ts';
import { createNotices } from '../store/notices.ts';
import { createPlannedNotices } from '../store/plannedNotices.ts';
import { createProcesses } from '../store/processes.ts';
import { createTimelines } from '../store/timelines.ts';

type Kept = Pick<Database, 'pool'>;

// What interfaces may see of the calendar.

/** What making a timeline public would do. */
export const publicationOutlookIn = (db: Kept, clock: Clock): PublicationOutlook =>
  createPublicationOutlook({ ...planningIn(db), clock });

/** What goes out when. `phrasesIn`: outreach.yaml. */
export const calendarIn = (
  db: Kept,
  parts: { phrasesIn: PhrasesIn; clock: Clock; holdSeconds: number },
): NoticeCalendar => createNoticeCalendar({ ...parts, ...planningIn(db) });

const planningIn = ({ pool }: Kept) => ({
  processes: createProcesses({ pool }),
  timelines: createTimelines(pool),
  notices: createNotices(pool),
  planned: createPlannedNotices(pool),
});
