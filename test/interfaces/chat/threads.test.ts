import { expect, test } from 'vitest';
import { atTerminal } from '../../../src/people/actor.ts';
import { codeHash, type Role } from '../../../src/people/member.ts';
import type { ChatMessage } from '../../../src/sandbox/chat.ts';
import type { SandboxUser } from '../../../src/sandbox/telegramPerson.ts';
import { createMembers } from '../../../src/store/members.ts';
import { createThreads } from '../../../src/store/threads.ts';
import { acting } from '../../support/actions.ts';
import { after, hearback } from '../../support/hearback.ts';
import { agreed, decided, hears } from '../../support/people.ts';
import { startSlackService } from '../../support/slackService.ts';
import { addThread } from '../../support/threads.ts';
import { until } from '../../support/wait.ts';

type Stage = Awaited<ReturnType<typeof stage>>;

/** Rosa, who has agreed to take part, and members of these roles: Ana, Ben, Cleo. */
async function stage(...roles: Role[][]) {
  const service = await hearback();
  const { db } = service.service.core;
  await agreed(db.pool, 'telegram', 4);
  const [rosa, ana, ben, cleo] = [1, 2, 3, 4].map((id) => service.telegram.user(id, { language: 'en' })) as [
    ...[SandboxUser, SandboxUser, SandboxUser, SandboxUser],
  ];
  const members = createMembers(db.pool);
  for (const [index, [id, person]] of (
    [
      ['ana', ana],
      ['ben', ben],
      ['cleo', cleo],
    ] as const
  ).entries()) {
    const own = roles[index];
    if (!own) continue;
    const code = { hash: codeHash(`${id}CODE`), until: new Date('2100-01-01') };
    await members.put({ id, name: `${id} of the city`, roles: own, organization: null, side: null }, code);
    await after(person, () => person.command(`/start member_${id}CODE`));
  }
  return { ...service, db, rosa, ana, ben, cleo };
}

interface Writer {
  reply(messageId: number, words: string): Promise<unknown>;
}

/** What a member writes back is shown to them, and goes once they say so; gives what they read then. */
async function answers(
  it: Pick<Stage, 'rows'>,
  person: SandboxUser,
  told: ChatMessage,
  words: string,
): Promise<ChatMessage> {
  const from = person.chat.length;
  await writesBack(it, person, told, words);
  await hears(person, 'Send it to them?', from);
  return press(person, 'Send');
}

/** Below a message whose arrival is known to us: nobody reads and writes faster than that. */
async function writesBack(
  { rows }: Pick<Stage, 'rows'>,
  person: Writer,
  { messageId }: ChatMessage,
  words: string,
): Promise<void> {
  const id = Number.isInteger(messageId) ? `${messageId}` : messageId.toFixed(6);
  const arrived = `SELECT FROM delivery WHERE refs @> '[{"id": "${id}"}]'`;
  await until('the message is known to have arrived', async () => (await rows(arrived)).length > 0);
  await person.reply(messageId, words);
}

const press = (person: SandboxUser, which: string): Promise<ChatMessage> => after(person, () => person.press(which));
const labels = ({ buttons }: ChatMessage): string[] => buttons.map(({ label }) => label);

/** Rosa asks the organizers; gives the reference that she reads. */
async function asks({ rosa }: Stage, words = 'When is the meeting?'): Promise<string> {
  await after(rosa, () => rosa.command('/ask'));
  const receipt = await after(rosa, () => rosa.say(words));
  expect(receipt.text).toContain('a person will answer you here by');
  return /HB-\w{7}/.exec(receipt.text)?.[0] ?? '';
}

/** The forum has answered Rosa; gives the message. */
async function answered({ db, rosa, rows, service }: Stage): Promise<ChatMessage> {
  await decided(db.pool);
  await rows(`DELETE FROM response WHERE contribution_id IN (SELECT id FROM contribution WHERE identity_id <> 1)`);
  await rows('DELETE FROM contribution WHERE identity_id <> 1');
  const from = rosa.chat.length;
  await acting(service.core.db, { queue: service.core.queue, holdSeconds: 0 }).responses.release(atTerminal());
  return hears(rosa, 'Idea 1', from);
}

const states = ({ rows }: Stage) => rows('SELECT kind, state, closed_by AS by FROM thread ORDER BY opened_at');

test('a question to the organizers reaches them, and the answer that one writes back stands below the words of who asked', async () => {
  const it = await stage(['organizer'], ['forum']);
  const { rosa, ana, ben } = it;
  const before = [ana, ben].map(({ chat }) => chat.length);
  const reference = await asks(it);
  const told = await hears(ana, reference, before[0]);
  expect(told.text).toContain(`A question · ${reference}\n\nWhen is the meeting?`);
  const from = rosa.chat.length;
  const sent = await answers(it, ana, told, 'On Sunday at ten, in the town hall.');
  expect(sent.text).toContain(`Your answer to ${reference} is on its way.`);
  const answer = await hears(rosa, 'On Sunday at ten', from);
  const own = rosa.chat.find(({ text }) => text === 'When is the meeting?');
  expect(answer.replyTo).toBe(own?.messageId);
  expect(await states(it)).toEqual([{ kind: 'question', state: 'answered', by: null }]);
  // The forum was not called for it.
  expect(ben.chat).toHaveLength(before[1] ?? 0);
});

