import { expect, test } from 'vitest';
import type { ChatMessage } from '../../src/sandbox/chat.ts';
import { join } from '../../src/sandbox/people.ts';
import type { SandboxUser } from '../../src/sandbox/telegramPerson.ts';
import { triage } from '../support/happens.ts';
import { after, asks, type Hearback, hearback, receipt, referenceIn } from '../support/hearback.ts';
import { contributionsIn } from '../support/kept.ts';

const ID = 1;

/** Somebody who has joined, and what their app sends: messages of any shape. */
async function onStage() {
  const stage = await hearback();
  const ana = stage.telegram.user(ID, { language: 'en' });
  await join(ana);
  await after(ana, () => ana.command('/cancel'));
  const seconds = Math.floor(Date.now() / 1000);
  const base = { date: seconds, chat: { id: ID, type: 'private' }, from: { id: ID, is_bot: false, first_name: 'Ana' } };
  return {
    stage,
    ana,
    sends: (message_id: number, content: object) =>
      stage.telegram.offer({ message: { message_id, ...base, ...content } }),
    changes: (message_id: number, content: object) =>
      stage.telegram.offer({ edited_message: { message_id, ...base, edit_date: seconds, ...content } }),
  };
}

const photo = (name: string, file_size = 9) => ({
  photo: [{ file_id: `id-of-${name}`, file_unique_id: name, width: 90, height: 90, file_size }],
});

const kept = async ({ service }: Hearback) =>
  (await contributionsIn(service.core.db.pool)).map(({ text, version, attachments }) => [
    text,
    version,
    attachments.map(({ unique }) => unique),
  ]);

/** What the bot has said to it: nothing more comes before the answer to a command that follows. */
async function saidTo(ana: SandboxUser, act: () => Promise<void>): Promise<string[]> {
  const from = ana.chat.length;
  await act();
  const help = (message: ChatMessage) => message.text.includes('/idea – share an idea');
  await after(ana, () => ana.command('/help'), help);
  const said = ana.chat.slice(from).filter(({ from: who }) => who === 'bot');
  return said.filter((message) => !help(message)).map(({ text }) => text);
}

test('an edit that changes no words makes no new version and is met with silence, whatever the forum has begun with', async () => {
  const { stage, ana, sends, changes } = await onStage();
  await after(ana, () => sends(900, { text: 'A bench, see https://city.example' }), receipt);
  const preview = { text: 'A bench, see https://city.example', link_preview_options: { is_disabled: true } };
  expect(await saidTo(ana, () => changes(900, preview))).toEqual([]);
  await triage(stage.service.core.db.pool);
  expect(await saidTo(ana, () => changes(900, preview))).toEqual([]);
  expect(await kept(stage)).toEqual([['A bench, see https://city.example', 1, []]]);
  expect((await saidTo(ana, () => changes(900, { text: 'Two benches' })))[0]).toContain('can no longer be changed');
});

test('a photo put in the place of another takes its place in the record, with the words or without', async () => {
  const { stage, ana, sends, changes } = await onStage();
  const told = await after(ana, () => sends(900, { ...photo('old'), caption: 'The bridge' }), receipt);
  const reference = referenceIn(told);
  expect(await saidTo(ana, () => changes(900, { ...photo('old'), caption: 'The bridge' }))).toEqual([]);
  const same = photo('old').photo.map((size) => ({ ...size, file_id: 'another id of it' }));
  expect(await saidTo(ana, () => changes(900, { photo: same, caption: 'The bridge' }))).toEqual([]);
  expect(await saidTo(ana, () => changes(900, { ...photo('new'), caption: 'The bridge' }))).toEqual([
    `Done. ${reference} now has the new file.`,
  ]);
  expect(await kept(stage)).toEqual([['The bridge', 2, ['new']]]);
  expect(await saidTo(ana, () => changes(900, { ...photo('newer'), caption: 'The old bridge' }))).toEqual([
    `Done. ${reference} now says what you just wrote.\n\nDone. ${reference} now has the new file.`,
  ]);
  const large = { document: { file_id: 'x', file_unique_id: 'x', file_size: 21 * 1024 * 1024 } };
  expect(await saidTo(ana, () => changes(900, { ...large, caption: 'The old bridge' }))).toEqual([
    `The new file is too large for me. ${reference} keeps the one from before.`,
  ]);
  expect(await kept(stage)).toEqual([['The old bridge', 3, ['newer']]]);
});

