import { branch, FIRST, type Row, table } from '../../../support/checking.ts';

table('flows check names line and remedy of a name that nobody gives:', [
  {
    what: 'in a text',
    steps: `${FIRST}  - id: two\n    say:\n      en: "Hello {frist}"\n      es: "Hola {first}"\n`,
    line: 8,
    says: 'names {frist}',
    remedy: 'Did you mean "first"?',
  },
  {
    what: 'in a branch of a text',
    steps: `${FIRST}  - {id: two, say: "{first, select, yes {{frist}} other {}}"}\n`,
    line: 6,
    says: 'names {frist}',
    remedy: 'Did you mean "first"?',
  },
  {
    what: 'in a message to a wrong answer',
    steps: '  - {id: one, ask: text, text: What?, check: {message: "{nmae}"}}\n',
    line: 5,
    says: '`check.message` names {nmae}',
    remedy: 'There are: one',
  },
  {
    what: 'in a condition',
    steps: branch('frist == "x"'),
    line: 6,
    says: 'names "frist"',
    remedy: 'Did you mean "first"?',
  },
  {
    what: 'in a condition, the second of two',
    steps: branch('frist == "x" && zzz == 1'),
    line: 6,
    says: 'names "zzz"',
    remedy: 'There are: first',
  },
  {
    what: 'in a set',
    steps: `${FIRST}  - {id: two, set: {other: "frist + 1"}}\n`,
    line: 6,
    says: 'names "frist"',
    remedy: 'Did you mean "first"?',
  },
  {
    what: 'what is known in texts alone, in a condition',
    steps: branch('hear_back_by != null'),
    line: 6,
    says: 'names "hear_back_by"',
    remedy: 'There are: first',
  },
  {
    what: 'in a condition of unlike things',
    steps: branch('"a" + 1 == 2'),
    line: 6,
    says: 'cannot hold',
    remedy: 'like with like',
  },
  ...['textOf: [frist]', 'fields: [first, frist]', 'attachments: [frist]'].map(
    (field): Row => ({
      what: `in ${field}`,
      steps: `${FIRST}  - {id: two, contribute: idea, ${field}}\n`,
      line: 6,
      says: `\`${field.split(':')[0]}\` names "frist"`,
      remedy: 'Did you mean "first"?',
    }),
  ),
  ...['theme', 'question', 'attribution', 'attributionName'].map(
    (key): Row => ({
      what: `in ${key}`,
      steps: `${FIRST}  - {id: two, contribute: idea, textOf: [first], ${key}: frist}\n`,
      line: 6,
      says: `\`${key}\` names "frist"`,
      remedy: 'Did you mean "first"?',
    }),
  ),
  {
    what: 'the words of an edit',
    steps: `${FIRST}  - {id: two, edit: reference, text: frist}\n`,
    line: 6,
    says: '`text` names "frist"',
    remedy: 'Did you mean "first"?',
  },
  {
    what: 'the reference of a withdrawal',
    steps: `${FIRST}  - {id: two, withdraw: refrence}\n`,
    line: 6,
    says: '`withdraw` names "refrence"',
    remedy: 'Did you mean "reference"?',
  },
  {
    what: "a name of the engine's own, saved",
    steps: '  - {id: one, ask: text, text: What?, save: language}\n',
    line: 5,
    says: "name of Hearback's own",
    remedy: 'another name',
  },
]);
