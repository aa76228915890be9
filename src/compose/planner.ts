import path from 'node:path';
import type { Clock, Ids } from '../core/clock.ts';
import { loadPhrases, type PhrasesIn } from '../core/loadPhrases.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../notices/queue.ts';
import { createPlanner, type Planner } from '../planning/planner.ts';
import { DEFAULT_PROCESS } from '../process/process.ts';
import type { Database } from '../store/database.ts';
import { createNotices } from '../store/notices.ts';
import { createPlannedNotices } from '../store/plannedNotices.ts';
import { createProcesses } from '../store/processes.ts';
import { createTimelines } from '../store/timelines.ts';

type Kept = Pick<Database, 'pool'>;

export interface PlannerParts {
  queue: Pick<Queue, 'startNotice'>;
  /** outreach.yaml. */
  phrasesIn: PhrasesIn;
  clock: Clock;
  ids: Ids;
  holdSeconds: number;
  log: Log;
}

/** Makes what goes out by the calendar: the published timeline and everything that comes of it. */
export const openPlanner = ({ pool }: Kept, parts: PlannerParts): Planner =>
  createPlanner({
    ...parts,
    processes: createProcesses({ pool }),
    timelines: createTimelines(pool),
    notices: createNotices(pool),
    planned: createPlannedNotices(pool),
  });

/** The same for a command: the texts are read when they are needed. */
export const openPlannerOnDemand = (
  db: Kept,
  { flowsDir, ...parts }: Omit<PlannerParts, 'phrasesIn'> & { flowsDir: string },
): Planner => ({
  async reconcile(wait) {
    const { languages } = (await createProcesses(db).toReplace()).definition ?? DEFAULT_PROCESS;
    const phrasesIn = await loadPhrases(path.join(flowsDir, 'outreach.yaml'), languages);
    await openPlanner(db, { ...parts, phrasesIn }).reconcile(wait);
  },
});
