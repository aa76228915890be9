import { beforeEach, expect, test } from 'vitest';
import { BLANK_NOTICE } from '../../src/notices/notice.ts';
import { atTerminal } from '../../src/people/actor.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createPlannedNotices } from '../../src/store/plannedNotices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { acting } from '../support/actions.ts';
import { freshDatabase } from '../support/database.ts';
import { plan } from '../support/plan.ts';
import { until } from '../support/wait.ts';

let db: Database;
beforeEach(async () => {
  db = await freshDatabase();
  await createProcesses(db).apply(plan({}));
});

/** Whether somebody waits until the planner has done its work. */
async function plannerIsWaitedFor(): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
  );
  return (rowCount ?? 0) > 0;
}

test('a reminder that is being made while the process is closed does not go out of it', async () => {
  const { id, key } = await createProcesses(db).now();
  const notices = createNotices(db.pool);
  const reminder = { ...BLANK_NOTICE, id: 'r', kind: 'timeline_reminder' as const, texts: 'Tomorrow' };
  let closing: Promise<void> | undefined;
  await createPlannedNotices(db.pool).alone(true, async () => {
    closing = acting(db).process.close(atTerminal(), id, key ?? '');
    await Promise.race([closing, until('it waits for the planner', plannerIsWaitedFor)]);
    await notices.create({ ...reminder, state: 'scheduled', at: new Date() }, new Date());
  });
  await closing;
  expect((await notices.find('r'))?.state).toBe('cancelled');
});

test('a file that is applied while another is being applied is of the process as that has left it', async () => {
  const { process } = acting(db);
  const next = { ...plan({ name: 'Next' }), id: 'next' };
  const { id, key } = await createProcesses(db).now();
  await process.close(atTerminal(), id, key ?? '');
  const doing = await Promise.allSettled(
    Array.from({ length: 4 }, (_, n) => process.apply(atTerminal(), { ...next, name: `Next ${n}` })),
  );
  expect(doing.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect((await createProcesses(db).list()).map((one) => one.key)).toEqual(['process', 'next']);
});
