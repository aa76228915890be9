import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { loadPhrases } from '../../../src/core/loadPhrases.ts';
import { type Audience, askedFor, writeAudience } from '../../../src/notices/audience/audience.ts';
import { readAudience, storedAudience } from '../../../src/notices/audience/reader.ts';
import { audienceWords, reachWords } from '../../../src/notices/audience/words.ts';
import type { NoticeKind } from '../../../src/notices/kinds.ts';
import { conditions } from '../../support/conditions.ts';

const known = {
  channels: ['telegram', 'slack'],
  languages: ['en', 'es', 'pt-BR'],
  themes: ['health', 'parks'],
  questions: ['trust', 'waste'],
  events: ['opening'],
  sources: ['youth-council'],
  notices: ['a1b2c3'],
};
const read = (value: unknown) => readAudience(value, known).audience;
const wrong = (value: unknown) => [...readAudience(value, known).complaints];

test('an expression becomes a tree of conditions', () => {
  const text = 'language == "es" && (group in ["cso","citizen"] || place == "Lima") && !answered("trust")';
  expect(read(text)).toEqual({
    all: [
      { language: ['es'] },
      { any: [{ group: ['cso', 'citizen'] }, { place: ['Lima'] }] },
      { not: { answered: 'trust' } },
    ],
  });
});

test.each([
  ['everyone', 'everyone'],
  [' everyone\n', 'everyone'],
  ['"es" == language', { language: ['es'] }],
  ["channel != 'slack'", { not: { channel: ['slack'] } }],
  ['group in ["cso", "cso"]', { group: ['cso'] }],
  ['took_part && !heard_back', { all: [{ took_part: true }, { not: { heard_back: true } }] }],
  ['took_part == false', { not: { took_part: true } }],
  ['took_part != false', { took_part: true }],
  ['attends("opening") || contributed("health")', { any: [{ attends: 'opening' }, { contributed: 'health' }] }],
  ['answered("trust", "waste")', { any: [{ answered: 'trust' }, { answered: 'waste' }] }],
  ['topic == "reminders" || topic == "parks"', { any: [{ topic: ['reminders'] }, { topic: ['parks'] }] }],
  ['language == "pt"', { language: ['pt'] }],
  ['language == "es-PE"', { language: ['es-PE'] }],
  ['unseen_days >= 30', { unseen_days: 30 }],
  ['unseen_days > 30', { unseen_days: 31 }],
  ['30 < unseen_days', { unseen_days: 31 }],
  ['unseen_days < 30', { not: { unseen_days: 30 } }],
  ['unseen_days <= 30', { not: { unseen_days: 31 } }],
])('%j is understood', (written, audience) => {
  expect(readAudience(written, known)).toEqual({ audience, complaints: [] });
});

