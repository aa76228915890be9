import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { changeLine, processChanges } from '../../src/process/changes.ts';
import { parseProcess, readProcess } from '../../src/process/process.ts';

const FILE = 'flows/example.process.yaml';
const EXAMPLE = readFileSync(FILE, 'utf8');

/** Every error of a file, each a line. */
function mistakes(text: string): readonly string[] {
  try {
    parseProcess(text, 'p.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.all;
    throw error;
  }
  return [];
}

const SOUND = 'name: Plan\nlanguages: [en, es]\ntimeZone: Europe/Madrid\n';

test('the shipped example is sound, and nothing in it is doubtful', () => {
  expect(readProcess(EXAMPLE, FILE).warnings).toEqual([]);
});

test('a process needs no more than a name, languages and a time zone', () => {
  expect(parseProcess(SOUND, 'p.yaml')).toMatchObject({ name: 'Plan', stages: [], questions: [] });
  expect(mistakes('stages: []')).toEqual([
    'p.yaml:1: name: is missing. Add it.',
    'p.yaml:1: languages: is missing. Add it.',
    'p.yaml:1: timeZone: is missing. Add it.',
  ]);
});

describe('a mistake is told with its line and remedy:', () => {
  const stage = (lines: string) => `${SOUND}stages:\n  - id: one\n    title: One\n${lines}`;
  test.each([
    [
      'a mistyped key',
      stage('    titel: x\n    opens: 2027-03-01\n    closes: 2027-03-02\n'),
      'p.yaml:7: stages.one.titel: is not a key of a stage. Did you mean "title"?',
    ],
    ['a key of nowhere', `${SOUND}colour: red\n`, /^p\.yaml:4: colour: is not a key of a process\. There are: name, /],
    [
      'a key that is there twice',
      `${SOUND}name: Other\n`,
      'p.yaml:4: name stands here a second time. Keep one of the two.',
    ],
    ['a key without a value', `${SOUND}startsOn:\n`, /^p\.yaml:4: startsOn: must be a date such as 2027-03-31/],
    [
      'a day that no calendar holds',
      `${SOUND}startsOn: 2027-02-30\n`,
      'p.yaml:4: startsOn: "2027-02-30" is not a date: February 2027 has 28 days, not 30.',
    ],
    ['a moment with an offset', `${SOUND}startsOn: 2027-02-28T18:00Z\n`, /^p\.yaml:4: .*without an offset\.$/],
    [
      'dates in the wrong order',
      stage('    opens: 2027-03-14\n    closes: 2027-03-01\n'),
      'p.yaml:8: stages.one.closes: 2027-03-01 is not after opens (2027-03-14). Correct one of the two.',
    ],
    [
      'a question that closes as it opens',
      `${SOUND}questions:\n  - { id: q, text: Why?, opens: 2027-03-14T18:00, closes: 2027-03-14T18:00 }\n`,
      /^p\.yaml:5: questions\.q\.closes: /,
    ],
    [
      'answers before the beginning',
      `${SOUND}startsOn: 2027-02-01\nhearBackBy: 2027-01-31\n`,
      'p.yaml:5: hearBackBy: 2027-01-31 is before startsOn (2027-02-01). Correct one of the two.',
    ],
    [
      'an event in another century',
      `${SOUND}startsOn: 2027-02-01\nevents:\n  - { id: e, title: Opening, at: 2017-02-04T18:00 }\n`,
      'p.yaml:6: events.e.at: 2017-02-04T18:00 is before the process begins (2027-02-01). Is the year right?',
    ],
    [
      'an id that is there twice',
      `${SOUND}themes:\n  - { value: water, label: Water }\n  - { value: water, label: Sea }\n`,
      'p.yaml:6: themes.water.value: "water" is there already. Each must be there once.',
    ],
    [
      'a language that is there twice',
      SOUND.replace('[en, es]', '[en, en]'),
      /^p\.yaml:2: languages\.2: "en" is there already/,
    ],
    ['a language that is none', SOUND.replace('es]', 'spanish language]'), /^p\.yaml:2: .*such as en, es or pt-BR\.$/],
    [
      'a time zone that is none',
      SOUND.replace('Madrid', 'Madird'),
      'p.yaml:3: timeZone: "Europe/Madird" is not a time zone; did you mean Europe/Madrid?',
    ],
    [
      'a text in a language that is not listed',
      `${SOUND}themes:\n  - { value: water, label: { en: Water, es: Agua, fr: Eau } }\n`,
      'p.yaml:5: themes.water.label.fr: fr is not one of languages (en, es). Add it there, or leave this text out.',
    ],
    [
      'a name that some cannot read',
      SOUND.replace('Plan', '{ en: Plan }'),
      'p.yaml:1: name: is missing in es. Add it.',
    ],
    [
      'a question that some cannot read',
      `${SOUND}questions:\n  - { id: q, text: { es: ¿Por qué? } }\n`,
      'p.yaml:5: questions.q.text: is missing in en. Add it.',
    ],
    ['a text that is none', SOUND.replace('Plan', '2027'), /^p\.yaml:1: name: must be a text, .*need quotes/],
    ['a text in no language', SOUND.replace('Plan', '{}'), /^p\.yaml:1: name: is empty/],
    ['a list that is none', `${SOUND}stages: soon\n`, 'p.yaml:4: stages: must be a list.'],
    [
      'an id with blanks',
      `${SOUND}questions:\n  - { id: my q, text: Why? }\n`,
      /^p\.yaml:5: questions\.my q\.id: must be/,
    ],
    [
      'a key that is a whole map',
      `${SOUND}? { en: "Something that is far too long to be a name",\n    es: "Algo" }\n: x\n`,
      /^p\.yaml:1: \{ en: "Something that is far too long to be a name", es: "Al…: is not a key of a process\./,
    ],
    [
      'a duration that is none',
      `${SOUND}events:\n  - { id: e, title: E, at: 2027-01-01T18:00, duration: 2h }\n`,
      'p.yaml:5: events.e.duration: must be a duration such as PT2H or PT1H30M.',
    ],
    [
      'a way to take part of no known kind',
      `${SOUND}opportunities:\n  - { id: o, title: O, mode: online, synchronous: maybe }\n`,
      'p.yaml:5: opportunities.o.mode: must be in_person or remote or hybrid.',
    ],
    [
      'a way to take part at no known time',
      `${SOUND}opportunities:\n  - { id: o, title: O, mode: remote, synchronous: maybe }\n`,
      'p.yaml:5: opportunities.o.synchronous: must be true or false.',
    ],
    [
      'a stage that is none',
      `${stage('    opens: 2027-03-01\n    closes: 2027-03-02\n')}opportunities:\n  - { id: o, title: O, mode: remote, synchronous: false, stage: oen }\n`,
      'p.yaml:10: opportunities.o.stage: "oen" is not a stage. Did you mean "one"?',
    ],
    [
      'an address that is none',
      stage('    opens: 2027-03-01\n    closes: 2027-03-02\n    document: draft.pdf\n'),
      'p.yaml:9: stages.one.document: must be an address that begins with https://.',
    ],
    [
      'an address that Telegram refuses',
      stage('    opens: 2027-03-01\n    closes: 2027-03-02\n    document: https://intranet/plan.pdf\n'),
      /^p\.yaml:9: stages\.one\.document: leads to "intranet", a name without a dot/,
    ],
    [
      'the same where people take part',
      `${SOUND}opportunities:\n  - { id: o, title: O, mode: remote, synchronous: false, link: "http://localhost:80/" }\n`,
      /^p\.yaml:5: opportunities\.o\.link: leads to "localhost"/,
    ],
    [
      'a label that nobody sees',
      `${SOUND}themes:\n  - { value: parks, label: { en: "\\u3164", es: Parques } }\n`,
      'p.yaml:5: themes.parks.label.en: has nothing in it that can be seen. Write a text.',
    ],
    [
      'a title that nobody sees',
      stage('    opens: 2027-03-01\n    closes: 2027-03-02\n').replace('title: One', 'title: "\\u200b"'),
      'p.yaml:6: stages.one.title: has nothing in it that can be seen. Write a text.',
    ],
    [
      'a role that is none',
      `${SOUND}members:\n  - { id: ana, name: Ana, roles: [boss] }\n`,
      'p.yaml:5: members.ana.roles.1: must be organizer or forum or liaison or viewer or admin or reviewer.',
    ],
    [
      'a member who is there twice',
      `${SOUND}members:\n  - { id: ana, name: Ana, roles: [forum] }\n  - { id: ana, name: Ana, roles: [forum] }\n`,
      /^p\.yaml:6: members\.ana\.id: "ana" is there already/,
    ],
    [
      'a reminder that is none',
      `${SOUND}reminders:\n  stageCloses: soon\n`,
      'p.yaml:5: reminders.stageCloses: must be true, false, or { days: 3, texts: { en: … } } with 1 to 60 days.',
    ],
    [
      'a reminder misspelt',
      `${SOUND}reminders:\n  stageClose: true\n`,
      'p.yaml:5: reminders.stageClose: is not a key of reminders. Did you mean "stageCloses"?',
    ],
    [
      'a blank that nothing is put into',
      `${SOUND}reminders:\n  stageOpens: { texts: { en: "{titel} is open", es: "{day}" } }\n`,
      'p.yaml:5: reminders.stageOpens.texts.en: {titel} is not known here. Did you mean "title"?',
    ],
    [
      'a reminder in a language that is not listed',
      `${SOUND}reminders:\n  stageOpens: { texts: { fr: "Ouvert" } }\n`,
      /^p\.yaml:5: reminders\.stageOpens\.texts\.fr: fr is not one of languages/,
    ],
    [
      'hours that are none',
      `${SOUND}quietHours: { from: "9", to: "8:00" }\n`,
      /^p\.yaml:4: quietHours\.from: must be a time of day/,
    ],
    [
      'no quiet at all',
      `${SOUND}quietHours: { from: "21:00", to: "21:00" }\n`,
      /^p\.yaml:4: quietHours\.to: is the same as from/,
    ],
    [
      'a theme by the name of our own topic',
      `${SOUND}themes:\n  - { value: reminders, label: Reminders }\n`,
      /^p\.yaml:5: themes\.reminders\.value: "reminders" is the topic that reminders have/,
    ],
    [
      'no places',
      `${SOUND}events:\n  - { id: e, title: E, at: 2027-01-01, capacity: 0 }\n`,
      /capacity: must be 1 or more\.$/,
    ],
  ] as const)('%s', (_, text, line) => {
    const all = mistakes(text);
    expect(all).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  });
});

test('all mistakes of a file are told together, in the order of its lines', () => {
  const all = mistakes(
    'name: Plan\nlanguages: [en]\ntimeZone: Mars/Base\nname: Twice\nstages:\n  - { id: a, title: A, opens: 2027-02-02, closes: 2027-02-01 }\n' +
      '  - { id: a, titel: A, opens: soon, closes: 2027-02-01 }\n',
  );
  expect(all.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'p.yaml:3: timeZone:',
    'p.yaml:4: name',
    'p.yaml:6: stages.a.closes:',
    'p.yaml:7: stages.a.title:',
    'p.yaml:7: stages.a.opens:',
    'p.yaml:7: stages.a.titel:',
    'p.yaml:7: stages.a.id:',
  ]);
});

describe('what is not a process is refused with the remedy:', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(8).fill(`*${'abcdefg'[index]}`).join(',')}]`)
    .join('\n')}`;
  test.each([
    ['nothing', '', /^p\.yaml:1: this file is empty\. .*example/],
    ['a remark alone', '# later\n', /^p\.yaml:1: this file is empty/],
    ['a list', '- a\n- b\n', /^p\.yaml:1: this file is a list/],
    ['a sentence', 'Hello', /^p\.yaml:1: this file is a single text/],
    ['a bomb of references', bomb, /^p\.yaml:1: a value that begins with & or \*/],
    ['a text that begins with a star', 'name: ok\nlanguages: *en*\n', /^p\.yaml:2: .*Put quotes around/],
    ['a text that begins with an ampersand', 'name: &Co Partners\n', /^p\.yaml:1: .*Put quotes around/],
    ['a picture', '\u0089PNG\r\n\u001a\n\0\0', /^p\.yaml:1: here is a character that no text has/],
    ['another encoding', 'name: Plan\ntimeZone: Espa\ufffda', /^p\.yaml:2: .*UTF-8/],
    ['quotes that do not pair up', 'name: "Plan\nlanguages: [en]', /^p\.yaml:\d: .*Check quotes/],
    ['two documents', `${SOUND}---\n${SOUND}`, /^p\.yaml:\d: /],
    ['brackets without end', '['.repeat(20_000), /^p\.yaml:1: /],
    ['brackets in brackets', '['.repeat(20_000) + ']'.repeat(20_000), /^p\.yaml:1: this cannot be read/],
    ['old YAML that makes no sense', '%YAML 1.1\n---\n<<: x', /^p\.yaml:1: this cannot be read/],
    ['more than anybody writes', `${SOUND}# ${'x'.repeat(1_000_000)}`, /^p\.yaml:1: this is too long/],
  ])('%s', (_, text, line) => {
    expect(mistakes(text)).toContainEqual(expect.stringMatching(line));
  });
});