test('whoever was answered goes on by writing back, by their next words too, and can end it', async () => {
  const it = await stage(['organizer']);
  const { rosa, ana } = it;
  const reference = await asks(it);
  const told = await hears(ana, reference);
  const from = rosa.chat.length;
  await answers(it, ana, told, 'On Sunday.');
  const answer = await hears(rosa, 'On Sunday', from);
  let seen = ana.chat.length;
  expect((await after(rosa, () => writesBack(it, rosa, answer, 'And where?'))).text).toContain('passed this on');
  const again = await hears(ana, 'And where?', seen);
  expect(await states(it)).toMatchObject([{ state: 'open' }]);
  await answers(it, ana, again, 'In the town hall.');
  await hears(rosa, 'In the town hall', from);
  seen = ana.chat.length;
  expect((await after(rosa, () => rosa.say('Can I bring my daughter with me?'))).text).toContain('passed this on');
  await answers(it, ana, await hears(ana, 'my daughter', seen), 'Of course.');
  const last = await hears(rosa, 'Of course', from);
  // Thanks are no question.
  await after(rosa, () => rosa.say('Thank you!'));
  expect((await press(rosa, last.buttons[0]?.data ?? '')).text).toContain(`${reference} is closed`);
  expect(await states(it)).toEqual([{ kind: 'question', state: 'closed', by: 'person' }]);
  expect(await it.rows('SELECT count(*)::int AS said FROM thread_message WHERE by IS NULL')).toEqual([{ said: 3 }]);
});

test('members find in /organize how many wait, read one after the other, and answer by pressing a button', async () => {
  const it = await stage(['organizer']);
  const { ana, rosa, db } = it;
  await addThread(db, '1', 'HB-AAAAAAA', { text: 'Who decides?' });
  await addThread(db, '1', 'HB-CCCCCCC', { text: 'Is it binding?', dueAt: new Date('2100-02-01') });
  await addThread(db, '1', 'HB-DDDDDDD', { kind: 'disagreement', text: 'No!' });
  await after(ana, () => ana.command('/organize'));
  const one = await press(ana, 'Answers owed: 2');
  expect(one.text).toContain('A question · HB-AAAAAAA\n\nWho decides?');
  expect(labels(one)).toEqual(['Answer', 'Hand it to another', 'Close it', 'Next ›', '‹ Overview']);
  expect((await press(ana, 'Next ›')).text).toContain('Is it binding?');
  expect((await press(ana, 'Answer')).text).toContain('HB-CCCCCCC:\n\nIs it binding?\n\nWrite your answer');
  const from = rosa.chat.length;
  const said = ana.chat.length;
  await ana.say('It is, for the ministry.');
  expect(labels(await hears(ana, 'Send it to them?', said))).toEqual(['Send', 'Change', 'Do not send']);
  expect((await press(ana, 'Send')).text).toContain('is on its way');
  await hears(rosa, 'It is, for the ministry.', from);
});

test('what is handed to another is told to them, and another’s second answer is not sent', async () => {
  const it = await stage(['organizer'], ['organizer']);
  const { ana, ben, rosa } = it;
  const reference = await asks(it);
  const told = await hears(ana, reference);
  const first = await hears(ben, reference);
  const seen = ben.chat.length;
  await press(ana, 'See all of it');
  await press(ana, 'Hand it to another');
  expect((await press(ana, 'ben of the city')).text).toContain('ben of the city has it now');
  const again = await hears(ben, reference, seen);
  const from = rosa.chat.length;
  await answers(it, ben, again, 'At ten.');
  await hears(rosa, 'At ten.', from);
  expect((await after(ana, () => writesBack(it, ana, told, 'At eleven.'))).text).toContain('answered by another');
  expect(first.text).toContain('When is the meeting?');
  expect(await it.rows('SELECT by FROM thread_message WHERE by IS NOT NULL')).toEqual([{ by: 'ben' }]);
});

