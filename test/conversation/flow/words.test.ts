import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charactersIn, hasWords } from '../../../src/conversation/flow/words.ts';

test.each([
  ['Mend the road', 3],
  ['希望公开所有政府采购合同', 3],
  ['เปิดเผยสัญญาของรัฐทั้งหมด', 3],
  ['すべての契約を公開してください', 3],
  ['انشروا جميع العقود', 3],
])('words are counted in any script: "%s"', (text, least) => {
  expect(hasWords(text, least)).toBe(true);
  expect(hasWords(text, 50)).toBe(false);
});

test.each(['', '   ', '?!', '🙂🙂🙂'])('"%s" has no words', (text) => expect(hasWords(text, 1)).toBe(false));

test('whoever has so many words has fewer too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, least) => {
      expect(!hasWords(text, least + 1) || hasWords(text, least)).toBe(true);
    }),
  );
});

test('characters of one letter each are counted as all others', () => {
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const unit = fc.oneof(fc.integer({ min: 0, max: 0x530 }), fc.integer({ min: 0x2000, max: 0x2030 }));
  fc.assert(
    fc.property(fc.array(unit), (codes) => {
      const text = String.fromCodePoint(...codes);
      expect(charactersIn(text)).toBe([...graphemes.segment(text)].length);
    }),
  );
});

test.each([
  ['👨‍👩‍👧', 1],
  ['🇫🇷', 1],
  ['e\u0301', 1],
  ['நி', 1],
  ['路灯', 2],
])('characters are counted as people see them: "%s"', (text, count) => expect(charactersIn(text)).toBe(count));
