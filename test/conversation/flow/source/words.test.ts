import { choices, FIRST, table } from '../../../support/checking.ts';

table('flows check names line and remedy of wrong words:', [
  {
    what: 'a translation that is missing',
    steps: '  - id: one\n    say:\n      en: Hello\n',
    line: 6,
    says: 'is missing in es',
    remedy: 'Add the translation',
  },
  {
    what: "a label's translation",
    steps: choices('{value: a, label: {en: A}}'),
    line: 9,
    says: 'The label of "a" is missing in es',
    remedy: 'Add the translation',
  },
  {
    what: 'a language that the flow does not speak, as a warning',
    steps: '  - id: one\n    say:\n      en: Hello\n      es: Hola\n      fr: Bonjour\n',
    line: 9,
    says: 'has words in "fr"',
    remedy: 'add it to `languages`',
    severity: 'warning',
  },
  {
    what: 'a brace that is not closed',
    steps: '  - {id: one, say: "Hello {name"}\n',
    line: 5,
    says: 'is not a message format: a { is not closed',
    remedy: "Write '{'",
  },
  {
    what: 'a choice of words without `other`',
    steps: `${FIRST}  - {id: two, say: "{first, select, yes {Yes}}"}\n`,
    line: 6,
    says: '`other {…}` is missing',
    remedy: "Write '{'",
  },
  {
    what: 'a name that one language lacks, as a warning',
    steps: `${FIRST}  - id: two\n    say:\n      en: "Hello {first}"\n      es: "Hola"\n`,
    line: 9,
    says: 'has no {first} in "es"',
    remedy: 'Put it in',
    severity: 'warning',
  },
  {
    what: 'a text that nobody sees',
    steps: '  - {id: one, say: "\\u200b\\u3164"}\n',
    line: 5,
    says: 'is blank',
    remedy: 'Write what',
  },
  { what: 'a blank text', steps: '  - {id: one, say: " "}\n', line: 5, says: 'is blank', remedy: 'Write what' },
]);
