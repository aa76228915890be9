import { openPlanner } from '../../src/compose/planner.ts';
import { systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { atTerminal } from '../../src/people/actor.ts';
import type { Planner } from '../../src/planning/planner.ts';
import type { ProcessDefinition } from '../../src/process/process.ts';
import type { Database } from '../../src/store/database.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { acting } from './actions.ts';
import { outreachPhrases } from './plan.ts';

/** One process of the service with a clock of its own; `hint` stands for the queue. */
export function calendarOf(
  db: Database,
  clock: () => number,
  hint: () => void = () => undefined,
): { planner: Planner; publish(process: ProcessDefinition): Promise<unknown> } {
  const planner = openPlanner(db, {
    ...{ clock, ids: systemIds, holdSeconds: 120, log: silentLog },
    ...{ queue: { startNotice: hint }, phrasesIn: outreachPhrases },
  });
  const actions = acting(db, { clock, planner });
  async function publish(process: ProcessDefinition): Promise<unknown> {
    await createProcesses(db).apply(process);
    return actions.process.publish(atTerminal());
  }
  return { planner, publish };
}
