import { describe, expect, test } from 'vitest';
import { checkFlows } from '../../src/flow/source/check.ts';
import { type Problem, parseFlow, problemLine, readFlows } from '../../src/flow/source/load.ts';

const HEAD = 'flow: own\nversion: 1\nlanguages: [en, es]\nsteps:\n';

/** Everything wrong with a flow of these steps; its first step stands on line 5. */
function check(steps: string): Problem[] {
  const { source, problems } = parseFlow(HEAD + steps, 'own.flow.yaml');
  return source ? [...problems, ...checkFlows([source])] : problems;
}

const ASK = '  - {id: first, ask: text, text: What?}\n';

describe('flows check names file, line and remedy', () => {
  test.each([
    [
      'a step that nothing leads to',
      `${ASK}  - {id: out, end: true}\n  - {id: lost, say: Hello}\n`,
      7,
      'no step leads here',
    ],
    [
      'a loop without a wait',
      '  - {id: one, say: Hello}\n  - {id: two, say: Again, next: one}\n',
      5,
      'without waiting',
    ],
    ['a translation that is missing', '  - {id: one, say: {en: Hello}}\n', 5, 'missing in es'],
    ['a goto to no step', `${ASK}  - {id: two, branch: [{when: "true", goto: nowhere}]}\n`, 6, '"nowhere"'],
    ['a next to no step', '  - {id: one, say: Hello, next: nowhere}\n', 5, '"nowhere"'],
    ['a condition that is no CEL', `${ASK}  - {id: two, branch: [{when: "first ==", goto: first}]}\n`, 6, 'not CEL'],
    [
      'a label that is too long',
      `  - {id: one, ask: choice, text: What?, choices: [{value: a, label: ${'a'.repeat(76)}}]}\n`,
      5,
      '75 fit',
    ],
    ['a text that is too long', `  - {id: one, say: ${'a'.repeat(4097)}}\n`, 5, '4096 fit'],
    ['a call of no flow', '  - {id: one, call: nobody}\n', 5, 'no flow "nobody"'],
    ['two steps of one id', `${ASK}  - {id: first, say: Hello}\n`, 6, 'two steps'],
    ['a choice without choices', '  - {id: one, ask: choice, text: What?}\n', 5, 'without choices'],
    ['a text that is no message', '  - {id: one, say: "Hello {name"}\n', 5, 'no message format'],
    ['a step of no kind', `${ASK}  - {id: two, sing: Hello}\n`, 6, 'no kind'],
    [
      'a field of the wrong shape',
      `${ASK}  - id: two\n    ask: text\n    text: What?\n    retries: many\n`,
      9,
      'retries',
    ],
    ['broken YAML', `${ASK}  - {id: two, say: [}\n`, 6, ''],
  ])('for %s', (_name, steps, line, words) => {
    const found = check(steps).find((problem) => problem.severity === 'error' && problem.message.includes(words));
    expect(found).toMatchObject({ file: 'own.flow.yaml', line });
    expect(found?.remedy).not.toBe('');
    expect(problemLine(found as Problem)).toMatch(/^own\.flow\.yaml:\d+: error: /);
  });

  test('for a label that is long on a small screen, as a warning', () => {
    const found = check(`  - {id: one, ask: choice, text: What?, choices: [{value: a, label: ${'a'.repeat(50)}}]}\n`);
    expect(found.map((problem) => problem.severity)).toEqual(['warning']);
  });

  test('for several mistakes at once, all of them', () => {
    expect(
      check('  - {id: one, say: {en: Hello}, next: nowhere}\n  - {id: two, say: {es: Hola}}\n').length,
    ).toBeGreaterThanOrEqual(3);
  });
});

test('a flow that waits in its loop is in order', () => {
  expect(check(`${ASK}  - {id: two, say: Again, next: first}\n`)).toEqual([]);
});

test('the shipped flows are in order', async () => {
  expect((await readFlows('flows')).problems).toEqual([]);
});
