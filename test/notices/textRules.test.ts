import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelObjection, textObjection } from '../../src/notices/textRules.ts';

describe('a text is taken as it is written', () => {
  it.each([
    ['markup of every kind', '*a* _b_ `c` <b>d</b> [e](f) &amp; <!channel> {g} \\h'],
    ['right to left, with its marks', 'مرحبا \u200fبكم\u200f — \u202bHello\u202c'],
    ['emoji sequences', '👩‍👩‍👧‍👦 🇺🇦 👍🏽 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['zero-width characters within words', 'क्\u200dष نمی\u200cخواهم a\u200bb'],
    ['ten thousand characters', 'x'.repeat(10_000)],
    ['a single sign', '?'],
  ])('%s', (_, text) => {
    expect(textObjection(text)).toBe(null);
  });
});

describe('a text is refused', () => {
  it.each([
    ['of nothing that can be seen', ' \u200b\u200d\u2060\u00a0\u3164\u2800\ufeff', /nothing in it that can be seen/],
    ['that is too long', 'x'.repeat(10_001), /10001 characters, at most 10000/],
    ['with a character of control, by its line', 'a\nb\u0000c', /^line 2 .*U\+0000/],
    ['with half a character', 'a \ud83d b', /U\+D83D/],
    ['that was read in the wrong encoding', 'Espa\ufffda', /U\+FFFD/],
  ])('%s', (_, text, words) => {
    expect(textObjection(text)).toMatch(words);
  });

  it('as a label, where a button would cut or break it', () => {
    expect(labelObjection('x'.repeat(65))).toMatch(/65 characters, at most 64/);
    expect(labelObjection('Yes\nNo')).toMatch(/one line/);
    expect(labelObjection('Sí, de acuerdo')).toBe(null);
  });
});

it('says the same of a text whatever stands around it, as long as it is seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
      if (textObjection(text) === null) expect(textObjection(`${text}.`)).toBe(null);
    }),
  );
});
