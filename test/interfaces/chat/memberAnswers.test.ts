import { expect, test } from 'vitest';
import { SendError } from '../../../src/core/channel.ts';
import type { Attachment } from '../../../src/core/inbound.ts';
import { plainText } from '../../../src/core/message.ts';
import { answerThread } from '../../../src/interfaces/chat/memberAnswers.ts';
import type { MemberChatParts } from '../../../src/interfaces/chat/memberParts.ts';
import { noForgetList } from '../../../src/people/forgetList.ts';
import { createErasure } from '../../../src/store/erasure.ts';
import { createMembers } from '../../../src/store/members.ts';
import { createThreads } from '../../../src/store/threads.ts';
import { acting } from '../../support/actions.ts';
import { addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers } from '../../support/happens.ts';
import { columnsWith } from '../../support/telltales.ts';
import { addThread } from '../../support/threads.ts';

const MEGABYTE = 1024 * 1024;
const BYTES = Buffer.from('OggS-spoken-words');
const voice = (more: Partial<Attachment> = {}): Attachment => ({
  ...{ kind: 'voice', ref: 'v1', mime: 'audio/ogg', name: null, size: BYTES.length, seconds: 9, ...more },
});

/** Somebody whose question waits, and Ana, who answers it in her chat with a file that the platform gives as `download` says. */
async function stage(download: MemberChatParts['download'] = async () => BYTES) {
  const db = await freshDatabase();
  await addMembers(db.pool, { ana: ['organizer'] });
  await db.pool.query(`INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:bot:ana', 'ana')`);
  const person = await addPerson(db);
  await addThread(db, person, 'HB-AAAAAAA', { messageId: '7' });
  const parts = {
    members: createMembers(db.pool),
    actions: acting(db, {
      threadMessages: async ({ reader }, end) =>
        end === 'closed'
          ? []
          : end.files.map(({ name, mime, bytes }) => ({
              blocks: [],
              file: { name, mime, bytes },
              replyTo: reader.messageId ?? '',
            })),
    }),
    download,
    secret: 'secret',
    phrasesIn: () => (key: string) => key,
  } as unknown as MemberChatParts;
  const reader = { key: 'telegram:bot:ana', language: 'en', update: 'u1' };
  const answers = async (...files: Attachment[]) => {
    return plainText(await answerThread(reader, 'HB-AAAAAAA', { words: '', files }, parts));
  };
  const rows = async (sql: string) => (await db.pool.query(sql)).rows;
  return { db, answers, rows };
}

test('a voice that a member answers with is the person’s from then on: kept with their thread, on its way to them, and gone with them', async () => {
  const { db, answers, rows } = await stage();
  expect(await answers(voice())).toBe('thread_sent');
  expect(
    await rows(
      `SELECT channel, state, bytes, identity_id = (SELECT identity_id FROM thread) AS theirs FROM attachment`,
    ),
  ).toEqual([{ channel: 'memory', state: 'kept', bytes: BYTES, theirs: true }]);
  const thread = await createThreads(db.pool).find('HB-AAAAAAA');
  expect(thread?.messages[1]).toMatchObject({ by: 'ana', text: '', attachments: [{ kind: 'voice', seconds: 9 }] });
  const [sent] = await rows('SELECT payload FROM delivery WHERE thread_id IS NOT NULL');
  expect(sent?.payload).toMatchObject([
    { replyTo: '7', file: { name: 'HB-AAAAAAA.ogg', base64: BYTES.toString('base64') } },
  ]);
  const [{ contributor }] = (await rows('SELECT contributor_id AS contributor FROM identity')) as [
    { contributor: string },
  ];
  await createErasure(db.pool, noForgetList).erase(contributor, 'words');
  expect(await columnsWith(db.pool, [BYTES.toString()])).toEqual([]);
});

test('files of more than ten megabytes together are not sent, whether the platform says so before or not', async () => {
  const { answers, rows } = await stage(async () => new Uint8Array(6 * MEGABYTE));
  expect(await answers(voice({ size: 11 * MEGABYTE }))).toBe('thread_file_large');
  expect(await answers(voice({ size: null }), voice({ size: null }))).toBe('thread_file_large');
  expect(await rows(`SELECT FROM thread_message WHERE by IS NOT NULL`)).toEqual([]);
});

test('a file that the platform does not give is asked for again, and nothing is sent', async () => {
  const { answers, rows } = await stage(async () => {
    throw new SendError('unknown_outcome', 'no answer');
  });
  expect(await answers(voice())).toBe('thread_file_failed');
  expect(await rows('SELECT FROM delivery')).toEqual([]);
});
