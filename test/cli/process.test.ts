import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { addProcessCommands, type Terminal } from '../../src/cli/process.ts';
import { Mistake } from '../../src/domain/errors.ts';
import type { ProcessDefinition } from '../../src/domain/process.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { freshDatabase } from '../support/database.ts';

const EXAMPLE = 'flows/example.process.yaml';
const folder = mkdtempSync(join(tmpdir(), 'process-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example with one text for another. */
function changed(from: string, to: string): string {
  const file = join(folder, 'my.process.yaml');
  writeFileSync(file, readFileSync(EXAMPLE, 'utf8').replace(from, to));
  return file;
}

let processes: ReturnType<typeof createProcesses<ProcessDefinition>>;
beforeEach(async () => {
  processes = createProcesses<ProcessDefinition>(await freshDatabase());
});

interface Heard {
  out: string;
  err: string;
  mistake: string | null;
}

/** One command, at a terminal whose person types `keys` when asked; without keys nobody is there. */
async function hearback(args: string[], keys?: string): Promise<Heard> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const terminal: Terminal = streams;
  if (keys !== undefined) {
    Object.assign(streams.stdin, { isTTY: true, setRawMode: () => undefined });
    Object.assign(streams.stdout, { isTTY: true });
    for (const side of [streams.stdout, streams.stderr])
      side.on('data', (shown: Buffer) => void (/\?/.test(String(shown)) && streams.stdin.write(keys)));
  }
  const heard: Heard = { out: '', err: '', mistake: null };
  streams.stdout.on('data', (shown: Buffer) => void (heard.out += shown));
  streams.stderr.on('data', (shown: Buffer) => void (heard.err += shown));
  const program = new Command('hearback').exitOverride();
  const clock = () => Date.parse('2027-03-01T12:00Z');
  addProcessCommands(
    program,
    async () => ({ processes, clock, flowsDir: 'flows', close: async () => undefined }),
    terminal,
  );
  try {
    await program.parseAsync(['process', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    heard.mistake = error.message;
  }
  return heard;
}

const asked = ({ out, err }: Heard) => /Apply th/.test(out + err);

describe('process apply', () => {
  test('says what changes, old and new, then does it', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const { out, mistake } = await hearback(['apply', changed('closes: 2027-03-14', 'closes: 2027-03-21'), '--yes']);
    expect(mistake).toBe(null);
    expect(out).toBe('~ stage outreach, closes: 2027-03-14 -> 2027-03-21\nThe process is applied.\n');
    expect((await processes.current())?.stages[0]?.closes).toBe('2027-03-21');
  });

  test('says that nothing changes, and asks nothing, the second time', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const again = await hearback(['apply', EXAMPLE]);
    expect(again).toEqual({ out: 'Nothing changes.\n', err: '', mistake: null });
  });

  test('asks at a terminal, and does it after a yes', async () => {
    const heard = await hearback(['apply', EXAMPLE], 'y');
    expect(asked(heard)).toBe(true);
    expect(heard.out.indexOf('+ stage outreach: Ideas from everyone, 2027-02-01 – 2027-03-14')).toBeLessThan(
      heard.out.indexOf('Apply these'),
    );
    expect((await processes.current())?.languages).toEqual(['en', 'es', 'fr']);
  });

  test('does nothing after a no, or when the question is left', async () => {
    for (const key of ['n', '\u0003']) {
      const heard = await hearback(['apply', EXAMPLE], key);
      expect(asked(heard)).toBe(true);
      expect(heard.mistake).toBe('Nothing was applied.');
    }
    expect(await processes.current()).toBe(null);
  });

  test('shows the plan and does nothing where nobody can be asked', async () => {
    const { out, mistake } = await hearback(['apply', EXAMPLE]);
    expect(out).toContain('+ question trust: What would make you trust public spending more?');
    expect(mistake).toContain('--yes');
    expect(await processes.current()).toBe(null);
  });

  test('reports as JSON, with the plan and the question beside it', async () => {
    const first = await hearback(['apply', EXAMPLE, '--json'], 'y');
    expect(asked(first)).toBe(true);
    expect(JSON.parse(first.out)).toMatchObject({ changed: true });
    const file = changed('capacity: 120', 'capacity: 80');
    expect(JSON.parse((await hearback(['apply', file, '--json', '--yes'])).out)).toEqual({
      changed: true,
      changes: [{ change: 'changed', what: 'event opening, capacity', from: '120', to: '80' }],
    });
    expect(JSON.parse((await hearback(['apply', file, '--json'])).out)).toEqual({ changed: false, changes: [] });
  });

  test('refuses a wrong file with every mistake, and touches nothing', async () => {
    const { mistake } = await hearback(['apply', changed('closes: 2027-03-14', 'closes: 2027-02-30'), '--yes']);
    expect(mistake).toMatch(/my\.process\.yaml:\d+: stages\.outreach\.closes/);
    expect((await hearback(['apply', join(folder, 'none.yaml'), '--yes'])).mistake).toContain('cannot be read');
    expect(await processes.current()).toBe(null);
  });

  test('tells what is doubtful, beside the outcome', async () => {
    const { out, err } = await hearback(['apply', changed('at: 2027-02-04', 'at: 2027-01-04'), '--yes', '--json']);
    expect(err).toMatch(/my\.process\.yaml:\d+: warning: events\.opening\.at/);
    expect(JSON.parse(out)).toMatchObject({ changed: true });
  });
});

test('process show is the timeline as people read it now, or the definition', async () => {
  await hearback(['apply', EXAMPLE, '--yes']);
  expect((await hearback(['show'])).out).toContain('Open now, until 14 March.');
  expect(JSON.parse((await hearback(['show', '--json'])).out)).toMatchObject({ timeZone: 'Europe/Madrid' });
});
