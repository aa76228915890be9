import { expect, test } from 'vitest';
import { check, choices, FIRST, finding, table } from '../../../support/checking.ts';

const many = (count: number) => Array.from({ length: count }, (_, at) => `{value: v${at}, label: Label ${at} of many}`);

table('flows check names line and remedy of what does not fit a platform:', [
  {
    what: 'a text that is too long',
    steps: `  - {id: one, say: ${'a'.repeat(4097)}}\n`,
    line: 5,
    says: 'can have 4097 characters, 4096 fit',
    remedy: 'Shorten it',
  },
  {
    what: 'a text whose longest branch is too long',
    steps: `${FIRST}  - {id: two, say: "{first, select, yes {${'a'.repeat(4000)}} other {b}} ${'c'.repeat(100)}"}\n`,
    line: 6,
    says: 'can have 4101 characters',
    remedy: 'Shorten it',
  },
  {
    what: 'a text that a label makes too long',
    steps: `${choices(`{value: a, label: ${'l'.repeat(30)}}`)}  - {id: two, say: "${'a'.repeat(4080)}{pick}"}\n`,
    line: 10,
    says: 'can have 4110 characters',
    remedy: 'Shorten it',
  },
  {
    what: 'a label that is too long',
    steps: choices(`{value: a, label: ${'a'.repeat(76)}}`),
    line: 9,
    says: 'can have 76 characters, 75 fit',
    remedy: 'Shorten it',
  },
  {
    what: 'a label that is too long with the mark of a pick',
    steps: `  - {id: one, ask: choices, text: Which?, choices: [{value: a, label: ${'a'.repeat(74)}}]}\n`,
    line: 5,
    says: '74 characters, 73 fit',
    remedy: 'Shorten it',
  },
  {
    what: 'a label that is long on a small screen, as a warning',
    steps: choices(`{value: a, label: ${'a'.repeat(26)}}`),
    line: 9,
    says: 'a phone cuts it off',
    remedy: '25 characters',
    severity: 'warning',
  },
  {
    what: 'a label with a name in it',
    steps: `${FIRST}${choices('{value: a, label: "Like {first}"}')}`,
    line: 10,
    says: 'has {first}, and is shown as it is written',
    remedy: 'text of the question',
  },
  {
    what: 'more choices than fit',
    steps: choices(...many(101)),
    line: 8,
    says: '101 choices, 100 fit',
    remedy: 'two steps',
  },
  {
    what: 'two choices of one value',
    steps: choices('{value: a, label: A}', '{value: a, label: B}'),
    line: 10,
    says: 'two choices have the value "a"',
    remedy: 'of its own',
  },
  {
    what: 'labels that differ by case and accents alone',
    steps: choices('{value: a, label: Educación}', '{value: b, label: educacion}'),
    line: 10,
    says: '"b" cannot be told from "a"',
    remedy: 'different in every language',
  },
  {
    what: 'a label that is the same in another language',
    steps: choices('{value: a, label: {en: Pan, es: Olla}}', '{value: b, label: {en: Bread, es: Pan}}'),
    line: 10,
    says: '"b" cannot be told from "a"',
    remedy: 'different in every language',
  },
  {
    what: 'a number at another place than its own, as a warning',
    steps: choices('{value: two, label: "2"}', '{value: one, label: "1"}'),
    line: 9,
    says: 'whoever types 2 gets "two"',
    remedy: 'in words',
    severity: 'warning',
  },
]);

const WORDS = {
  commands: {},
  words: { ayuda: 'help' },
  texts: { skip: { en: 'Skip', es: 'Saltar' }, done: 'That is all' },
};

test.each([
  ['a command word, as a warning', choices('{value: a, label: Ayuda}'), 9, 'is also the word for /help', 'warning'],
  [
    'the button to skip',
    `${choices('{value: a, label: saltar}')}    skip: true\n`,
    9,
    'cannot be told from the button "skip"',
    'error',
  ],
  [
    'the button to be done',
    `  - {id: one, ask: choices, text: Which?, choices: [{value: a, label: That is all.}]}\n`,
    5,
    'from the button "done"',
    'error',
  ],
])('a label that is, when typed, the same as %s', (_what, steps, line, says, severity) => {
  expect(finding(check(steps, WORDS), { says })).toMatchObject({
    line,
    severity,
    remedy: expect.stringContaining('another label'),
  });
});
