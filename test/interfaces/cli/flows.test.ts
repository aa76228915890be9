import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { addFlowsCommands } from '../../../src/interfaces/cli/flows.ts';
import { flowsWith, shippedWith } from '../../support/folder.ts';

/** As many as are shipped. */
const FLOWS = readdirSync('flows').filter((name) => name.endsWith('.flow.yaml')).length;

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The command within this process; a mistake goes where the command line would put it. */
async function hearback(args: string[], { flows = 'flows' } = {}): Promise<Ended> {
  vi.stubEnv('FLOWS_DIR', flows);
  let out = '';
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += text)));
  const before = process.exitCode;
  process.exitCode = 0;
  onTestFinished(() => void vi.unstubAllEnvs());
  try {
    const program = new Command('hearback').exitOverride();
    addFlowsCommands(program);
    await program.parseAsync(['flows', ...args], { from: 'user' });
    return { code: Number(process.exitCode), out, err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, out, err: error.message };
  } finally {
    written.mockRestore();
    process.exitCode = before;
  }
}

/** The command as it is typed; the input ends after these lines. */
function typed(args: string[], lines: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/hearback.js', 'flows', ...args]);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

test('flows check passes the shipped flows', async () => {
  const { code, out, err } = await hearback(['check']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(new RegExp(`^${FLOWS} flows, 0 errors, 0 warnings\\.$`, 'm'));
  expect(out).toMatch(/^Reading ease, from 100 \(very easy\) down; plain words are at 60: en \d+, es \d+, fr \d+\.$/m);
});

test('flows check ends with code 1 on errors, and says file, line and remedy, also as JSON', async () => {
  const loose = await shippedWith('loose.flow.yaml', 'goto: sure }', 'goto: srue }');
  const flows = await flowsWith({ 'loose.flow.yaml': loose });
  const file = path.join(flows, 'loose.flow.yaml');
  const { code, out } = await hearback(['check'], { flows });
  expect(code).toBe(1);
  expect(out).toMatch(new RegExp(`^${file}:\\d+: Step "spoke": it leads to "srue".+ Did you mean "sure"\\?$`, 'm'));
  expect(out).toContain(`\n${FLOWS} flows, 2 errors, 0 warnings.\n`);
  const json = await hearback(['check', '--json'], { flows });
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)[0]).toEqual({
    file,
    line: expect.any(Number),
    severity: 'error',
    message: expect.stringContaining('srue'),
    remedy: 'Did you mean "sure"?',
  });
});

test('flows check ends with code 0 on warnings, and looks at one flow where one is named', async () => {
  const flows = await flowsWith({ 'broken.flow.yaml': 'flow: [', 'own.flow.yml': '' });
  expect(await hearback(['check', 'idea'], { flows })).toMatchObject({
    code: 0,
    out: 'Flow "idea", 0 errors, 0 warnings.\n',
  });
  expect(await hearback(['check', 'broken'], { flows })).toMatchObject({ code: 1 });
  await writeFile(
    path.join(flows, 'broken.flow.yaml'),
    'flow: own\nversion: 1\nlanguages: [en, es, fr]\nsteps: [{id: one, say: Hello}]\n',
  );
  expect(await hearback(['check'], { flows })).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 errors, 1 warning.'),
  });
});

test.each([
  [['check', 'ideas'], 'There is no flow "ideas" that can be read. Did you mean "idea"?'],
  [['diagram', 'nothing'], 'There are: add, answer, ask'],
  [['diagram', 'idea', '--lang', 'de'], '"idea" is not written in "de". It speaks en, es, fr.'],
  [['play', 'wlcome'], 'Did you mean "welcome"?'],
  [['play', 'idea', '--lang', 'xx'], '"idea" is not written in "xx". It speaks en, es, fr.'],
  [['play', 'respond', '--given', 'reply'], '--given reply: write a name and a value'],
])('flows %j is a mistake that names what there is', async (args, words) => {
  const { code, out, err } = await hearback(args);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(words);
});

test('flows diagram draws one flow, or all of them', async () => {
  const one = await hearback(['diagram', 'welcome', '--lang', 'fr']);
  expect(one).toMatchObject({ code: 0, err: '' });
  expect(one.out).toContain('"Partager une idée"');
  expect(one.out.match(/^flowchart TD$/gm)).toHaveLength(1);
  expect((await hearback(['diagram'])).out.match(/^flowchart TD$/gm)).toHaveLength(FLOWS);
});

test('flows play talks until the input ends, and ends politely', async () => {
  const args = ['play', 'respond', '--given', 'reply=disagree', '--lang', 'es'];
  const { code, out, err } = await typed(args, ['No estoy de acuerdo']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('> No estoy de acuerdo\n');
  expect(out).toMatch(/Tiene el número HB-\w{7}/);
  expect(out.trimEnd().endsWith('Goodbye. Nothing of this was kept.')).toBe(true);
});

test('a mistake is told on the command line without a stack', async () => {
  const { code, out, err } = await typed(['play', 'wlcome'], []);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe(
    'There is no flow "wlcome" that can be read. Did you mean "welcome"? See: npx hearback flows check\n',
  );
});

test('flows play refuses flows with errors, and says all of them', async () => {
  const flows = await flowsWith({ 'chat.yaml': 'no_words: [', 'idea.flow.yaml': '- one\n' });
  const { code, err } = await hearback(['play', 'welcome'], { flows });
  expect(code).toBe(1);
  expect(err).toContain('chat.yaml:1: Flow s');
  expect(err).toContain('idea.flow.yaml:1: ');
});

test('flows play refuses a process with errors, and names its lines', async () => {
  const flows = await flowsWith({ 'example.process.yaml': 'name: Plan\nlanguages: [en]\ntimeZone: Nowhere\n' });
  expect(await hearback(['play', 'idea'], { flows })).toMatchObject({
    code: 1,
    err: expect.stringContaining('example.process.yaml:3: timeZone'),
  });
});
