import { expect, test } from 'vitest';
import { readDraft } from '../../src/notices/file.ts';
import { atTerminal } from '../../src/people/actor.ts';
import { createNoticeEdits } from '../../src/store/noticeEdits.ts';
import { acting } from '../support/actions.ts';
import { hearback } from '../support/hearback.ts';
import { seedNotice } from '../support/outbound.ts';
import { agreed, fromBot, manyOf } from '../support/people.ts';
import { until } from '../support/wait.ts';

test('a notice that is out is fixed and taken back in the chats; what is older than two days stays', async () => {
  const { service, telegram } = await hearback();
  const { db, queue } = service.core;
  const people = manyOf(3, (n) => telegram.user(n));
  await agreed(db.pool, 'telegram', 3);
  await seedNotice(db, 'n');
  await queue.startNotice('n', 0);
  const shown = () => people.map((person) => fromBot(person).map(({ text }) => text));
  await until('it has reached all three', () => shown().flat().length === 3);
  const { edit, recall } = acting(db, { queue }).notices;
  const status = () => createNoticeEdits(db.pool).status('n');

  const fixed = readDraft({ kind: 'announcement', texts: 'Hello to all', audience: 'everyone' }, 'UTC');
  await edit(atTerminal(), 'n', fixed);
  await until('all three are changed', async () => (await status())?.changed === 3);
  expect(shown()).toEqual([['Hello to all'], ['Hello to all'], ['Hello to all']]);

  for (const message of fromBot(people[0]!)) message.at -= 49 * 3_600_000;
  await recall(atTerminal(), 'n');
  await until('none is open', async () => (await status())?.open === 0);
  expect(await status()).toMatchObject({ what: 'recalled', changed: 2, refused: { too_late: 1 } });
  expect(shown()).toEqual([['Hello to all'], [], []]);
});
