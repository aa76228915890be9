import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { createFlowRegistry, type FlowRegistry } from '../../../../src/conversation/flow/flowRegistry.ts';
import { checkMessages, checkPhrases } from '../../../../src/conversation/flow/source/catalog.ts';
import { CHAT } from '../../../../src/conversation/flow/source/catalogKeys.ts';
import { checkFlows } from '../../../../src/conversation/flow/source/check.ts';
import { parseYaml } from '../../../../src/conversation/flow/source/file.ts';
import { parseFlow } from '../../../../src/conversation/flow/source/load.ts';
import type { Problem } from '../../../../src/core/problem.ts';
import { sized } from '../../../support/size.ts';
import { only, talk } from '../../../support/talk.ts';

const FLOWS = readdirSync('flows').filter((name) => name.endsWith('.flow.yaml'));
const TEXTS = new Map(
  [...FLOWS, 'messages.yaml', 'chat.yaml'].map((name) => [name, readFileSync(`flows/${name}`, 'utf8')]),
);
const shipped = (name: string): string => TEXTS.get(name) ?? '';
const DATA = new Map([...TEXTS].map(([name, text]) => [name, parseDocument(text).toJS()]));
/** What a shipped file holds, to be changed. */
const dataOf = (name: string) => structuredClone(DATA.get(name));
const LANGUAGES = ['en', 'es', 'fr'];
const { messages } = checkMessages(
  parseYaml(shipped('messages.yaml'), 'messages.yaml'),
  'messages.yaml',
  LANGUAGES,
  () => true,
);

/** Things that slip into a file: marks of YAML and of messages, names, numbers, emptiness. */
const odd = fc.constantFrom(
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '- ',
    ': ',
    '? ',
    '#',
    '&a ',
    '*a',
    '!x ',
    '|',
    '>',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '---\n',
    '%',
    '@',
    '<<: ',
    '__proto__: ',
    'null',
    '~',
  ],
  ...[
    '{idea}',
    '{nmae, select, yes {x}}',
    'goto: idea',
    'next: menu',
    'id: idea',
    'ask: number',
    'jump: { flow: idea }',
    'call: welcome',
    'end: true',
    '9'.repeat(400),
  ],
);
/** A piece is taken out somewhere, and something else put there. */
const slip = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(40),
  put: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 6 })),
});
const slipped = (text: string, slips: { at: number; cut: number; put: string }[]): string =>
  slips.reduce((before, { at, cut, put }) => {
    const from = Math.floor(at * before.length);
    return before.slice(0, from) + put + before.slice(from + cut);
  }, text);

/** Another value at some place of the data. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e9,
    '',
    'idea',
    'menu',
    'welcome',
    'nobody',
    '{x',
    '{idea}',
    [],
    {},
    'P3D',
    'themes',
  ),
  fc.jsonValue(),
);
const change = fc.record({
  turns: fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
  to: value,
  how: fc.constantFrom('put', 'drop', 'twice'),
});
type Change = { turns: number[]; to: unknown; how: string };

function changed(name: string, changes: Change[]): string {
  const data = dataOf(name) as object;
  for (const { turns, to, how } of changes) applied(data, turns, to, how);
  return stringify(data, { lineWidth: 0 });
}

/** Down the data by the turns, to a key that is changed. */
function applied(data: object, turns: number[], to: unknown, how: string): void {
  const keys = Object.keys(data);
  const key = keys[(turns[0] ?? 0) % Math.max(1, keys.length)];
  if (key === undefined) return;
  const inner: unknown = Reflect.get(data, key);
  if (turns.length > 1 && typeof inner === 'object' && inner !== null) return applied(inner, turns.slice(1), to, how);
  if (how === 'twice' && Array.isArray(data)) data.push(inner);
  else if (how === 'drop') Array.isArray(data) ? data.splice(Number(key), 1) : Reflect.deleteProperty(data, key);
  else Reflect.set(data, key, to);
}

const mutated = (names: string[]) =>
  fc.constantFrom(...names).chain((name) =>
    fc.oneof(
      fc.array(slip, { minLength: 1, maxLength: 4 }).map((slips) => ({ name, text: slipped(shipped(name), slips) })),
      fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => ({ name, text: changed(name, changes) })),
    ),
  );

const READ = new Map(FLOWS.map((file) => [file, parseFlow(shipped(file), file)]));