test('a document that bots cannot fetch is refused at once, in the language of the person, and recorded nowhere', async () => {
  const { stage, ana, sends } = await onStage();
  const document = { file_id: 'x', file_unique_id: 'x', file_size: 21 * 1024 * 1024 };
  expect(await saidTo(ana, () => sends(900, { document }))).toEqual([expect.stringContaining('at most')]);
  expect(await kept(stage)).toEqual([]);
  await after(ana, () => sends(901, { document, caption: 'The minutes of the council' }), receipt);
  expect(await kept(stage)).toEqual([['The minutes of the council', 1, []]]);
});

test('the rest of a long text goes to the contribution that its beginning has become, also while that is being changed', async () => {
  const { stage, ana, sends, changes } = await onStage();
  const [first, second, third] = ['one '.repeat(1000).trim(), 'two '.repeat(1000).trim(), 'three'];
  const reference = referenceIn(await after(ana, () => sends(900, { text: 'A bench by the river' }), receipt));
  await after(ana, () => ana.command('/mine'), asks);
  const says = (words: string) => (message: ChatMessage) => message.text.includes(words);
  await after(ana, () => ana.press('Change it'), says('says now'));
  const added = says(`I have added the rest of your message to ${reference}.`);
  await after(ana, () => sends(901, { text: first }), says('says what you just wrote'));
  await after(ana, () => sends(902, { text: second }), added);
  expect(await saidTo(ana, () => sends(903, { text: second }))).toEqual([]);
  await after(ana, () => sends(904, { text: third }), added);
  // What the first message said has been written anew; each piece of that can be edited by itself.
  await saidTo(ana, () => changes(900, { text: 'A chair' }));
  expect(await kept(stage)).toEqual([[`${first} ${second} ${third}`, 4, []]]);
  await saidTo(ana, () => changes(902, { text: 'TWO' }));
  expect(await kept(stage)).toEqual([[`${first} TWO ${third}`, 5, []]]);
});

test('what is odd in an update costs neither the words nor the database anything, and is answered where it was said', async () => {
  const { stage, ana, sends } = await onStage();
  const late = { date: 253_402_300_800, message_thread_id: 7 };
  await after(ana, () => sends(900, { ...late, text: 'A b\0ench by the lake \uD83D' }), receipt);
  const album = { media_group_id: 'a\0\uD83D', caption: 'by the \0river' };
  const question = await after(ana, () => sends(901, { ...photo('a\0'), ...album, ...late }), asks);
  expect(question).toMatchObject({ topic: 7, text: expect.stringContaining('Shall I add this to your idea') });
  expect(await after(ana, () => ana.press('Yes, add it'), receipt)).toMatchObject({ topic: 7 });
  expect(await kept(stage)).toEqual([['A bench by the lake \uFFFD\n\nby the river', 2, ['a']]]);
  const times = await stage.rows(`SELECT submitted_at < now() + interval '1 day' AS now FROM contribution`);
  expect(times).toEqual([{ now: true }]);
});

test('what Telegram itself tells in a chat, and a live place that moves, is met with silence', async () => {
  const { ana, sends, changes } = await onStage();
  const place = { latitude: 38.7, longitude: -9.1, live_period: 900 };
  const read = await saidTo(ana, () => sends(900, { location: place }));
  expect(read).toEqual([expect.stringContaining('cannot read this kind')]);
  for (const latitude of [1, 2, 3])
    expect(await saidTo(ana, () => changes(900, { location: { ...place, latitude } }))).toEqual([]);
  for (const told of [{ pinned_message: { message_id: 1 } }, { message_auto_delete_timer_changed: {} }, { gift: {} }])
    expect(await saidTo(ana, () => sends(901, told))).toEqual([]);
});
