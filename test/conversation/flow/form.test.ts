import { expect, test } from 'vitest';
import { createFlowRegistry, type FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { formFields, formObjections } from '../../../src/conversation/flow/form.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import { flowSchema } from '../../../src/conversation/flow/source/schema.ts';
import { THEMES, worldOf } from '../../support/talk.ts';

const { messages } = await openFlowRegistry('flows');
const world = worldOf(1);

/** A flow that asks this, and contributes the answers of these names. */
function bookOf(steps: object[], contributed: object): FlowRegistry {
  const send = { id: 'send', contribute: 'idea', ...contributed };
  const flow = flowSchema.parse({ flow: 'idea', version: 1, languages: ['en'], steps: [...steps, send] });
  return createFlowRegistry([flow], messages);
}

const ask = (id: string, kind: string, more: object = {}) => ({ id, ask: kind, text: `About ${id}?`, ...more });
const fieldsOf = (registry: FlowRegistry) => formFields(registry, 'idea', 'en', world);

test('a form has what is typed or picked and becomes part of the contribution, each once, in the order of the flow', () => {
  const steps = [
    ask('where', 'place'),
    ask('since', 'date', { skip: true }),
    ask('files', 'media', { skip: true }),
    ask('several', 'choices', { choices: [{ value: 'a', label: 'A' }], skip: true }),
    ask('sure', 'yesno'),
    ask('worth', 'rating', { scale: 3 }),
    ask('unused', 'text', { skip: true }),
    ask('theme', 'choice', { choices: 'themes' }),
    { id: 'fork', branch: [{ when: 'sure', goto: 'more' }], otherwise: 'send' },
    ask('more', 'text', { check: { max: 500 } }),
  ];
  const fields = ['since', 'files', 'several', 'sure', 'worth', 'more'];
  const registry = bookOf(steps, { text: '{where}', fields, theme: 'theme' });
  const values = (input: unknown) => (Array.isArray(input) ? input.map(({ value }) => value).join() : input);
  expect(fieldsOf(registry).map(({ name, optional, most, input }) => [name, optional, most, values(input)])).toEqual([
    ['where', false, null, 'line'],
    ['since', true, null, 'line'],
    ['sure', false, null, 'yes,no'],
    ['worth', false, null, '1,2,3'],
    ['theme', false, null, 'health,schools'],
    ['more', true, 500, 'lines'],
  ]);
  const fits = { where: 'Here', sure: 'yes', worth: '2', theme: 'health' };
  expect(Object.keys(formObjections(registry, 'idea', { ...fits, more: '' }, 'en', world) ?? {})).toEqual(['more']);
  expect(formObjections(registry, 'idea', { ...fits, more: 'Shade' }, 'en', world)).toBeNull();
  const wrong = { ...fits, since: 'long ago', more: 'Shade' };
  expect(formObjections(registry, 'idea', wrong, 'en', world)).toEqual({ since: 'Please send a date like 31.3.2027.' });
});

test('the first sentence asks and the rest helps, but what speaks of files is left to the chat', () => {
  const registry = bookOf(
    [
      ask('one', 'text', {
        text: { en: 'Who has this problem? For example: parents. Or farmers.', fr: 'Qui ? Par exemple.' },
      }),
      ask('two', 'text', { text: 'What should change? Send a voice message.', media: ['voice'] }),
      ask('three', 'text', { text: 'For {process_name}' }),
    ],
    { textOf: ['one', 'two', 'three'] },
  );
  expect(fieldsOf(registry).map(({ label, hint }) => [label, hint])).toEqual([
    ['Who has this problem?', 'For example: parents. Or farmers.'],
    ['What should change?', null],
    ['For Open Plan', null],
  ]);
  expect(formFields(registry, 'idea', 'fr', world)[0]).toMatchObject({ label: 'Qui ?', hint: 'Par exemple.' });
});

test('there is no list without anything in it, and no form without a flow', () => {
  const registry = bookOf([ask('theme', 'choice', { choices: 'themes' })], { text: 'x', theme: 'theme' });
  const bare = { ...world, process: { ...world.process, themes: [] } };
  expect(fieldsOf(registry)[0]?.input).toHaveLength(THEMES.length);
  expect(formFields(registry, 'idea', 'en', bare)).toEqual([]);
  expect(formFields(registry, 'nothing', 'en', world)).toEqual([]);
});

test('what is asked a second time is left to the chat', () => {
  const again = ask('again', 'text', { save: 'where' });
  const registry = bookOf([ask('where', 'text'), again], { text: '{where}' });
  expect(fieldsOf(registry).map(({ label }) => label)).toEqual(['About where?']);
  expect(formObjections(registry, 'idea', { where: 'Here' }, 'en', world)).toBeNull();
});

test('a pick that is no longer offered is left to the chat, which asks with the new list', () => {
  const registry = bookOf([ask('theme', 'choice', { choices: 'themes' })], { text: 'x', theme: 'theme' });
  expect(formObjections(registry, 'idea', { theme: 'gone' }, 'en', world)).toBeNull();
  expect(formObjections(registry, 'idea', {}, 'en', world)).toEqual({ theme: 'About theme?' });
});

test('each field that is too long is told so, with what fits', () => {
  const registry = bookOf([ask('idea', 'text'), ask('why', 'text', { skip: true }), ask('who', 'text')], {
    text: '{idea}',
    fields: ['why', 'who'],
  });
  const [fits, long] = ['x'.repeat(20_000), 'x'.repeat(20_001)];
  const words = 'That is too long for one message: at most 20,000 characters.';
  const given = { idea: long, why: long, who: fits };
  expect(formObjections(registry, 'idea', given, 'en', world)).toEqual({ idea: words, why: words });
  expect(formObjections(registry, 'idea', { idea: fits, who: fits }, 'en', world)).toBeNull();
});
