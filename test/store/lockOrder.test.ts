import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';
import { until } from '../support/wait.ts';

let db: Database;
let turn: PoolClient;
const lock = (id: number) => turn.query('SELECT id FROM identity WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [id]);

/** Two people in the middle of something; a turn of the first is being written. */
beforeEach(async () => {
  db = await freshDatabase();
  await seedPeople(db, 2);
  await db.pool.query(`UPDATE identity SET session = '{"open": {"nonce": "n"}}' WHERE id = 2`);
  // Whoever was here last stands last in the table, wherever their id is.
  await db.pool.query(`UPDATE identity SET session = '{"open": {"nonce": "n"}}' WHERE id = 1`);
  turn = await db.pool.connect();
  onTestFinished(() => turn.release());
  await turn.query('BEGIN');
  await lock(1);
});

/** Asked on another connection: within a transaction the answer stays what it was. */
async function waitsForLock(): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`,
  );
  return (rowCount ?? 0) > 0;
}

/** The other waits for the turn, and the turn for nobody: it goes on to the second person. */
async function expectNoDeadlock(other: Promise<unknown>): Promise<void> {
  await until('the other waits for the first person', waitsForLock);
  await lock(2);
  await turn.query('COMMIT');
  await other;
}

test('closing a process and the turns of those who are told of it never wait for each other both', async () => {
  const processes = createProcesses(db);
  const { id } = await processes.now();
  await expectNoDeadlock(processes.close(id, null, new Date()));
  const { rowCount } = await db.pool.query('SELECT FROM identity WHERE timeout_at IS NOT NULL');
  expect(rowCount).toBe(2);
});

test('outcomes that change people and the turns of those people never wait for each other both', async () => {
  const deliveries = createDeliveries(db.pool, ['telegram', 'slack']);
  const [, toSecond = ''] = await seedNotice(db, 'a');
  const [toFirst = ''] = await seedNotice(db, 'b');
  const claimed = await deliveries.claim([toSecond, toFirst], randomUUID(), 60_000);
  const blocked = claimed.map(({ id, lease }) => ({
    ...{ id, lease, state: 'failed' as const, reason: 'blocked' as const, delayMs: 0, refund: false, doubt: false },
    ...{ messagesDone: 0, partsDone: 0, begun: null, brought: [], refs: [], address: null, unreachable: true },
  }));
  await expectNoDeadlock(deliveries.settle(blocked));
  const { rows } = await db.pool.query('SELECT status FROM identity');
  expect(rows.map(({ status }) => status)).toEqual(['unreachable', 'unreachable']);
});