test('a byte order mark, and line ends of Windows, are not a mistake', () => {
  expect(parseProcess(`\ufeff${SOUND.replaceAll('\n', '\r\n')}`, 'p.yaml').name).toBe('Plan');
});

test('hours that the clocks skip or repeat are accepted', () => {
  const events = ['2027-03-28T02:30', '2027-10-31T02:30'].map((at, id) => `  - { id: e${id}, title: E, at: ${at} }\n`);
  expect(parseProcess(`${SOUND}events:\n${events.join('')}`, 'p.yaml').events).toHaveLength(2);
});

test('a flow is looked for among those that there are, where they are known', () => {
  const text = `${SOUND}stages:\n  - { id: s, title: S, opens: 2027-03-01, closes: 2027-03-02, flow: commant }\n`;
  expect(mistakes(text)).toEqual([]);
  expect(() => readProcess(text, 'p.yaml', { flows: ['comment', 'idea'] })).toThrow(
    'p.yaml:5: stages.s.flow: no flow that a button can begin is called "commant". Did you mean "comment"?',
  );
});

test('a publication that is foreseen too late is doubtful', () => {
  const text = `${SOUND}startsOn: 2027-02-01\npublishedOn: 2027-01-20\n`;
  expect(readProcess(text, 'p.yaml').warnings).toEqual([
    'p.yaml:5: warning: publishedOn: 2027-01-20 is less than two weeks before startsOn (2027-02-01). Publish 2 days sooner, or start later.',
  ]);
});

