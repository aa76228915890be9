import { beforeEach, expect, it } from 'vitest';
import { createReceiver, type Receiver } from '../../src/app/receive.ts';
import { doctorWords, isHealthy, runDoctor, waitingUpdates } from '../../src/cli/doctor.ts';
import { readConfig } from '../../src/config.ts';
import { systemIds } from '../../src/domain/clock.ts';
import type { Inbound } from '../../src/domain/inbound.ts';
import { silentLog } from '../../src/domain/log.ts';
import type { Known, TurnStore, TurnWrite } from '../../src/domain/turn.ts';
import { type Database, isOutage } from '../../src/store/database.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { freshDatabase } from '../support/database.ts';

let database: Database;
let turns: TurnStore;
let receiver: Receiver;
let broken: boolean;

beforeEach(async () => {
  database = await freshDatabase();
  turns = createTurnStore(database.pool);
  broken = true;
  receiver = createReceiver({
    turns,
    turn: async (inbound, known) => {
      if (broken) throw new Error('a fault of ours');
      return nothing(inbound, known);
    },
    send: () => undefined,
    isOutage,
    ids: systemIds,
    log: silentLog,
  });
});

const update: Inbound = {
  id: 'telegram:1:1',
  sender: { key: 'telegram:bot:1', channel: 'telegram', address: '1', name: null, language: 'en' },
  content: { kind: 'text', text: 'A bench in the park', messageId: '1' },
  at: 0,
} as Inbound;

const nothing = (inbound: Inbound, known: Known): TurnWrite => ({
  updateId: inbound.id,
  identityId: known.id,
  turn: known.turn,
  session: null,
  timeoutAt: null,
  language: 'en',
  languageChosen: false,
  status: 'active',
  consentVersion: null,
  consented: false,
  source: null,
  address: '1',
  name: null,
  at: new Date(0).toISOString(),
  messages: [],
  lease: systemIds.uuid(),
  leaseSeconds: 8,
  contributions: [],
  edits: [],
  consents: [],
});

const failures = async () =>
  (
    await database.pool.query(
      'SELECT state, attempts, round(extract(epoch FROM next_at - now()))::int AS wait FROM inbound_update',
    )
  ).rows;
const hours = (count: number) =>
  database.pool.query(`UPDATE inbound_update SET next_at = next_at - make_interval(hours => $1)`, [count]);

it('tries an update that it could not handle ever more rarely, and never gives it up', async () => {
  await receiver.receive(update);
  const waits: number[] = [];
  for (let round = 0; round < 15; round++) {
    waits.push((await failures())[0].wait);
    expect(await receiver.retryFailed()).toBe(0);
    await hours(1);
    expect(await receiver.retryFailed()).toBe(1);
  }
  expect(waits.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
  expect(waits.slice(-4)).toEqual([3600, 3600, 3600, 3600]);
  broken = false;
  await hours(1);
  expect(await receiver.retryFailed()).toBe(1);
  expect(await failures()).toMatchObject([{ state: 'done' }]);
  expect(await turns.countFailed()).toBe(0);
});

it('lets the doctor say how many updates wait, without keeping anybody from working', async () => {
  for (const id of ['telegram:1:1', 'telegram:1:2']) await receiver.receive({ ...update, id });
  const look = async () =>
    runDoctor(
      () => readConfig({}),
      () => ({ database: async () => waitingUpdates(await turns.countFailed()) }),
    );
  const findings = await look();
  expect(doctorWords(findings)).toContain('! database: 2 updates could not be handled and wait\n    See the log');
  expect(isHealthy(findings)).toBe(true);
  await database.pool.query('DELETE FROM inbound_update');
  expect((await look()).filter(({ area }) => area === 'database')).toEqual([]);
});