describe('what is wrong is told with the remedy', () => {
  test.each([
    ['answered("trsut")', 'there is no question "trsut". Did you mean "trust"?'],
    ['contributed("roads")', 'there is no theme "roads". There are: health, parks.'],
    ['attends("openning")', 'there is no event "openning". Did you mean "opening"?'],
    ['received("b7")', 'there is no notice "b7". `npx hearback notices status` lists them all.'],
    ['replied("openning")', 'there is no event "openning". Did you mean "opening"?'],
    ['group == "csos"', 'there is no group "csos". Did you mean "cso"?'],
    ['channel == "telegramm"', 'there is no channel "telegramm". Did you mean "telegram"?'],
    ['language == "de"', 'there is no language "de". There are: en, es, pt-BR.'],
    ['source == "youth-counsil"', 'there is no source "youth-counsil". Did you mean "youth-council"?'],
    ['topic == "healht"', 'there is no topic "healht". Did you mean "health"?'],
    ['langauge == "es"', '"langauge" is not something that is known about people. Did you mean "language"?'],
    ['everyone && took_part', 'everyone stands alone, with nothing beside it.'],
    ['answered', 'answered says of what in brackets, such as answered("trust").'],
    ['answered()', 'answered needs a question, such as answered("trust").'],
    ['attends(opening)', 'attends needs an event, such as attends("opening").'],
    ['took_part()', 'took_part stands without brackets.'],
    ['language', 'language has to be compared with something.'],
    ['language("es")', 'language is compared, such as language == "…".'],
    ['language == es', 'language is compared with texts in quotes: language == "…".'],
    ['language in "es"', 'language is compared with texts in quotes: language in ["…", "…"].'],
    ['language in []', 'language has no value. Name at least one.'],
    ['language > "es"', 'language cannot be compared with >.'],
    ['place == ""', 'place has a value that is empty'],
    ['unseen_days == 30', 'unseen_days is compared with a whole number of days'],
    ['unseen_days > 30.5', 'unseen_days is compared with a whole number of days'],
    ['unseen_days > 99999999999', 'unseen_days is a whole number of days from 0 to 36500'],
    ['took_part == "yes"', 'took_part stands alone, or as !took_part.'],
    ['took_part ? heard_back : took_part', '"took_part ? heard_back : took_part" is not a condition.'],
    ['"es".startsWith("e")', 'is not a condition'],
    ['language == "es" and took_part', 'cannot be read from "and took_part" on. Use == != in && ||'],
    ['(took_part', 'cannot be read: it ends too early.'],
    ['true', '"true" is not a condition.'],
    ['', 'is empty. Write everyone, or a condition such as'],
    [{}, 'is not an audience. Write everyone'],
    [null, 'is not an audience. Write everyone'],
    [
      { language: 'es', channel: 'slack' },
      'has keys, which are not understood: it is one expression. Write everyone, or',
    ],
    [{ any: [{ took_part: true }, 'heard_back'] }, 'has keys, which are not understood: it is one expression.'],
  ])('%j', (written, message) => {
    expect(wrong(written)[0]).toContain(message);
  });

  test('all of it at once', () => {
    expect(wrong('answered("trsut") && (group == "csos" || lang == "es")')).toHaveLength(3);
    expect(wrong('language in ["xx", "en", "yy"]')).toHaveLength(2);
  });

  test('values are checked only where it is known which there are', () => {
    expect(readAudience('answered("trsut") && source == "x" && language == "xx"').complaints).toEqual([]);
    expect(readAudience('group == "csos"').complaints).toHaveLength(1);
  });

  test('more than anybody thinks of is refused, and never overflows', () => {
    const many = Array.from({ length: 600 }, (_, n) => `"${n}"`);
    expect(wrong(many.map((one) => `place==${one}`).join('||'))[0]).toContain('more than 500 conditions');
    expect(wrong(`place in [${many.slice(0, 300).join()}]`)[0]).toBeDefined();
    expect(wrong(`${'('.repeat(4000)}took_part${')'.repeat(4000)}`)[0]).toContain('cannot be read');
    expect(wrong('!'.repeat(9000))[0]).toContain('cannot be read');
    expect(wrong(`took_part${' && took_part'.repeat(600)}`)[0]).toBeDefined();
    expect(wrong('x'.repeat(20_000))[0]).toContain('longer than');
  });
});

const membersIn = await loadPhrases('flows/members.yaml');
const LANGUAGES = ['en', 'es', 'fr'];
const wordsIn = (language: string, audience: Audience) =>
  audienceWords(audience, { phrases: membersIn(language), language });

const values = {
  language: ['en', 'es', 'pt-BR'],
  channel: ['telegram', 'slack'],
  group: ['cso', 'left_out'],
  place: ['Lima', 'a "quoted" \\ place) ||', 'São Tomé', '东京', '🏘️'],
  source: ['youth-council'],
  topic: ['health', 'reminders'],
  answered: ['trust', 'waste'],
  contributed: ['parks'],
  attends: ['opening'],
  replied: ['opening'],
  received: ['a1b2c3'],
};

test('what is written of an audience is read as that audience, and so is what is stored of it', () => {
  fc.assert(
    fc.property(conditions(values), (condition) => {
      expect(read(writeAudience(condition))).toEqual(condition);
      expect(storedAudience(writeAudience(condition))).toEqual(condition);
      for (const language of LANGUAGES) expect(wordsIn(language, condition)).toMatch(/^\S.* (who|que|qui) .*\S$/);
    }),
  );
  expect(writeAudience('everyone')).toBe('everyone');
});

const PIECES = [
  'language',
  'answered',
  '==',
  '&&',
  '!',
  '(',
  ')',
  '"es"',
  '["es"]',
  '["trust"]',
  'in',
  'unseen_days',
  '>',
  '30',
  '\\',
  ' ',
];

test('whatever is written is an audience or a complaint', () => {
  const scraps = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), scraps, fc.anything()), (written) => {
      const { audience, complaints } = readAudience(written, known);
      expect(audience === null).toBe(complaints.length > 0);
    }),
    { numRuns: 500 },
  );
});

