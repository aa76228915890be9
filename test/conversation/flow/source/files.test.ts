import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFlowRegistry, readFlows } from '../../../../src/conversation/flow/source/load.ts';
import { UserError } from '../../../../src/core/errors.ts';
import { problemLine } from '../../../../src/core/problem.ts';
import { finding } from '../../../support/checking.ts';
import { flowsWith, shippedWith } from '../../../support/folder.ts';

const HEAD = 'flow: own\nversion: 1\nlanguages: [en, es, fr]\nsteps:\n';
const BOMB = [
  'a: &a [x, x]',
  'b: &b [*a, *a, *a]',
  'c: &c [*b, *b, *b]',
  'd: &d [*c, *c, *c]',
  'e: [*d, *d, *d, *d, *d]',
];

describe('a file that is not a flow is told with its line, and never thrown:', () => {
  test.each<[string, string | Uint8Array, number, string, string]>([
    ['empty', '', 1, 'is empty', 'key: value'],
    ['a comment alone', '# later\n', 1, 'is empty', 'key: value'],
    ['a list', '- one\n- two\n', 1, 'is not a map', 'key: value'],
    ['a sentence', 'Hello there\n', 1, 'is not a map', 'key: value'],
    ['bytes that are not text', new Uint8Array([0xff, 0xfe, 0x00, 0x9f]), 1, 'a character that no text has', 'UTF-8'],
    [
      'characters that are not text',
      `${HEAD}  - {id: one, say: "a\u0001b"}\n`,
      5,
      'a character that no text has',
      'UTF-8',
    ],
    ['far too long', `${HEAD}${'  - {id: one, say: Hello}\n'.repeat(45_000)}`, 1, 'too long', 'Check its name'],
    ['a key twice', 'flow: own\nversion: 1\nflow: other\n', 3, 'flow stands here a second time', 'Keep one of the two'],
    ['an alias of nothing', `${HEAD}  - *lost\n`, 5, 'another place of the file', 'quotes around'],
    ['an alias of itself', 'flow: &a [*a]\n', 1, 'another place of the file', 'quotes around'],
    ['aliases of aliases of aliases', BOMB.join('\n'), 1, 'another place of the file', 'quotes around'],
    [
      'two documents',
      `${HEAD}  - {id: one, say: Hello}\n---\nflow: two\n`,
      6,
      'multiple documents',
      'quotes and indentation',
    ],
    ['brackets without end', `flow: ${'['.repeat(100_000)}`, 1, 'cannot be read as YAML', 'correct it'],
    [
      'nested beyond reason',
      `flow: ${'['.repeat(400)}${']'.repeat(400)}`,
      1,
      '"flow" must be a text',
      'flow.schema.json',
    ],
    ['tabs', 'flow: own\nsteps:\n\t- one\n', 3, 'Tabs', 'quotes and indentation'],
    ['keys that are lists', '? [a, b]\n: c\n', 1, '"flow" is missing', 'Add it'],
  ])('%s', async (_what, content, line, says, remedy) => {
    const folder = await flowsWith({ 'own.flow.yaml': content });
    const { problems } = await readFlows(folder);
    const its = problems.filter(({ file }) => file === path.join(folder, 'own.flow.yaml'));
    expect(finding(its, { says })).toMatchObject({ line, severity: 'error', remedy: expect.stringContaining(remedy) });
    expect(its.length).toBeLessThanOrEqual(5);
  });
});

test('a file that cannot be read hides nothing of the others, and is not taken for a flow that is not there', async () => {
  const question = await shippedWith('question.flow.yaml', 'otherwise: unasked', 'otherwise: unaksed');
  const { problems } = await readFlows(
    await flowsWith({ 'idea.flow.yaml': 'flow: [', 'question.flow.yaml': question }),
  );
  const said = problems.map(({ message }) => message).join('\n');
  expect(said).toContain('"unaksed"');
  expect(said).not.toContain('no flow "idea"');
  expect(said).not.toContain('no command /mine');
});

test.each(['welcome', 'loose', 'idea', 'question', 'respond', 'edit', 'withdraw'])(
  'the service begins the flow "%s" by itself, so that it has to be there',
  async (flow) => {
    const folder = await flowsWith({ [`${flow}.flow.yaml`]: null });
    const found = finding((await readFlows(folder)).problems, {
      says: `There is no flow "${flow}", which begins when`,
    });
    expect(found).toMatchObject({
      file: path.join(folder, `${flow}.flow.yaml`),
      line: 1,
      severity: 'error',
      remedy: expect.stringContaining('Add it'),
    });
  },
);

test.each(['messages.yaml', 'chat.yaml', 'notices.yaml', 'members.yaml', 'outreach.yaml'])(
  '%s has to be there',
  async (name) => {
    const folder = await flowsWith({ [name]: null });
    const found = finding((await readFlows(folder)).problems, { says: 'cannot be opened' });
    expect(found).toMatchObject({
      file: path.join(folder, name),
      line: 1,
      severity: 'error',
      remedy: expect.stringContaining('FLOWS_DIR'),
    });
  },
);

test('a file whose name ends otherwise is told to be left out, as a warning', async () => {
  const { problems } = await readFlows(await flowsWith({ 'own.flow.yml': HEAD }));
  expect(finding(problems, { says: 'not read' })).toMatchObject({
    line: 1,
    severity: 'warning',
    remedy: expect.stringContaining('.flow.yaml'),
  });
});

test('a folder that is not there is a mistake that names it', async () => {
  await expect(readFlows('/nowhere/flows')).rejects.toThrow(/FLOWS_DIR: there is no folder \/nowhere\/flows/);
});

test('the service refuses to start with errors, all told together, and starts with warnings', async () => {
  const broken = await flowsWith({
    'messages.yaml': await shippedWith('messages.yaml', ', fr: "Passer"', ''),
    'chat.yaml': 'no_words: [',
    'loose.flow.yaml': await shippedWith('loose.flow.yaml', 'goto: sure }', 'goto: srue }'),
  });
  const mistake = await openFlowRegistry(broken).catch((error: unknown) => error);
  expect(mistake).toBeInstanceOf(UserError);
  expect((mistake as UserError).all.length).toBeGreaterThanOrEqual(3);
  for (const name of ['messages.yaml', 'chat.yaml', 'loose.flow.yaml'])
    expect((mistake as UserError).message).toContain(`${name}:`);
  const warned = await flowsWith({ 'own.flow.yml': HEAD });
  expect((await openFlowRegistry(warned)).get('idea')?.flow).toBe('idea');
});

test('what has come to a folder since it was read is told, also where it cannot be opened', async () => {
  const folder = await flowsWith({});
  const before = await openFlowRegistry(folder);
  expect(await openFlowRegistry(folder)).toBe(before);
  await mkdir(path.join(folder, 'own.flow.yaml'));
  await expect(openFlowRegistry(folder)).rejects.toThrow(/own\.flow\.yaml:1: .*cannot be opened/);
});

test('the shipped flows are in order, without a warning', async () => {
  expect((await readFlows('flows')).problems.map(problemLine)).toEqual([]);
});
