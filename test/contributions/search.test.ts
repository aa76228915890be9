import { expect, test } from 'vitest';
import { filterText, queryOf, readFilter } from '../../src/contributions/filterText.ts';
import { type ContributionFilter, MOST_SEARCH, readSearch } from '../../src/contributions/search.ts';
import { UserError } from '../../src/core/errors.ts';
import { folded, neighbours } from '../../src/core/fold.ts';

test('words are compared without accents, vowel signs, capitals and what nobody sees', () => {
  expect(folded('  Educación\tPÚBLICA \u202Eoculta\u0000 ')).toBe('educacion publica oculta');
  expect(folded('Straße Łódź cœur')).toBe('strasse lodz coeur');
  expect(folded('مُشَارَكَة')).toBe(folded('مشاركة'));
  expect(folded('Ｆｕｌｌ')).toBe('full');
});

test('scripts without blanks are found by each two letters that stand together', () => {
  expect(neighbours('公民参与 and 开')).toEqual(['公民', '民参', '参与']);
  expect(neighbours('open')).toEqual([]);
});

test('a search is words and phrases that are there, and words that are not', () => {
  const words = (search: string) => {
    const read = readSearch(search);
    return read && [read.wanted.map(({ folded: plain }) => plain), read.unwanted.map(({ folded: plain }) => plain)];
  };
  expect(words('Bus “del barrio” -metro -"la noche"')).toEqual([
    ['bus', 'del barrio'],
    ['metro', 'la noche'],
  ]);
  expect(words('"left open')).toEqual([['left open'], []]);
  expect(words('-')).toEqual([['-'], []]);
  for (const nothing of ['', '   ', '""', '\u0000\u202E']) expect(words(nothing), JSON.stringify(nothing)).toBeNull();
});

test('a reference is known however it is typed, and by its beginning', () => {
  expect(readSearch(' hb–k4t xw9a ')?.reference).toBe('HB-K4TXW9A');
  expect(readSearch('HB-K4T')?.reference).toBe('HB-K4T');
  expect(readSearch('hb')?.reference).toBeNull();
  expect(readSearch('HB-% OR 1')?.reference).toBeNull();
});

const FULL: ContributionFilter = {
  ...{ search: 'bus "of & the" -50%', state: ['received', 'triaged'], decision: ['', 'rejection'] },
  ...{ kind: ['idea'], theme: ['', 'a=b&c'], question: ['waste'], language: ['zh'], channel: ['slack'] },
  ...{ source: ['ünï'], group: [''], files: true, proposed: false, asked: true, disputed: false },
  ...{ since: '2027-03-14', until: '2027-03-14T09:00' },
};

test('a filter has a text, as an address has it, of which the same filter is made', () => {
  for (const filter of [{}, FULL, { theme: [''] }, { search: '100 % “x”' }, { files: false }])
    expect(readFilter(filterText(filter))).toEqual(filter);
  expect(filterText({ theme: ['health', ''], state: ['received'] })).toBe('state=received&theme=health&theme=');
  expect(readFilter('theme=health&theme=health&since=&search=+')).toEqual({ theme: ['health'] });
});

test('what is wrong in a filter is told key by key, with what to do about it', () => {
  const told = (text: string) => {
    try {
      return readFilter(text);
    } catch (error) {
      return error instanceof UserError ? error.all : error;
    }
  };
  expect(told('state=recieved')).toEqual(['state: there is no state "recieved". Did you mean "received"?']);
  expect(told('stat=x&files=maybe')).toEqual([
    'stat: contributions are not filtered by that. Did you mean "state"?',
    'files: must be yes or no.',
  ]);
  expect(told('since=14.3.2027')).toEqual([
    'since: "14.3.2027" is not a date. Write it like 2027-03-14, or with a time like 2027-03-14T09:00.',
  ]);
  expect(told(`search=${'x'.repeat(100_000)}`)).toEqual([
    `search: is longer than ${MOST_SEARCH} characters. Search for fewer words.`,
  ]);
  expect(told('search=%00')).toEqual(['search: has nothing in it that could be found. Write a word.']);
  expect(told(`theme=a%00b&source=${'x'.repeat(300)}`)).toEqual([
    'theme: has characters in it that nobody can see. Leave them out.',
    'source: is longer than 200 characters. Leave it out.',
  ]);
});

test('days are those of the clock of the process, and a day counts to its end', () => {
  expect(queryOf({ since: '2027-03-14', until: '2027-03-14', theme: ['x'] }, 'Europe/Madrid')).toEqual({
    ...{ theme: ['x'], since: new Date('2027-03-13T23:00:00Z'), until: new Date('2027-03-14T23:00:00Z') },
  });
  expect(queryOf({ until: '2027-03-14T09:00' }, 'UTC')).toEqual({ until: new Date('2027-03-14T09:00:00Z') });
});
