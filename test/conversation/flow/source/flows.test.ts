import { describe, expect, test } from 'vitest';
import { checkAll, FIRST, finding } from '../../../support/checking.ts';

describe('flows check looks at a flow as a whole:', () => {
  const flow = (head: string) => `${head}\nsteps:\n${FIRST}`;
  test.each([
    [
      'a name too long for a button',
      flow(`flow: ${'a'.repeat(41)}\nversion: 1\nlanguages: [en]`),
      1,
      '41 letters; 40 fit',
      'Shorten',
      'error',
    ],
    [
      'a name that is a command',
      flow('flow: back\nversion: 1\nlanguages: [en]'),
      1,
      "a command of Hearback's own",
      'Rename',
      'error',
    ],
    [
      'a name that is not a command',
      flow('flow: my-street\nversion: 1\nlanguages: [en]'),
      1,
      '/my-street cannot be sent',
      'and _',
      'warning',
    ],
    [
      'no time to live',
      flow('flow: own\nversion: 1\nlanguages: [en]\nexpires: P0D'),
      4,
      'lasts no time',
      'P30D',
      'error',
    ],
    ['a language twice', flow('flow: own\nversion: 1\nlanguages: [en, en]'), 3, 'listed twice', 'Delete', 'warning'],
    [
      'a language that is none',
      flow('flow: own\nversion: 1\nlanguages: [en, English]'),
      3,
      '"languages.1" must be a language',
      'flow.schema.json',
      'error',
    ],
    [
      'a key of its own misspelt',
      flow('flow: own\nversoin: 2\nversion: 1\nlanguages: [en]'),
      2,
      '"versoin" is not known',
      'Did you mean "version"?',
      'error',
    ],
    ['no steps', 'flow: own\nversion: 1\nlanguages: [en]\n', 1, '"steps" is missing', 'Add it', 'error'],
    [
      'an empty list of steps',
      'flow: own\nversion: 1\nlanguages: [en]\nsteps: []\n',
      4,
      '"steps" must not be empty',
      'flow.schema.json',
      'error',
    ],
  ])('%s', (_what, text, line, says, remedy, severity) => {
    expect(finding(checkAll({ own: text }), { says })).toMatchObject({
      file: 'own.flow.yaml',
      line,
      severity,
      remedy: expect.stringContaining(remedy),
    });
  });
});
