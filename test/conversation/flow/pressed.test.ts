import { beforeAll, expect, test } from 'vitest';
import { createFlowRegistry, type FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { parseFlow } from '../../../src/conversation/flow/source/load.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

/** Answers everything, and tells whether the contribution is said to be of buttons alone. */
function isPressed(contribute: string): boolean {
  const { source, problems } = parseFlow(
    `
flow: vote
version: 1
languages: [en]
steps:
  - {id: why, ask: text, text: {en: Why?}}
  - {id: what, ask: choice, text: {en: What?}, choices: [{value: trees, label: {en: More trees for our street}}]}
  - {id: sum, set: {both: 'why + " " + what'}}
  - {id: send, contribute: idea, ${contribute}}
`,
    'vote.flow.yaml',
  );
  if (!source) throw new Error(problems.map(({ message }) => message).join('\n'));
  const person = talk(createFlowRegistry([source.flow], registry.messages));
  person.take({ kind: 'begin', flow: 'vote', answers: {} });
  person.says('It is hot');
  person.presses('More trees for our street');
  return only(person.events, 'contributed')[0]?.pressed === true;
}

test.each([
  ['textOf: [what]', true],
  ['text: "{what}"', true],
  ['textOf: [why]', false],
  ['textOf: [what, why]', false],
  ['text: "{both}"', false],
])('a contribution of %s is of buttons alone: %s', (contribute, pressed) => {
  expect(isPressed(contribute)).toBe(pressed);
});

test('what is written freely is not of buttons alone', () => {
  const person = talk(registry);
  person.says('A bench in the park');
  expect(only(person.presses('Yes, without a name'), 'contributed')[0]?.pressed).toBeUndefined();
});
