import path from 'node:path';
import type { Clock, Ids } from '../core/clock.ts';
import { loadPhrases, type PhrasesIn } from '../core/loadPhrases.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';
import { createNoticeCalendar, type NoticeCalendar } from '../planning/calendar.ts';
import { createPlanner, type Planner } from '../planning/planner.ts';
import { createPublisher, type Publisher } from '../planning/publish.ts';
import { DEFAULT_PROCESS } from '../process/process.ts';
import type { Timelines } from '../process/publication.ts';
import type { Database } from '../store/database.ts';
import { createNotices } from '../store/notices.ts';
import { createProcesses } from '../store/processes.ts';
import { createPlannedNotices } from '../store/scheduledNotices.ts';
import { createTimelines } from '../store/timelines.ts';

export interface PlanningParts {
  db: Database;
  queue: Pick<Queue, 'startNotice'>;
  /** outreach.yaml. */
  phrasesIn: PhrasesIn;
  clock: Clock;
  ids: Ids;
  holdSeconds: number;
  log: Log;
}

export interface Planning {
  timelines: Timelines;
  planner: Planner;
  publisher: Publisher;
}

/** What goes out by the calendar: the published timeline and everything that comes of it. */
export function composePlanning({ db, ...parts }: PlanningParts): Planning {
  const processes = createProcesses(db);
  const timelines = createTimelines(db.pool);
  const notices = createNotices(db.pool);
  const planned = createPlannedNotices(db.pool);
  const planner = createPlanner({ ...parts, processes, timelines, planned, notices });
  return {
    timelines,
    planner,
    publisher: createPublisher({ ...parts, timelines, notices, planned, planner }),
  };
}

/** The same for a command, which reads the texts once. */
export async function openPlanning({
  flowsDir,
  ...parts
}: Omit<PlanningParts, 'phrasesIn'> & { flowsDir: string }): Promise<Planning> {
  const { languages } = (await createProcesses(parts.db).current()) ?? DEFAULT_PROCESS;
  return composePlanning({ ...parts, phrasesIn: await loadPhrases(path.join(flowsDir, 'outreach.yaml'), languages) });
}

/** What goes out when, for whoever only looks. */
export function openCalendar({
  db,
  ...parts
}: Pick<PlanningParts, 'db' | 'phrasesIn' | 'clock' | 'holdSeconds'>): NoticeCalendar {
  return createNoticeCalendar({
    ...{ ...parts, timelines: createTimelines(db.pool), planned: createPlannedNotices(db.pool) },
    processes: createProcesses(db),
    notices: createNotices(db.pool),
  });
}
