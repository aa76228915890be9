import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TELEGRAM_LIMITS } from '../../src/channels/telegram/limits.ts';
import { render, type TelegramPart } from '../../src/channels/telegram/render.ts';
import type { Block } from '../../src/core/message.ts';
import { split } from '../../src/core/split.ts';

const MOST = TELEGRAM_LIMITS.text;
const runs = { numRuns: 150, seed: 20_261_124 };

const ALPHABETS = [
  'word',
  'Straße',
  '想法',
  'नमस्ते',
  '👩‍👩‍👧',
  '🇪🇸',
  'e\u0301',
  '*_`<b>&',
  'x'.repeat(50),
  'end.',
  'ok?',
];
const gaps = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '  ', '\t');
const words = fc.array(
  fc.tuple(fc.constantFrom(...ALPHABETS), gaps).map(([word, gap]) => word + gap),
  {
    minLength: 1,
    maxLength: 700,
    size: 'max',
  },
);
const block = fc.record({
  kind: fc.constantFrom<Block['kind']>('text', 'heading', 'quote'),
  text: words.map((list) => list.join('')),
});
const blocks = fc.array(block, { minLength: 1, maxLength: 6 });

const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const spans = (part: TelegramPart, types: readonly string[]): string[] =>
  part.entities
    .filter((entity) => types.includes(entity.type))
    .map((entity) => part.text.slice(entity.offset, entity.offset + entity.length));

test('a message of any length arrives with all its words, in parts that Telegram takes', () => {
  fc.assert(
    fc.property(blocks, (given) => {
      const parts = render({ blocks: given });
      expect(parts.flatMap(({ text }) => wordsIn(text))).toEqual(given.flatMap(({ text }) => wordsIn(text)));
      for (const { text } of parts) {
        expect(text.length).toBeLessThanOrEqual(MOST);
        expect(text.trim()).not.toBe('');
      }
    }),
    runs,
  );
});

test('entities lie inside their part and cover what they are about, and nothing else', () => {
  fc.assert(
    fc.property(blocks, (given) => {
      const parts = render({ blocks: given });
      for (const { text, entities } of parts) {
        for (const { offset, length } of entities) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(text.length);
        }
      }
      const shownAs = [
        [['blockquote', 'expandable_blockquote'], 'quote'],
        [['bold'], 'heading'],
      ] as const;
      for (const [types, kind] of shownAs) {
        const shown = parts.flatMap((part) => spans(part, types)).flatMap(wordsIn);
        expect(shown).toEqual(given.filter((one) => one.kind === kind).flatMap(({ text }) => wordsIn(text)));
      }
    }),
    runs,
  );
});

test('no character is torn, and no half of one sent', () => {
  const clusters = fc.array(fc.constantFrom('👩‍👩‍👧', '🇪🇸', 'e\u0301', '想', '𝒜', 'नि'), {
    minLength: 500,
    maxLength: 3000,
    size: 'max',
  });
  fc.assert(
    fc.property(clusters, (list) => {
      const text = list.join('');
      const pieces = split(text, 400);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      const whole = new Set([...new Intl.Segmenter().segment(text)].map(({ index }) => index));
      for (const piece of pieces) expect(whole.has(piece.from)).toBe(true);
    }),
    { ...runs, numRuns: 30 },
  );
});

/** What people paste: every kind of markup, scripts in both directions, what is shown as one and is many, what is not shown. */
const PASTED = [
  ...[
    '*',
    '_',
    '`',
    '~~',
    '||',
    '[a](b)',
    '<b>',
    '</b>',
    '&amp;',
    '\\',
    '@ada',
    '#tag',
    '/stop',
    'https://a.example/?b=1',
  ],
  ...[
    'مرحبا',
    'שלום',
    '\u200F',
    '\u202E',
    '\u2067',
    '想法',
    'नमस्ते',
    'ภาษา',
    '한국어',
    'e\u0301\u0323',
    '\u0301',
    'Z\u0351\u036F\u0322',
  ],
  ...['👩‍👩‍👧‍👦', '🏳️‍🌈', '🇪🇸', '🇫🇷', '🧑🏿‍🚀', '👍🏽', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '𝒜'],
  ...[
    '\u200B',
    '\u200D',
    '\uFEFF',
    '\u2060',
    '\u00AD',
    '\u00A0',
    ' ',
    ' ',
    ' ',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '.',
    '! ',
    '。',
  ],
];
const pasted = fc
  .array(fc.constantFrom(...PASTED), { minLength: 1, maxLength: 60 })
  .chain((list) => fc.integer({ min: 1, max: 40 }).map((times) => list.join('').repeat(times)));

test('whatever is pasted arrives as it was, but for the blanks where it was cut, and no character is torn', () => {
  fc.assert(
    fc.property(pasted, (text) => {
      const parts = render({ blocks: [{ kind: 'quote', text }] }).filter((part) => part.text !== '');
      expectWhole(
        text,
        parts.map((part) => part.text),
        MOST,
      );
      for (const part of parts) {
        const type = text.length > 200 ? 'expandable_blockquote' : 'blockquote';
        expect(part.entities).toEqual([{ type, offset: 0, length: part.text.length }]);
        expect(UNSEEN.test(part.text)).toBe(false);
      }
      const short = split(text, 100);
      expectWhole(
        text,
        short.map((piece) => piece.text),
        100,
      );
      for (const { from, text: piece } of short) expect(text.slice(from, from + piece.length)).toBe(piece);
    }),
    { ...runs, numRuns: 400 },
  );
});

