import { systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { createPlanner, type Planner } from '../../src/planning/planner.ts';
import { createPublisher, type Publisher } from '../../src/planning/publish.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createPlannedNotices } from '../../src/store/plannedNotices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createTimelines } from '../../src/store/timelines.ts';
import { outreachPhrases } from './plan.ts';

/** One process of the service with a clock of its own; `hint` stands for the queue. */
export function calendarOf(
  db: Database,
  clock: () => number,
  hint: () => void = () => undefined,
): { planner: Planner; publisher: Publisher } {
  const timelines = createTimelines(db.pool);
  const parts = {
    processes: createProcesses(db),
    timelines,
    planned: createPlannedNotices(db.pool),
    notices: createNotices(db.pool),
    queue: { startNotice: hint },
    ...{ clock, ids: systemIds, holdSeconds: 120, log: silentLog, phrasesIn: outreachPhrases },
  };
  const planner = createPlanner(parts);
  return { planner, publisher: createPublisher({ ...parts, planner }) };
}
