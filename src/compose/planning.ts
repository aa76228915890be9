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
import type { Stores } from './stores.ts';

export interface PlanningParts {
  stores: Stores;
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
export function composePlanning({ stores, ...parts }: PlanningParts): Planning {
  const { processes, timelines, notices, plannedNotices: planned } = stores;
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
  const { languages } = (await parts.stores.processes.toReplace()).definition ?? DEFAULT_PROCESS;
  return composePlanning({ ...parts, phrasesIn: await loadPhrases(path.join(flowsDir, 'outreach.yaml'), languages) });
}

/** What goes out when, for whoever only looks. */
export function openCalendar({
  stores,
  ...parts
}: Pick<PlanningParts, 'stores' | 'phrasesIn' | 'clock' | 'holdSeconds'>): NoticeCalendar {
  const { processes, timelines, notices, plannedNotices: planned } = stores;
  return createNoticeCalendar({ ...parts, processes, timelines, notices, planned });
}