test('what is doubtful is told and accepted', () => {
  const text = `${SOUND}startsOn: 2027-02-01\nevents:\n  - { id: e, title: { en: Opening }, at: 2027-01-04 }\n`;
  expect(readProcess(text, 'p.yaml').warnings).toEqual([
    'p.yaml:6: warning: events.e.title: is missing in es. Its readers see another language.',
    'p.yaml:6: warning: events.e.at: 2027-01-04 is before the process begins (2027-02-01). Is the year right?',
  ]);
});

describe('whatever is read', () => {
  const holds = (text: string) => {
    for (const line of mistakes(text)) expect(line).toMatch(/^p\.yaml:\d+: .*\S$/);
  };
  const SEED = { seed: 20_270_115, numRuns: 400 };
  const KEYS = ['name', 'languages', 'stages', 'events', 'questions', 'themes', 'id', 'opens', '__proto__', 'toString'];
  const SCALARS = [
    '2027-02-30',
    '2027-03-01T18:00',
    '[]',
    '{}',
    '~',
    '1e9',
    '!!binary x',
    '!!set {a}',
    '|',
    '"',
    '<<',
    '? [a]',
  ];
  const line = fc
    .tuple(
      fc.nat(6),
      fc.constantFrom('', '- '),
      fc.constantFrom(...KEYS),
      fc.constantFrom(': ', ':', ' '),
      fc.oneof(fc.constantFrom(...SCALARS), fc.string()),
    )
    .map(([indent, dash, key, colon, value]) => `${' '.repeat(indent)}${dash}${key}${colon}${value}`);

  test('text of any kind gives a process or mistakes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds), SEED);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => holds(lines.join('\n'))),
      SEED,
    );
  });

  test('values of any kind give a process or mistakes', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), holds), SEED);
    const odd = fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom(...SCALARS.map((one) => JSON.stringify(one))));
    const pairs = fc.array(fc.tuple(fc.constantFrom(...KEYS, 'timeZone', 'startsOn', 'hearBackBy'), odd));
    fc.assert(
      fc.property(pairs, (all) => holds(`{${all.map(([key, value]) => `"${key}": ${value}`).join(', ')}}`)),
      SEED,
    );
  });

  test('the example with a piece cut out, or put in, gives a process or mistakes', () => {
    const place = fc.nat(EXAMPLE.length);
    fc.assert(
      fc.property(
        place,
        fc.nat(40),
        fc.oneof(fc.constantFrom(...SCALARS, ...KEYS), fc.string()),
        (from, length, piece) => holds(EXAMPLE.slice(0, from) + piece + EXAMPLE.slice(from + length)),
      ),
      { ...SEED, numRuns: 100 },
    );
  });
});