/** All that can be seen of a text is in its pieces, in order, and each begins and ends between two characters. */
function expectWhole(text: string, pieces: string[], most: number): void {
  const characters = new Intl.Segmenter().segment(text);
  const isEdge = (at: number): boolean => {
    const found = characters.containing(at);
    return found === undefined || found.index === at || found.segment.length > most;
  };
  let end = 0;
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(most);
    const from = text.indexOf(piece, end);
    expect(from).toBeGreaterThanOrEqual(end);
    expect(UNSEEN.test(text.slice(end, from))).toBe(true);
    end = from + piece.length;
    expect([isEdge(from), isEdge(end)]).toEqual([true, true]);
  }
  expect(UNSEEN.test(text.slice(end))).toBe(true);
}

/** Telegram refuses a message in which there is nothing to be seen. */
const UNSEEN = /^[\s\p{Cc}\p{Cf}\u2800\u3164]*$/u;

test('a single character of boundless length is cut between its halves', () => {
  const heaped = `a${'\u{1D167}'.repeat(5000)}`;
  const pieces = split(heaped, MOST);
  expect(pieces.map(({ text }) => text).join('')).toBe(heaped);
  for (const { text } of pieces) {
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThanOrEqual(MOST);
  }
});

test.each([
  ['a paragraph', 'First one. Second.\n\nThird one is long', ['First one. Second.', 'Third one is long']],
  ['a sentence', 'It costs 12.50 each. And more words', ['It costs 12.50 each.', 'And more words']],
  ['a word', 'seventeen point 12.5 trees and more', ['seventeen point 12.5', 'trees and more']],
  [
    'a full-width sentence',
    '我们需要更多的树和长椅在河边。还有更多的灯光',
    ['我们需要更多的树和长椅在河边。', '还有更多的灯光'],
  ],
])('the cut comes after %s', (_, text, expected) => {
  const most = expected[0] === '我们需要更多的树和长椅在河边。' ? 20 : 22;
  expect(split(text, most).map((piece) => piece.text)).toEqual(expected);
});

test('blanks are not messages of their own', () => {
  expect(render({ blocks: [{ kind: 'text', text: `${' '.repeat(5000)}words${'\n'.repeat(9000)}` }] })).toHaveLength(1);
});

test('half a character does not cost the message, and what no text has moves no mark', () => {
  const dirty = {
    blocks: [
      { kind: 'text' as const, text: 'a\0b' },
      { kind: 'heading' as const, text: 'c\0d' },
    ],
  };
  const choices = [{ label: 'e\0f\uD83D', data: 'a.yes' }];
  expect(render({ ...dirty, choices })).toMatchObject([
    { text: 'ab\n\ncd', entities: [{ type: 'bold', offset: 4, length: 2 }], keyboard: [[{ text: 'ef\uFFFD' }]] },
  ]);
  const [part] = render({ blocks: [{ kind: 'quote', text: 'bench \uD83D here' }] });
  expect(part).toMatchObject({ text: 'bench \uFFFD here', entities: [{ type: 'blockquote', offset: 0, length: 12 }] });
});

test('buttons are one a row under the last part, links below choices, long labels shortened', () => {
  const choices = [
    { label: 'Yes', data: 'a.yes' },
    { label: 'é'.repeat(100), data: 'a.long' },
  ];
  const links = [{ label: 'The plan', url: 'https://plan.example' }];
  const parts = render({ blocks: [{ kind: 'text', text: 'word '.repeat(1500) }], choices, links });
  expect(parts.map(({ keyboard }) => keyboard.length)).toEqual([0, 3]);
  expect(parts[1]?.keyboard).toEqual([
    [{ text: 'Yes', callback_data: 'a.yes' }],
    [{ text: `${'é'.repeat(63)}…`, callback_data: 'a.long' }],
    [{ text: 'The plan', url: 'https://plan.example' }],
  ]);
});

test('a button is never blank', () => {
  const blank = ['', ' ', '\u200b\u3164', '\u2800', '\u00ad'].map((label, index) => ({ label, data: `a.${index}` }));
  const links = [{ label: '\u2060', url: 'https://plan.example' }];
  const [part] = render({ blocks: [{ kind: 'text', text: 'Which?' }], choices: blank, links });
  expect(part?.keyboard.flat().map(({ text }) => text)).toEqual(['…', '…', '…', '…', '…', '…']);
});

test('a document takes the words as its caption while they fit, and comes after them when they do not', () => {
  const file = { name: 'plan.pdf', mime: 'application/pdf', url: 'https://plan.example/plan.pdf' };
  const textOf = (length: number) => [{ kind: 'text' as const, text: 'x'.repeat(length) }];
  const shape = (length: number) =>
    render({ blocks: textOf(length), file }).map((part) => [part.text.length, part.file !== undefined]);
  expect(shape(0)).toEqual([[0, true]]);
  expect(shape(1024)).toEqual([[1024, true]]);
  expect(shape(1025)).toEqual([
    [1025, false],
    [0, true],
  ]);
});

test('a long quotation is folded, a short one stands open', () => {
  const typeOf = (text: string) => render({ blocks: [{ kind: 'quote', text }] })[0]?.entities[0]?.type;
  expect(typeOf('Publish every contract')).toBe('blockquote');
  expect(typeOf('Publish every contract. '.repeat(20))).toBe('expandable_blockquote');
});
