import path from 'node:path';
import { createNoticeCalendar, type NoticeCalendar } from './app/noticeCalendar.ts';
import { loadPhrases } from './app/phrases.ts';
import { createPlanner, type Planner } from './app/planner.ts';
import { createPublisher, type Publisher } from './app/publish.ts';
import type { Clock, Ids } from './domain/clock.ts';
import type { Log } from './domain/log.ts';
import type { Queue } from './domain/ports.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from './domain/process.ts';
import type { Timelines } from './domain/publication.ts';
import type { Database } from './store/database.ts';
import { createNotices } from './store/notices.ts';
import { createPlannedNotices } from './store/planned.ts';
import { createProcesses } from './store/processes.ts';
import { createTimelines } from './store/timelines.ts';

export interface OutreachParts {
  db: Database;
  queue: Pick<Queue, 'startNotice'>;
  flowsDir: string;
  clock: Clock;
  ids: Ids;
  holdSeconds: number;
  log: Log;
}

export interface Outreach {
  timelines: Timelines;
  planner: Planner;
  publisher: Publisher;
}

/** What goes out by the calendar: the published timeline and everything that comes of it. */
export async function createOutreach({ db, flowsDir, ...parts }: OutreachParts): Promise<Outreach> {
  const processes = createProcesses<ProcessDefinition>(db);
  const { languages } = (await processes.current()) ?? DEFAULT_PROCESS;
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'outreach.yaml'), languages);
  const timelines = createTimelines(db.pool);
  const notices = createNotices(db.pool);
  const planned = createPlannedNotices(db.pool);
  const planner = createPlanner({ ...parts, processes, timelines, planned, notices, phrasesIn });
  return {
    timelines,
    planner,
    publisher: createPublisher({ ...parts, timelines, notices, planned, planner }),
  };
}

/** What goes out when, for whoever only looks. */
export async function openCalendar({
  db,
  flowsDir,
  ...parts
}: Pick<OutreachParts, 'db' | 'flowsDir' | 'clock' | 'holdSeconds'>): Promise<NoticeCalendar> {
  const processes = createProcesses<ProcessDefinition>(db);
  const { languages } = (await processes.current()) ?? DEFAULT_PROCESS;
  return createNoticeCalendar({
    ...{ ...parts, processes, timelines: createTimelines(db.pool), planned: createPlannedNotices(db.pool) },
    notices: createNotices(db.pool),
    phrasesIn: await loadPhrases(path.join(flowsDir, 'outreach.yaml'), languages),
  });
}
