import { expect, test } from 'vitest';
import { problemLine } from '../../../../src/core/problem.ts';
import { check, choices, FIRST, OUT } from '../../../support/checking.ts';

test.each([
  [
    'what the application gives',
    '  - {id: one, say: "{said} {question_text} {process_name} {hear_back_by} {reference}"}\n',
  ],
  [
    'what conditions know',
    `  - {id: one, branch: [{when: 'consented && language == "en" && goto == "x"', goto: out}]}\n${OUT}`,
  ],
  ['the value that is checked', '  - {id: one, ask: text, text: What?, check: {where: "size(value) > 3"}}\n'],
  [
    'the file that came with words',
    '  - {id: one, ask: text, text: What?, media: [photo]}\n  - {id: two, contribute: idea, textOf: [one], attachments: [one_file]}\n',
  ],
  [
    'the words that came with a file',
    '  - {id: one, ask: media, text: What?}\n  - {id: two, contribute: idea, textOf: [one_caption], attachments: [one]}\n',
  ],
  ['a loop that waits and can be left', `${FIRST}  - {id: two, branch: [{when: 'first == "x"', goto: first}]}\n`],
  [
    'a consent that is asked again when it was declined',
    '  - {id: one, ask: consent, consent: {version: "1"}, text: Agreed?, declined: why}\n  - {id: two, end: true}\n  - {id: why, say: Please, next: one}\n',
  ],
  [
    'a question whose choices all lead somewhere',
    choices('{value: a, label: A, next: out}', '{value: b, label: B, next: out}') + OUT,
  ],
  [
    'one reminder',
    `  - {id: one, ask: text, text: What?, next: out, timeout: {after: P1D, goto: again}}\n  - {id: again, ask: text, text: Still?, save: one, timeout: {after: P1D, goto: out}}\n${OUT}`,
  ],
])('nothing is wrong with %s', (_what, steps) => {
  expect(check(steps)).toEqual([]);
});

test('several mistakes are told at once, in the order of their lines', () => {
  const problems = check('  - {id: one, say: {en: Hello}, next: nowhere}\n  - {id: two, say: {es: Hola}}\n');
  expect(problems.map(({ line }) => line)).toEqual([5, 5, 6, 6]);
  expect(problems.map(problemLine)[0]).toMatch(/^own\.flow\.yaml:5: Step "one": .+\. .+\.$/);
});
