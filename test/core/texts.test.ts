import { expect, test } from 'vitest';
import { spoken, textFor } from '../../src/core/texts.ts';

const SPOKEN = ['en', 'es', 'pt-BR'];

test.each([
  ['es', 'es'],
  ['es-419', 'es'],
  ['es_PE', 'es'],
  ['pt', 'pt-BR'],
  ['pt-PT', 'pt-BR'],
])('somebody whose platform says %s is talked with in %s', (wish, language) => {
  expect(spoken([wish], SPOKEN)).toBe(language);
});

test.each(['qu', 'ay', 'gn', 'gl'])(
  'whoever speaks %s is talked with in the language that they read beside it',
  (wish) => {
    expect(spoken([wish], SPOKEN)).toBe('es');
  },
);

test('the first wish that can be met counts, also before one that could be met better', () => {
  expect(spoken([null, 'de', 'pt-PT', 'es'], SPOKEN)).toBe('pt-BR');
});

test.each(['de', 'not a language', '', 'x'])(
  'where nothing is near "%s" it is the first language of the process',
  (wish) => {
    expect(spoken([wish], SPOKEN)).toBe('en');
  },
);

test('a text is read in the nearest language that it is written in, then in the given order', () => {
  const texts = { es: 'Hola', fr: 'Bonjour' };
  expect([textFor(texts, 'es-MX'), textFor(texts, 'de', ['fr']), textFor(texts, 'de')]).toEqual([
    'Hola',
    'Bonjour',
    'Hola',
  ]);
});