describe('the changes from one process to the next', () => {
  const stage = (change: object = {}) => ({
    id: 'one',
    title: { en: 'One' },
    opens: '2027-03-01',
    closes: '2027-03-14',
    ...change,
  });
  const process = (change: object = {}) => ({ ...parseProcess(SOUND, 'p.yaml'), stages: [stage()], ...change });
  const lines = (before: ReturnType<typeof process> | null, after: ReturnType<typeof process>) =>
    processChanges(before, after).map(changeLine);

  test('are none when it says the same, in whatever order its keys stand', () => {
    const shuffled = Object.fromEntries(Object.entries(process()).reverse()) as ReturnType<typeof process>;
    expect(lines(process(), shuffled)).toEqual([]);
  });

  test('name what comes, what goes and what differs, old and new', () => {
    const question = { id: 'q', text: { es: '¿Por qué?', en: 'Why?' } };
    const after = process({
      timeZone: 'UTC',
      hearBackBy: '2027-06-30',
      stages: [stage({ closes: '2027-03-21', title: { en: 'First', es: 'Primera' }, who: 'All' })],
      questions: [question],
    });
    expect(lines(process({ startsOn: '2027-02-01', themes: [{ value: 'water', label: 'Water' }] }), after)).toEqual([
      '~ timeZone: Europe/Madrid -> UTC',
      '- startsOn: 2027-02-01',
      '+ hearBackBy: 2027-06-30',
      '~ stage one, title (en): One -> First',
      '+ stage one, title (es): Primera',
      '~ stage one, closes: 2027-03-14 -> 2027-03-21',
      '+ stage one, who: All',
      '+ question q: Why?',
      '- theme water: Water',
    ]);
  });

  test('name what reminders, quiet hours, members and ways to take part become', () => {
    const reminders = { stageOpens: false, stageCloses: { days: 3, texts: { en: 'Soon' } } };
    const after = process({
      reminders: { ...reminders, stageCloses: { days: 5, texts: { en: 'Soon', es: 'Pronto' } } },
      quietHours: { from: '21:00', to: '08:00' },
      opportunities: [{ id: 'o', title: 'Chat', mode: 'remote', synchronous: false, opens: '2027-03-01' }],
      members: [{ id: 'ana', name: 'Ana', roles: ['organizer', 'forum'] }],
    });
    expect(lines(process({ reminders }), after)).toEqual([
      '~ reminders, stageCloses, days: 3 -> 5',
      '+ reminders, stageCloses, texts (es): Pronto',
      '+ quietHours, from: 21:00',
      '+ quietHours, to: 08:00',
      '+ opportunity o: Chat, 2027-03-01 – ',
      '+ member ana: Ana',
    ]);
  });

  test('name another order, which is the order people read', () => {
    const [one, two] = [stage(), stage({ id: 'two' })];
    expect(lines(process({ stages: [one, two] }), process({ stages: [two, one] }))).toEqual([
      '~ order of stages: one, two -> two, one',
    ]);
  });

  test('are all of it when there was none', () => {
    expect(lines(null, process())).toEqual([
      '+ name: Plan',
      '+ languages: en, es',
      '+ timeZone: Europe/Madrid',
      '+ stage one: One, 2027-03-01 – 2027-03-14',
    ]);
  });
});
