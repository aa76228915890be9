import { describe, expect, test } from 'vitest';
import { check, FIRST, table } from '../../../support/checking.ts';

const CONSENT = '  - {id: may, ask: consent, text: May I?, consent: {version: "1", to: profile}}\n';
const KEEP = 'is kept, and nobody was asked for it';

table('flows check names line and remedy of what is kept of people:', [
  {
    what: 'nothing',
    steps: '  - id: one\n    keep: {}\n',
    line: 6,
    says: 'at least one of wants, topics, group, place',
    remedy: 'flow.schema.json',
  },
  {
    what: 'something else',
    steps: '  - id: one\n    keep: {shoes: "42"}\n',
    line: 6,
    says: '"keep.shoes" is not known here',
    remedy: 'flow.schema.json',
  },
  {
    what: 'a group without consent',
    steps: `${FIRST}  - id: one\n    keep: {place: first}\n`,
    line: 7,
    says: KEEP,
    remedy: 'to: profile',
  },
  {
    what: 'a wish that there is not',
    steps: `  - id: one\n    keep: {wants: '"al"'}\n`,
    line: 6,
    says: '"al" is nothing that `wants` can be',
    remedy: 'all, chosen, critical',
  },
  {
    what: 'a choice that is not a group',
    steps: `${CONSENT}  - {id: who, ask: choice, text: Who?, choices: [{value: cso, label: NGO}, {value: ngo, label: Club}]}\n  - id: one\n    keep: {group: who}\n`,
    line: 8,
    says: '"ngo" is nothing that `group` can be',
    remedy: 'citizen, cso',
  },
  {
    what: 'one choice where several are kept',
    steps:
      '  - {id: what, ask: choice, text: What?, choices: [{value: a, label: A}]}\n  - id: one\n    keep: {topics: what}\n',
    line: 7,
    says: '"a" is nothing that `topics` can be',
    remedy: 'ask: choices',
  },
  {
    what: 'what nobody has said',
    steps: '  - id: one\n    keep: {wants: whatever}\n',
    line: 6,
    says: 'names "whatever"',
    remedy: 'said',
  },
  {
    what: 'an option that is also a word for leaving, as a warning',
    steps: '  - {id: what, ask: choice, text: What?, choices: [{value: a, label: Halt}]}\n',
    line: 5,
    says: 'typed, it ends everything',
    remedy: 'Choose another label',
    severity: 'warning',
    messages: { texts: {}, commands: {}, words: { halt: 'stop' } },
  },
]);

describe('flows check has nothing against', () => {
  test.each([
    [
      'what is kept with consent',
      `${CONSENT}  - {id: place, ask: place, text: Where?}\n  - {id: one, keep: {place: place}}\n`,
    ],
    ['what is taken away', '  - {id: one, keep: {group: "null", place: "null"}}\n'],
    [
      'what was kept before, in conditions and texts',
      '  - {id: one, branch: [{when: group != null && size(topics) > 0, goto: two}]}\n  - {id: two, say: "{place} {wants}"}\n',
    ],
  ])('%s', (_what, steps) => {
    expect(check(steps)).toEqual([]);
  });
});
