import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUpdate } from '../../src/channels/telegram/parse.ts';

const BOT = 4711;
const NOW = 1_795_000_000_000;

interface Fixture {
  what: string;
  update: unknown;
  content: unknown;
}

/** Updates in the shapes that the Bot API documents, with what they are to the application; null: not for us. */
const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/telegram/updates.json', import.meta.url), 'utf8'),
) as Fixture[];

test.each(fixtures)('$what', ({ update, content }) => {
  expect(parseUpdate(update, BOT, NOW)?.inbound.content ?? null).toEqual(content);
});

const said = (message: object = {}, from: object = {}) => ({
  update_id: 90,
  message: {
    message_id: 12,
    date: 1_700_000_000,
    chat: { id: 55, type: 'private' },
    from: { id: 55, is_bot: false, first_name: 'Ada', language_code: 'es-MX', ...from },
    text: 'hello',
    ...message,
  },
});

test('an update says who, where, when and under which id that never comes again', () => {
  expect(parseUpdate(said(), BOT, NOW)?.inbound).toEqual({
    id: 'telegram:4711:90',
    sender: { key: 'telegram:4711:55', channel: 'telegram', address: '55', language: 'es-MX', name: 'Ada' },
    content: { kind: 'text', text: 'hello', messageId: '12' },
    at: 1_700_000_000_000,
  });
});

test('what happens to a group is told by whoever did it, in their private chat, or else by the group itself', () => {
  const senderOf = (what: string) => {
    const { key, address } =
      parseUpdate(fixtures.find((one) => one.what === what)?.update, BOT, NOW)?.inbound.sender ?? {};
    return [key, address];
  };
  const ada = ['telegram:4711:55', '55'];
  expect(senderOf('the bot added to a group')).toEqual(ada);
  expect(senderOf("the bot made a channel's administrator")).toEqual(ada);
  expect(senderOf('the bot thrown out of a group')).toEqual(ada);
  const hidden = 'the bot thrown out by somebody who hides behind the group';
  expect(senderOf(hidden)).toEqual(['telegram:4711:-100123', '-100123']);
  // Else the person would be written to in the group from then on.
  expect(senderOf('a group that becomes a supergroup')).toEqual(['telegram:4711:-55', '-55']);
});

test('a pressed button has an id to be answered, and the time of its arrival', () => {
  const press = fixtures.find(({ what }) => what === 'a pressed button')?.update;
  expect(parseUpdate(press, BOT, NOW)).toMatchObject({ callbackId: '4382bfdwdsb323b2d9', inbound: { at: NOW } });
});

test.each([
  ['/start', 'start', ''],
  ['/start spring_poster-3', 'start', 'spring_poster-3'],
  ['/Start@hearback_bot  poster', 'start', 'poster'],
  ['  /help\n', 'help', ''],
  ['/idea More trees\nand benches', 'idea', 'More trees\nand benches'],
])('%j is a command', (text, name, argument) => {
  expect(parseUpdate(said({ text }), BOT, NOW)?.inbound.content).toEqual({ kind: 'command', name, argument });
});

test.each(['/', '/etc/hosts is open', '/ idea', 'see /help', '//start', '/start! now', 'stop', '/é'])(
  '%j is words',
  (text) => {
    expect(parseUpdate(said({ text }), BOT, NOW)?.inbound.content).toMatchObject({ kind: 'text', text });
  },
);

test('a command that somebody passes on is words, whoever has said it', () => {
  for (const id of [55, 77]) {
    const forward_origin = { type: 'user', date: 1, sender_user: { id, is_bot: false, first_name: 'Eve' } };
    const content = parseUpdate(said({ text: '/stop', forward_origin }), BOT, NOW)?.inbound.content;
    expect(content).toMatchObject({ kind: 'text', text: '/stop' });
  }
});

test('characters that no database takes are left out, everywhere', () => {
  const dirty = 'a\0b\uD83Dc';
  const clean = 'ab\uFFFDc';
  const inbound = parseUpdate(said({ text: dirty }, { first_name: dirty, language_code: 'e\0n' }), BOT, NOW)?.inbound;
  expect(inbound).toMatchObject({ content: { text: clean }, sender: { name: clean, language: 'en' } });
  const document = { file_id: dirty, file_name: dirty, mime_type: dirty };
  const media = parseUpdate(said({ text: undefined, caption: dirty, document }), BOT, NOW)?.inbound.content;
  expect(media).toMatchObject({ caption: clean, attachment: { ref: clean, name: clean, mime: clean } });
});

