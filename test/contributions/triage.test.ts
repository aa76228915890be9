import { expect, test } from 'vitest';
import {
  effectsMark,
  effectsOf,
  mentionsIn,
  readDay,
  readName,
  readNote,
  readTags,
  type Triaged,
  UNTRIAGED,
} from '../../src/contributions/triage.ts';

const received = (more: Partial<Triaged['triage']> = {}): Triaged => ({
  state: 'received',
  triage: { ...UNTRIAGED, ...more },
});

test('what would happen is said of each: changed, unchanged, or refused with the reason', () => {
  const known = new Map<string, Triaged>([
    ['HB-A', received({ tags: ['bus'] })],
    ['HB-B', received({ tags: ['bus', 'night'] })],
    ['HB-GONE', { ...received(), state: 'withdrawn' }],
  ]);
  const deed = { kind: 'tag', add: ['night'], remove: [] } as const;
  const effects = effectsOf(deed, ['HB-A', 'HB-B', 'HB-GONE', 'HB-NONE'], known);
  expect(effects.map(({ effect, why, after }) => [effect, why, after.tags])).toEqual([
    ['changed', null, ['bus', 'night']],
    ['unchanged', null, ['bus', 'night']],
    ['refused', 'its author has taken it back', []],
    ['refused', 'it is not on record', []],
  ]);
});

test('whoever agreed to effects agreed to no others', () => {
  const deed = { kind: 'tag', add: ['night'], remove: [] } as const;
  const mark = (triaged: Triaged) => effectsMark(effectsOf(deed, ['HB-A'], new Map([['HB-A', triaged]])));
  expect(mark(received())).toBe(mark(received()));
  expect(mark(received())).not.toBe(mark(received({ tags: ['bus'] })));
  expect(mark(received())).not.toBe(mark(received({ tags: ['night'] })));
});

test('nobody gets so many tags that they tell nothing apart', () => {
  const full = received({ tags: Array.from({ length: 20 }, (_, at) => `t${at}`) });
  const [effect] = effectsOf({ kind: 'tag', add: ['one more'], remove: [] }, ['HB-A'], new Map([['HB-A', full]]));
  expect(effect).toMatchObject({ effect: 'refused', why: 'it would have more than 20 tags' });
});

test('tags are in small letters with single blanks, and what is none is refused', () => {
  expect(readTags([' Night  Bus ', 'night bus', 'ÑU'])).toEqual(['night bus', 'ñu']);
  for (const wrong of ['', ' ', 'a,b', 'x'.repeat(41), 'x'.repeat(100_000), 'a\u202Eb', 'a\u0000b'])
    expect(() => readTags([wrong]), JSON.stringify(wrong).slice(0, 20)).toThrow('cannot be a tag');
});

test('days, notes and names are read as what they are, and refused with the remedy', () => {
  expect(readDay('2027-03-14')).toBe('2027-03-14');
  for (const wrong of ['2027-02-30', '14.3.2027', '2027-03-14T09:00', 'x'.repeat(100_000)])
    expect(() => readDay(wrong)).toThrow('is not a day. Write it like 2027-03-14.');
  expect(readNote(' See <b>\n\u0007HB-A ')).toBe('See <b>\nHB-A');
  expect(() => readNote('\u0000 ')).toThrow('A note has nothing in it');
  expect(() => readNote('x'.repeat(100_000))).toThrow('at most 4000 characters, and this has 100000');
  expect(readName('My\u202E view')).toBe('My view');
});

test('a note names the members who are in it, and nobody else', () => {
  const members = [{ id: 'ana' }, { id: 'ana-b' }, { id: 'ben' }];
  expect(mentionsIn('@ben, look: mail@ana.org and @nobody and @Ana', members)).toEqual(['ben']);
  expect(mentionsIn('(@ana-b) @ben. @ben', members)).toEqual(['ana-b', 'ben']);
});