describe('an audience is read back to the organizer in words', () => {
  test.each([
    ['everyone', 'everyone'],
    ['contributed("parks")', 'people who have contributed to the theme “parks”'],
    [
      'contributed("parks") && !answered("trust")',
      'people who have contributed to the theme “parks” and have not answered the question “trust”',
    ],
    [
      'received("a1b2c3") && !replied("opening")',
      'people who have had the notice “a1b2c3” and have not answered the invitation to the event “opening”',
    ],
    [
      'language in ["es", "pt-BR"] || channel == "slack"',
      'people who read Spanish or Brazilian Portuguese or are on Slack',
    ],
    ['!(took_part || heard_back)', 'people who have not taken part and have not had a response from the forum'],
    ['!(took_part && heard_back)', 'people who have not taken part or have not had a response from the forum'],
    ['!!took_part', 'people who have taken part'],
    ['place in ["Lima", "Cusco", "Puno"]', 'people who live in “Lima”, “Cusco” or “Puno”'],
    ['unseen_days >= 30', 'people who have not used the bot for 30 days'],
    ['unseen_days < 1', 'people who have used the bot within the last day'],
    ['attends("opening")', 'people who have said yes or maybe to the event “opening”'],
    ['!attends("opening")', 'people who have said neither yes nor maybe to the event “opening”'],
    [
      'topic == "parks" && source != "youth-council"',
      'people who want notices about “parks” and did not come by the link “youth-council”',
    ],
    [
      'language == "es" && (group in ["cso","citizen"] || place == "Lima") && !answered("trust")',
      'people who read Spanish, and either are in the group “associations and NGOs” or “citizens” or live in “Lima”, and have not answered the question “trust”',
    ],
    [
      'took_part && language == "es" || heard_back',
      'people who have taken part and read Spanish, or have had a response from the forum',
    ],
    [
      'took_part && (heard_back || language == "es" && !(place == "Lima" && channel == "slack"))',
      'people who have taken part, and either have had a response from the forum or (read Spanish and (do not live in “Lima” or are not on Slack))',
    ],
    [
      'took_part && !(heard_back || language == "es")',
      'people who have taken part and have not had a response from the forum and do not read Spanish',
    ],
  ])('%s', (written, words) => {
    expect(wordsIn('en', storedAudience(written))).toBe(words);
  });

  test('in the language of whoever reads it, and for what the calendar has made', () => {
    const audience = storedAudience('language == "es" && (took_part || !heard_back)');
    expect(wordsIn('es', audience)).toBe(
      'las personas que leen en español, y o bien han participado o bien no han recibido una respuesta del foro',
    );
    expect(wordsIn('fr', audience)).toBe(
      'les personnes qui lisent en espagnol, et soit ont participé soit n’ont pas reçu de réponse du forum',
    );
    const reader = { phrases: membersIn('en'), language: 'en' };
    const reach = (kind: NoticeKind) => reachWords({ kind, audience: null }, reader);
    expect(reach('timeline_change')).toBe('everyone who was told earlier dates');
    expect(reach('response')).toBe('the people whom they answer');
    expect(reach('seat')).toBe('somebody who was waiting for a seat');
    expect(wordsIn('en', { group: ['pensioners'] })).toBe('people who are in the group “pensioners”');
  });
});

test('what was stored is read whatever its values; what cannot be read is a mistake', () => {
  expect(storedAudience('language == "xx" && channel == "none"')).toEqual({
    all: [{ language: ['xx'] }, { channel: ['none'] }],
  });
  expect(() => storedAudience('responses == "released"')).toThrow(UserError);
});

test.each<[string, unknown]>([
  ['everyone', null],
  ['language == "es" || took_part', null],
  ['attends("opening")', { attends: 'opening' }],
  ['attends("opening") && language == "es"', { attends: 'opening' }],
  [
    'attends("opening") && (attends("closing") || attends("opening"))',
    { any: [{ attends: 'opening' }, { attends: 'closing' }] },
  ],
  ['!attends("opening")', null],
  ['!(!attends("opening") || language == "es")', { attends: 'opening' }],
  ['replied("opening") || received("a1b2c3")', null],
])('whoever has not agreed gets of %j only what they asked for: %j', (audience, condition) => {
  expect(askedFor(storedAudience(audience))).toEqual(condition);
});

test('an audience that has outgrown what an author may write is read as it was stored', () => {
  const theme = (n: number) => `contributed("theme-${n}")`;
  const many = (count: number, sign: string) => Array.from({ length: count }, (_, n) => theme(n)).join(sign);
  const grown = `received("0123456789ab") && !answered("trust") && (${many(600, ' || ')})`;
  expect(grown.length).toBeGreaterThan(10_000);
  expect(writeAudience(storedAudience(grown))).toBe(grown);
  expect(readAudience(grown).complaints).toEqual([expect.stringContaining('is longer than 10000 characters')]);
  const short = (n: number) => `replied("${n}")`;
  const more = Array.from({ length: 501 }, (_, n) => short(n)).join(' || ');
  expect(more.length).toBeLessThan(10_000);
  expect(storedAudience(more)).toHaveProperty('any');
  expect(readAudience(more).complaints).toEqual([expect.stringContaining('has more than 500 conditions')]);
});