function checked(name: string, text: string) {
  const read = FLOWS.map((file) => (file === name ? parseFlow(text, file) : READ.get(file)) ?? { problems: [] });
  const sources = read.flatMap(({ source }) => source ?? []);
  const unread = new Set(read.length > sources.length ? [name.replace('.flow.yaml', '')] : []);
  const problems = [...read.flatMap((one) => one.problems), ...checkFlows(sources, { messages, unread })];
  return { problems, flows: sources.map(({ flow }) => flow) };
}

function expectReadable(problems: Problem[], text: string, name: string): void {
  for (const { file, line, message, remedy } of problems) {
    expect(message).toMatch(/^\S[\s\S]*[.?!]$/);
    expect(remedy).toMatch(/^\S[\s\S]*[.?!]$/);
    expect(Number.isInteger(line)).toBe(true);
    expect(line).toBeGreaterThanOrEqual(1);
    if (file === name) expect(line).toBeLessThanOrEqual(text.split(/\r\n?|\n/).length);
  }
}

const RUNS = { seed: 20_270_115, numRuns: sized(75, 300) };

test('whatever slips into a flow gives problems with a line and a remedy, and is never thrown', () => {
  fc.assert(
    fc.property(mutated(FLOWS), ({ name, text }) => expectReadable(checked(name, text).problems, text, name)),
    RUNS,
  );
}, 120_000);

test('whatever slips into a catalog gives problems with a line and a remedy, and is never thrown', () => {
  fc.assert(
    fc.property(mutated(['messages.yaml', 'chat.yaml']), ({ name, text }) => {
      const yaml = parseYaml(text, name);
      const problems =
        name === 'chat.yaml'
          ? checkPhrases(yaml, name, CHAT, LANGUAGES)
          : checkMessages(yaml, name, LANGUAGES, () => true).problems;
      expectReadable(problems, text, name);
    }),
    RUNS,
  );
}, 120_000);

/** Ways that lead elsewhere: some steps, each with another step that it is to lead to. */
const rewired = fc.constantFrom(...FLOWS).chain((name) =>
  fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 5 }).map((wires) => ({
    name,
    text: stringify(wires.reduce(wired, dataOf(name)), { lineWidth: 0 }),
  })),
);

type Steps = { steps: { id: string; next?: string; branch?: { goto: string }[]; choices?: { next?: string }[] }[] };

function wired(flow: Steps, [from, to]: [number, number]): Steps {
  const step = flow.steps[from % flow.steps.length];
  const target = flow.steps[to % flow.steps.length]?.id;
  if (!step || target === undefined || 'end' in step || 'jump' in step) return flow;
  const [arm] = step.branch ?? [];
  const [choice] = Array.isArray(step.choices) ? step.choices : [];
  if (arm && from % 2) arm.goto = target;
  else if (choice && from % 2) choice.next = target;
  else step.next = target;
  return flow;
}

/** Troubles that the check promises to find beforehand. */
const FORESEEN = /no such step|no flow|steps in one turn|without end/;
/** What is known to go wrong; a step that nothing leads to harms nobody. */
const known = ({ severity, message }: Problem): boolean =>
  (severity === 'error' && !message.includes('no step leads here')) || message.includes('comes back to itself');

function playedAtRandom(registry: FlowRegistry, flow: string, moves: number[]): string[] {
  const person = talk(registry, { consented: moves.length % 2 === 0 });
  person.take({ kind: 'begin', flow, answers: {} });
  for (const move of moves) {
    const buttons = person.buttons();
    const button = buttons[move % Math.max(1, buttons.length)];
    if (button && move % 3 > 0) person.sends(button.data);
    else person.says(['Buses on Sundays', '3', '2027-03-31', 'yes'][move % 4] ?? '');
  }
  return only(person.events, 'failed').map(({ why }) => why);
}

test('a conversation whose ways lead elsewhere breaks off only where the check has said so', () => {
  let played = 0;
  fc.assert(
    fc.property(rewired, fc.array(fc.nat(11), { minLength: 5, maxLength: 20 }), ({ name, text }, moves) => {
      const { problems, flows } = checked(name, text);
      if (problems.some(known)) return;
      played += 1;
      const failed = playedAtRandom(createFlowRegistry(flows, messages), name.replace('.flow.yaml', ''), moves);
      expect(failed.filter((why) => FORESEEN.test(why))).toEqual([]);
    }),
    { ...RUNS, numRuns: sized(180, 720) },
  );
  expect(played).toBeGreaterThan(sized(50, 200));
}, 120_000);