test('a time that no calendar holds does not cost the message', () => {
  for (const date of [-1, 1e300, 'now', null, 1.5]) {
    const inbound = parseUpdate(said({ date }), BOT, NOW)?.inbound;
    expect(inbound).toMatchObject({ at: NOW, content: { text: 'hello' } });
  }
});

test('what is not needed may be of another shape than expected, and costs no word', () => {
  const sizes = [{ file_unique_id: 'u' }, { file_id: 'large', file_unique_id: 'u' }, null];
  const photo = parseUpdate(said({ text: undefined, caption: 'The plan', photo: sizes }), BOT, NOW)?.inbound;
  expect(photo?.content).toMatchObject({ kind: 'media', caption: 'The plan', attachment: { ref: 'large' } });
  const named = parseUpdate(said({}, { first_name: null }), BOT, NOW)?.inbound;
  expect(named).toMatchObject({ sender: { name: null }, content: { text: 'hello' } });
});

test.each([
  ['words', said({ text: 7 })],
  ['a photo of which no size can be read', said({ text: undefined, caption: 'The plan', photo: [{ width: 9 }] })],
  ['a sender', said({ from: 'Ada' })],
  ['a chat', said({ chat: 55 })],
  ['a message', { update_id: 90, message: 'hello' }],
  ['changed words', { update_id: 90, edited_message: said({ text: {} }).message }],
  ['a press', { update_id: 90, callback_query: { id: 7 } }],
  ['an arrival', { update_id: 90, my_chat_member: {} }],
  ['a group that moves', said({ chat: { id: -5, type: 'group' }, migrate_to_chat_id: '-1009' })],
])('%s of another shape than documented cannot be read, which is said without what stands there', (_, update) => {
  expect(() => parseUpdate(update, BOT, NOW)).toThrow(/^of another shape than expected: [a-z_0-9., ]+$/);
});

test.each([
  ['no update', { message: { text: 7 } }],
  ['a kind that is not asked for', { update_id: 90, poll_answer: { text: 7 } }],
  ['what people say in a group', said({ chat: { id: -5, type: 'group' }, text: 7 })],
  ['what Telegram itself tells', said({ text: 7, pinned_message: {} })],
])('%s is not for us in any shape', (_, update) => {
  expect(parseUpdate(update, BOT, NOW)).toBeNull();
});

test('whatever comes, it is an update of a known shape or nothing, or has a number to be kept under', () => {
  const keys = fc.constantFrom(...KEYS);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('private', 'group', 'left', 'member', 1, 55),
      tie('object'),
    ),
    object: fc.dictionary(keys, tie('tree'), { maxKeys: 12 }),
  }));
  const broken = fc.tuple(keys, keys, tree).map(([first, second, value]) => spoilt(first, second, value));
  fc.assert(
    fc.property(fc.oneof(tree, broken), (raw) => {
      const parsed = parsedOrNumber(raw);
      if (typeof parsed === 'number') return void expect(Number.isSafeInteger(parsed)).toBe(true);
      if (!parsed) return;
      const { inbound } = parsed;
      expect(inbound.id).toMatch(/^telegram:4711:-?\d+$/);
      expect(inbound.sender.key).toMatch(/^telegram:4711:-?\d+$/);
      expect(Number.isNaN(new Date(inbound.at).getTime())).toBe(false);
      const written = JSON.stringify(inbound);
      expect(written).not.toContain('\\u0000');
      expect(written).not.toMatch(/\\ud[89a-f]/i);
    }),
    { numRuns: 3000, seed: 20_261_124 },
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

const KEYS = [
  ...['update_id', 'message', 'edited_message', 'callback_query', 'my_chat_member', 'message_id', 'date', 'chat'],
  ...[
    'from',
    'text',
    'caption',
    'photo',
    'voice',
    'document',
    'id',
    'type',
    'data',
    'new_chat_member',
    'status',
    'old_chat_member',
  ],
  ...[
    'first_name',
    'file_id',
    'migrate_to_chat_id',
    'title',
    'is_member',
    '__proto__',
    'constructor',
    'polluted',
    'toString',
  ],
];

/** The number of what cannot be read. */
function parsedOrNumber(raw: unknown): ReturnType<typeof parseUpdate> | number {
  try {
    return parseUpdate(raw, BOT, NOW);
  } catch {
    return (raw as { update_id: number }).update_id;
  }
}

/** A good update with one place spoilt. */
function spoilt(first: string, second: string, value: unknown): unknown {
  const update: Record<string, unknown> = said();
  const inner = update[first];
  if (typeof inner === 'object' && inner !== null) return { ...update, [first]: { ...inner, [second]: value } };
  return { ...update, [first]: value };
}
