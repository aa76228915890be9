import { expect, test } from 'vitest';
import { loadPhrases } from '../../../src/core/loadPhrases.ts';
import { readAction } from '../../../src/core/signedButtons.ts';
import { scheduledNews } from '../../../src/notices/scheduledNews.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { DEFAULT_PROCESS } from '../../../src/process/process.ts';
import { acting } from '../../support/actions.ts';
import { addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';

const NOW = Date.parse('2027-03-01T12:00Z');

test('what is scheduled at the terminal is told to its organizers in their chats, with the button that holds it back, as long as it can be', async () => {
  const db = await freshDatabase();
  await addMembers(db.pool, { ana: ['organizer'], ben: ['organizer'], otto: ['forum'] });
  for (const member of ['ana', 'ben', 'otto'])
    await db.pool.query(
      'INSERT INTO member_identity (identity_key, member_id) SELECT key, $2 FROM identity WHERE id = $1',
      [await addPerson(db), member],
    );
  const phrasesIn = await loadPhrases('flows/members.yaml');
  const around = { process: DEFAULT_PROCESS, secret: 'secret', now: NOW };
  const parts = {
    clock: () => NOW,
    scheduledNews: async (news: Parameters<typeof scheduledNews>[0], chat: Parameters<typeof scheduledNews>[1]) =>
      scheduledNews(news, chat, { phrases: phrasesIn(chat.language), ...around }),
  };
  const { notices } = acting(db, parts);
  const file = { kind: 'announcement', texts: { en: 'The draft is out.' }, audience: 'everyone' };
  const { id } = await notices.create(atTerminal('ana'), file);
  await notices.schedule(atTerminal('ana'), id);
  const told = `SELECT mi.member_id AS member, d.payload FROM delivery d JOIN identity i ON i.id = d.identity_id
    JOIN member_identity mi ON mi.identity_key = i.key WHERE d.notice_id IS NULL ORDER BY 1`;
  const { rows } = await db.pool.query(told);
  expect(rows.map(({ member }) => member)).toEqual(['ana', 'ben']);
  const [{ blocks, choices }] = rows[0].payload;
  expect(blocks[0].text).toMatch(/has scheduled this\. The first message goes on/);
  expect(blocks[1].text).toBe('The draft is out.');
  const { rows: chats } = await db.pool.query(
    `SELECT identity_key AS key FROM member_identity WHERE member_id = 'ana'`,
  );
  expect(choices.map(({ data }: { data: string }) => readAction('secret', chats[0].key, data))).toEqual([
    `o:Q:p:${id}`,
    `o:n:${id}`,
  ]);
  const again = acting(db, { ...parts, holdSeconds: 0 }).notices;
  const { id: second } = await again.create(atTerminal('ana'), file);
  await again.schedule(atTerminal('ana'), second);
  expect((await db.pool.query(told)).rows).toHaveLength(2);
});
