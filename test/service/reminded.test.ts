import { expect, test } from 'vitest';
import { createProcesses } from '../../src/store/processes.ts';
import { type Hearback, hearback } from '../support/hearback.ts';
import { agreed, hears } from '../support/people.ts';
import { until } from '../support/wait.ts';

const GREETING = 'Hello again';

/** People who agreed more than a day ago, and have said nothing since. */
async function silent({ service, telegram }: Hearback, count: number) {
  await agreed(service.core.db.pool, 'telegram', count);
  return Array.from({ length: count }, (_, index) => telegram.user(index + 1, { language: 'en' }));
}

/** Their moment has come, and has been looked at. */
async function moment({ rows }: Hearback): Promise<void> {
  await rows(`UPDATE identity SET remind_at = now() - interval '1 hour'`);
  await until('every moment to be looked at', async () => {
    const left = await rows(`SELECT FROM identity WHERE remind_at IS NOT NULL AND status = 'active'`);
    return left.length === 0;
  });
}

test('a reminder is said once, however often its moment comes, also from a service that is begun again', async () => {
  const stage = await hearback();
  const [ann] = await silent(stage, 1);
  if (!ann) return expect.unreachable();
  await moment(stage);
  await hears(ann, GREETING, 0);
  await moment(stage);
  await stage.restart();
  await moment(stage);
  await stage.rows('UPDATE identity SET reminded_at = NULL');
  await moment(stage);
  await until('the second greeting', () => ann.chat.filter(({ text }) => text.includes(GREETING)).length === 2);
  expect(ann.chat.filter(({ text }) => text.includes(GREETING))).toHaveLength(2);
});

test('nobody is reminded who has given something, wants only answers, has stopped or has not agreed; nor when the process is closed', async () => {
  const stage = await hearback();
  const people = await silent(stage, 5);
  const last = people.at(-1);
  if (!last) return expect.unreachable();
  await stage.rows(`INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, state, submitted_at, updated_at)
    SELECT gen_random_uuid(), 'HB-AAAAAAA', contributor_id, id, 'idea', 'A bench', 'en', channel, 'received', now(), now() FROM identity WHERE key LIKE '%:1'`);
  await stage.rows(`UPDATE identity SET wants = 'answers' WHERE key LIKE '%:2'`);
  await stage.rows(`UPDATE identity SET status = 'stopped' WHERE key LIKE '%:3'`);
  await stage.rows(`UPDATE identity SET consent_version = NULL WHERE key LIKE '%:4'`);
  await moment(stage);
  await hears(last, GREETING, 0);
  const reminded = await stage.rows(`SELECT key FROM identity WHERE reminded_at IS NOT NULL`);
  expect(reminded).toEqual([{ key: 'telegram:4711:5' }]);
  await stage.rows('UPDATE identity SET reminded_at = NULL');
  const processes = createProcesses(stage.service.core.db);
  await processes.close((await processes.now()).id, null, new Date());
  await stage.restart();
  await moment(stage);
  expect(await stage.rows(`SELECT FROM identity WHERE reminded_at IS NOT NULL`)).toEqual([]);
});
