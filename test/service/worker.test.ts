import { expect, test } from 'vitest';
import { hearback } from '../support/hearback.ts';
import { seedNotice } from '../support/outbound.ts';
import { hears } from '../support/people.ts';

test('what a worker alone sends to a group leads into the private chat with the bot', async () => {
  const stage = await hearback({ ROLE: 'worker' });
  const group = stage.telegram.group(-100, { kind: 'supergroup' });
  await group.add(stage.telegram.user(1));
  await stage.rows(
    `INSERT INTO identity (kind, key, contributor_id, channel, address)
     VALUES ('group', 'telegram:4711:-100', gen_random_uuid(), 'telegram', '-100')`,
  );
  await seedNotice(stage.service.core.db, 'n');
  const message = await hears(group, ({ text }) => text.startsWith('Hello'));
  expect(message.buttons).toMatchObject([{ url: expect.stringContaining('https://t.me/') }]);
});
