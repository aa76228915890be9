import { describe, expect, test } from 'vitest';
import { checkAll, FIRST, finding, OUT, own } from '../../../support/checking.ts';

describe('flows check looks at flows together:', () => {
  const jumping = (name: string, to: string) => own(`  - {id: go, jump: {flow: ${to}}}\n`, name);
  const calling = (name: string, to: string, before = '') => own(`${before}  - {id: go, call: ${to}}\n`, name);
  const spoken = (name: string, languages: string) =>
    `flow: ${name}\nversion: 1\nlanguages: [${languages}]\nsteps:\n${FIRST}`;

  test.each([
    [
      'two flows of one name',
      { one: own(FIRST, 'same'), two: own(FIRST, 'same') },
      'two',
      1,
      'another flow "same"',
      'another name',
      'error',
    ],
    [
      'a jump to no step of another flow',
      { one: own('  - {id: go, jump: {flow: two, step: frist}}\n', 'one'), two: own(FIRST, 'two') },
      'one',
      5,
      '"frist" of "two"',
      'Did you mean "first"?',
      'error',
    ],
    [
      'jumps that come back without a wait',
      { one: jumping('one', 'two'), two: jumping('two', 'one') },
      'one',
      5,
      'The way is one.go → two.go → one.go',
      'Put a question',
      'error',
    ],
    [
      'calls that come back without a wait',
      { one: calling('one', 'two'), two: calling('two', 'one') },
      'one',
      5,
      'The way is one.go → two.go → one.go',
      'Put a question',
      'error',
    ],
    [
      'a call and a jump that come back without a wait',
      { one: calling('one', 'two'), two: jumping('two', 'one') },
      'one',
      5,
      'The way is one.go → two.go → one.go',
      'Put a question',
      'error',
    ],
    [
      'a loop past a call that does not wait',
      {
        one: own('  - {id: go, call: two}\n  - {id: back, say: Again, next: go}\n', 'one'),
        two: own('  - {id: hello, say: Hello}\n', 'two'),
      },
      'one',
      5,
      'The way is go → back → go',
      'Put a question',
      'error',
    ],
    [
      'calls that stand on each other, as a warning',
      { one: calling('one', 'two', FIRST), two: calling('two', 'one', FIRST) },
      'one',
      6,
      'broken off',
      'Use `jump`',
      'warning',
    ],
    [
      'a call of a flow that is never over, as a warning',
      {
        one: own('  - {id: go, call: two}\n  - {id: bye, say: Goodbye}\n', 'one'),
        two: own('  - {id: ask, ask: text, text: What?, next: ask}\n', 'two'),
      },
      'two',
      5,
      'can never be over: ask → ask',
      'to the end',
      'warning',
    ],
    [
      'a name that only a flow beside it saves',
      { one: own('  - {id: go, say: "{first}"}\n', 'one'), two: own(FIRST, 'two') },
      'one',
      5,
      'names {first}',
      'There are',
      'error',
    ],
    [
      'a language that another flow speaks, as a warning',
      { one: spoken('one', 'en'), two: spoken('two', 'en, es') },
      'one',
      3,
      'Somebody who reads es',
      'Translate it',
      'warning',
    ],
    [
      'languages that none of them share',
      { one: spoken('one', 'en'), two: spoken('two', 'es') },
      'one',
      3,
      'No language is spoken by all',
      'one in common',
      'error',
    ],
  ])('%s', (_what, files, file, line, says, remedy, severity) => {
    expect(finding(checkAll(files), { says })).toMatchObject({
      file: `${file}.flow.yaml`,
      line,
      severity,
      remedy: expect.stringContaining(remedy),
    });
  });

  test.each([
    [
      'a name that a called flow saves',
      { one: own('  - {id: go, call: two}\n  - {id: say, say: "{first}"}\n', 'one'), two: own(FIRST, 'two') },
    ],
    [
      'a name that a called flow jumps to',
      {
        one: own('  - {id: go, call: two}\n  - {id: say, say: "{first}"}\n', 'one'),
        two: jumping('two', 'three'),
        three: own(FIRST, 'three'),
      },
    ],
    [
      'a name that the calling flow saves',
      {
        one: calling('one', 'two', FIRST),
        two: own(`  - {id: say, branch: [{when: 'first == "x"', goto: out}]}\n${OUT}`, 'two'),
      },
    ],
    [
      'a step in the middle that another flow jumps to',
      {
        one: own('  - {id: go, jump: {flow: two, step: late}}\n', 'one'),
        two: own(`${OUT}  - {id: late, say: Late}\n`, 'two'),
      },
    ],
    [
      'a loop past a call that waits',
      {
        one: own(`  - {id: go, call: two}\n  - {id: more, branch: [{when: 'first == "x"', goto: go}]}\n`, 'one'),
        two: own(FIRST, 'two'),
      },
    ],
    [
      'a jump back to a flow that asks',
      {
        one: own(
          `${FIRST}  - {id: more, branch: [{when: 'first == "x"', goto: go}], otherwise: out}\n  - {id: go, jump: {flow: two}}\n${OUT}`,
          'one',
        ),
        two: jumping('two', 'one'),
      },
    ],
  ])('nothing is wrong with %s', (_what, files) => {
    expect(checkAll(files)).toEqual([]);
  });
});
