import { expect, test } from 'vitest';
import { pieces, safeAddress } from '../../../../src/interfaces/web/console/links.ts';
import { acceptedLanguages, directionOf } from '../../../../src/interfaces/web/console/reader.ts';

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '//x',
  'x',
])('%j leads nowhere', (written) => {
  expect(safeAddress(written)).toBeNull();
});

test('addresses in words are links, without the sign that ends the sentence; all else stays words', () => {
  expect(pieces('See https://city.example/plan?a=1, or http://x.example. javascript:alert(1)')).toEqual([
    { text: 'See ', address: null },
    { text: 'https://city.example/plan?a=1', address: 'https://city.example/plan?a=1' },
    { text: ', or ', address: null },
    { text: 'http://x.example', address: 'http://x.example/' },
    { text: '. javascript:alert(1)', address: null },
  ]);
  expect(pieces('javascript:https://city.example').filter(({ address }) => address?.startsWith('javascript'))).toEqual(
    [],
  );
  expect(pieces('')).toEqual([]);
});

test('what a browser likes best comes first; what it refuses, or nobody understands, does not come', () => {
  expect(acceptedLanguages('en;q=0.5, fr-CH, de;q=0, *, es;q=0.7, x"y')).toEqual(['fr-CH', 'es', 'en']);
  expect(acceptedLanguages('')).toEqual([]);
});

test('languages are read from the side from which their script is', () => {
  expect(['en', 'ar', 'fa-AF', 'he', 'ur', 'uz-Arab', 'zh'].map(directionOf)).toEqual([
    'ltr',
    'rtl',
    'rtl',
    'rtl',
    'rtl',
    'rtl',
    'ltr',
  ]);
});
