import { expect, test } from 'vitest';
import { readFlows } from '../../../../src/conversation/flow/source/load.ts';
import { passagesIn, readingEase } from '../../../../src/conversation/flow/source/readingEase.ts';

const easeOf = (words: string, language: string) =>
  readingEase([{ language, place: 'here', words }])[0]?.ease ?? Number.NaN;

test.each([
  [
    'en',
    'The cat sat on the mat. It was warm.',
    'Institutional accountability necessitates comprehensive documentation.',
  ],
  [
    'es',
    'El gato come pan. La casa es roja.',
    'La institucionalización administrativa imposibilita determinadas reclamaciones.',
  ],
  [
    'fr',
    'Le chat mange du pain. Il est bon.',
    'L’institutionnalisation administrative complique considérablement les réclamations.',
  ],
])('in %s short words and sentences are easier than long ones', (language, easy, hard) => {
  expect(easeOf(easy, language)).toBeGreaterThan(90);
  expect(easeOf(hard, language)).toBeLessThan(20);
});

test('the figure is that of the formula: words of a sentence, and syllables of a word', () => {
  // Ten words of eleven syllables, in two sentences.
  const ease = 206.835 - 84.6 * (11 / 10) - 1.015 * (10 / 2);
  expect(easeOf('We read all of it. Then you get an answer.', 'en')).toBe(Math.round(ease));
});

test('a text that is hard by itself is named with its place', () => {
  const words =
    'The multi-stakeholder forum’s administrative representatives are deliberating comprehensively about participatory opportunities in all municipalities.';
  const [read] = readingEase([
    { language: 'en', place: 'idea.flow.yaml:3', words },
    { language: 'en', place: 'idea.flow.yaml:9', words: 'Thank you.' },
  ]);
  expect(read?.hard.map(({ place }) => place)).toEqual(['idea.flow.yaml:3']);
});

test('everything that people read is plain in every language', async () => {
  const read = readingEase(passagesIn(await readFlows('flows')));
  expect(read.map(({ language }) => language)).toEqual(['en', 'es', 'fr']);
  for (const { language, ease } of read) expect(ease, language).toBeGreaterThan(75);
});