test('a disagreement is for the forum, and a new answer of the forum in place of the old one ends it', async () => {
  const it = await stage(['organizer'], ['forum']);
  const { rosa, ana, ben, rows } = it;
  await answered(it);
  await press(rosa, 'I disagree');
  const seen = [ana, ben].map(({ chat }) => chat.length);
  await after(rosa, () => rosa.say('Buses on Sundays cost nothing.'));
  const told = await hears(ben, 'Buses on Sundays', seen[1]);
  expect(told.text).toContain('It is about the answer to HB-1 (included):\n\nIdea 1');
  expect(ana.chat).toHaveLength(seen[0] ?? 0);
  expect(await createThreads(it.db.pool).stances()).toEqual({ accepted: 0, disputed: 1, silent: 0 });
  await rows(`UPDATE contribution SET state = 'decided'`);
  await rows(
    `INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, created_at)
     SELECT gen_random_uuid(), id, 2, 'amendment', 'in', 'co', 'fl', 'Buses are in now', 'be', now() FROM contribution`,
  );
  const from = rosa.chat.length;
  const { db, queue } = it.service.core;
  await acting(db, { queue, holdSeconds: 0 }).responses.release(atTerminal());
  await hears(rosa, 'Buses are in now', from);
  expect(await states(it)).toEqual([{ kind: 'disagreement', state: 'closed', by: 'response' }]);
});

test('whoever answers the message of a response without a button is asked what it is', async () => {
  const it = await stage(['liaison'], ['forum']);
  const { rosa, rows } = it;
  const response = await answered(it);
  const asked = await after(rosa, () => writesBack(it, rosa, response, 'But that is not fair'));
  expect(labels(asked)).toEqual([
    ...['I disagree', 'A question', 'You misunderstood me', 'A new idea', 'Just chatting', 'Clear, thank you'],
  ]);
  await press(rosa, 'You misunderstood me');
  expect(await rows('SELECT kind, response_id IS NOT NULL AS about FROM thread')).toEqual([
    { kind: 'misunderstanding', about: true },
  ]);
});

test('whoever waits is told when it is closed without an answer, and takes it up again by writing back', async () => {
  const it = await stage(['organizer']);
  const { rosa, ana } = it;
  const reference = await asks(it);
  await hears(ana, reference);
  await press(ana, 'See all of it');
  await press(ana, 'Close it');
  const from = rosa.chat.length;
  await press(ana, 'Close it');
  const closed = await hears(rosa, `${reference} has been closed`, from);
  await after(rosa, () => writesBack(it, rosa, closed, 'I still want to know.'));
  expect(await states(it)).toEqual([{ kind: 'question', state: 'open', by: null }]);
});

test('nobody but members answers, whatever they write back to or press', async () => {
  const it = await stage(['organizer'], ['liaison']);
  const { ana, ben, rosa, rows } = it;
  const reference = await asks(it);
  const told = await hears(ana, reference);
  const answer = told.buttons[0]?.data ?? '';
  await after(ben, () => ben.press(answer));
  await after(rosa, () => rosa.press(answer));
  expect(await rows('SELECT count(*)::int AS answers FROM thread_message WHERE by IS NOT NULL')).toEqual([
    { answers: 0 },
  ]);
});

test('on Slack a question is answered in the thread of its words, by a member who writes in the thread of what they were told', async () => {
  const { slack, service } = await startSlackService('http');
  const { db } = service.core;
  await agreed(db.pool, 'slack', 2);
  const it = { rows: async (sql: string) => (await db.pool.query(sql)).rows };
  const [rosa, ana] = [slack.user('U1'), slack.user('U2')];
  const members = createMembers(db.pool);
  const code = { hash: codeHash('ANACODEX'), until: new Date('2100-01-01') };
  await members.put({ id: 'ana', name: 'Ana', roles: ['organizer'], organization: null, side: null }, code);
  await ana.say('member_ANACODEX');
  await hears(ana, 'belongs to Ana');
  await rosa.slash('ask');
  await hears(rosa, 'What would you like to ask?');
  await rosa.say('When is the meeting?');
  await hears(rosa, 'a person will answer you here');
  const told = await hears(ana, 'When is the meeting?');
  const from = rosa.chat.length;
  await writesBack(it, ana, told, 'On Sunday.');
  const asked = await hears(ana, 'Send it to them?');
  await ana.press('Send', asked);
  const answer = await hears(rosa, 'On Sunday.', from);
  const own = rosa.chat.find(({ text }) => text === 'When is the meeting?');
  expect(answer.thread).toBe(own?.messageId.toFixed(6));
  const seen = ana.chat.length;
  await writesBack(it, rosa, answer, 'And where?');
  expect((await hears(ana, 'And where?', seen)).text).toContain('A question');
});

test('what a member reads of somebody’s question is their words and its number, and nothing of who they are', async () => {
  const it = await stage(['organizer']);
  const { ana, rows } = it;
  await rows(`UPDATE identity SET name = 'Rosa Luxemburg', place = 'north' WHERE id = 1`);
  const reference = await asks(it);
  await hears(ana, reference);
  const payloads = await rows(`SELECT payload FROM delivery WHERE thread_id IS NOT NULL AND identity_id = 2`);
  const shown = JSON.stringify([payloads, ana.chat]);
  for (const personal of ['Luxemburg', 'north', 'telegram:4711:1']) expect(shown).not.toContain(personal);
});
