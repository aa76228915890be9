import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startTelegramSandbox } from '../../../src/sandbox/telegram.ts';
import { commandProcess, NOTHING_SET } from '../../support/command.ts';
import { freshDatabaseUrl } from '../../support/database.ts';
import { serverPid, temporaryFolder } from '../../support/ownServer.ts';
import { until } from '../../support/wait.ts';

const { PATH = '', HOME = '' } = process.env;

/** A program and what it says on stderr; ended when the test is. */
function begin(program: string, args: string[], env: Record<string, string>, stdout: number | 'pipe' | 'ignore') {
  const child = spawn(program, args, {
    env: { ...NOTHING_SET, PATH, HOME, ...env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const ended = new Promise<{ code: number | null; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, err })),
  );
  return { child, err: () => err, ended };
}

const hearback = (args: string[], env: Record<string, string>, stdout: number | 'pipe' | 'ignore' = 'ignore') =>
  begin(process.execPath, ['dist/hearback.js', ...args], env, stdout);

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The process id of the database that a demo has made below a folder, once people speak. */
async function demoServer(folder: string): Promise<number> {
  await until('people speak in the demo', () => peopleIn(folder).catch(() => false));
  const [own = ''] = await readdir(folder);
  return serverPid(path.join(folder, own));
}

async function peopleIn(folder: string): Promise<boolean> {
  const [own = ''] = await readdir(folder);
  const { port, password } = JSON.parse(await readFile(path.join(folder, own, 'postgres.json'), 'utf8'));
  const client = new pg.Client({ connectionString: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres` });
  try {
    await client.connect();
    return ((await client.query('SELECT 1 FROM identity LIMIT 1')).rowCount ?? 0) > 0;
  } finally {
    await client.end();
  }
}

test('a demo that cannot begin ends with its code, names the remedy and leaves nothing', async () => {
  const TMPDIR = await temporaryFolder();
  const ended = await commandProcess(['demo'], { TMPDIR, FLOWS_DIR: path.join(TMPDIR, 'none') });
  expect(ended).toEqual({ code: 1, out: '', err: expect.stringMatching(/^FLOWS_DIR: .*\n$/) });
  expect(await readdir(TMPDIR)).toEqual([]);
});

test('a demo that is told to end stops its database and takes its folder away', async () => {
  const TMPDIR = await temporaryFolder();
  const demo = hearback(['demo'], { TMPDIR, FLOWS_DIR: path.resolve('flows') });
  const server = await demoServer(TMPDIR);
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toEqual({ code: 143, err: '' });
  await until('its database has ended', () => !isThere(server));
  expect(await readdir(TMPDIR)).toEqual([]);
});

test('a service stops with the npm that began it, whose shell passes no signal on', async () => {
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const DATA_DIR = await temporaryFolder();
  const platform = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const shell = begin(
    'sh',
    ['-c', `"${process.execPath}" dist/hearback.js start; exit 0`],
    { DATA_DIR, PORT: '0', npm_lifecycle_event: 'npx', ...platform },
    'ignore',
  );
  await until('the service is up', () => shell.err().includes('Hearback is up'));
  const server = await serverPid(DATA_DIR);
  shell.child.kill('SIGTERM');
  // The service holds the shell's stderr open for as long as it lives.
  await shell.ended;
  await until('its database has ended', () => !isThere(server));
});

test('a service that is told to end while it begins waits for no platform, and leaves no database running', async () => {
  let asked = 0;
  const silent = createServer((socket) => {
    asked += 1;
    // Read, and never answered; the reading sees its end.
    socket.resume();
  });
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void silent.close(() => resolve())));
  const DATA_DIR = await temporaryFolder();
  const { port } = silent.address() as AddressInfo;
  const platform = { TELEGRAM_BOT_TOKEN: '1:x', TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` };
  const service = hearback(['start'], { DATA_DIR, PORT: '0', ...platform });
  await until('the platform is asked', () => asked > 0);
  const server = await serverPid(DATA_DIR);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual({ code: 143, err: '' });
  await until('its database has ended', () => !isThere(server));
});

test('a database that goes away under a command is told in one line', async () => {
  const url = await freshDatabaseUrl();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  await client.query('LOCK TABLE contribution IN ACCESS EXCLUSIVE MODE');
  const looking = new pg.Client({ connectionString: url });
  await looking.connect();
  onTestFinished(() => looking.end());
  const list = hearback(['contributions', 'list'], { DATABASE_URL: url });
  const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until(
    'the command waits for the table',
    async () => ((await looking.query(`SELECT 1 ${waiting}`)).rowCount ?? 0) > 0,
  );
  await looking.query(`SELECT pg_terminate_backend(pid) ${waiting}`);
  expect(await list.ended).toEqual({ code: 1, err: expect.stringMatching(/^The database went away .* again.*\n$/) });
});

test.runIf(process.platform === 'linux')('what cannot be written for want of room is told in one line', async () => {
  const list = hearback(
    ['contributions', 'list'],
    { DATABASE_URL: await freshDatabaseUrl() },
    openSync('/dev/full', 'w'),
  );
  expect(await list.ended).toEqual({
    code: 1,
    err: expect.stringMatching(/^What the command writes to: its disk is full\. .*\n$/),
  });
});

test('a reader who has seen enough is not a mistake', async () => {
  const list = hearback(['contributions', 'list'], { DATABASE_URL: await freshDatabaseUrl() }, 'pipe');
  list.child.stdout?.destroy();
  expect(await list.ended).toEqual({ code: 0, err: '' });
});

test('a folder that is not there is told in one line by its path', async () => {
  const { code, err } = await commandProcess(['demo'], { TMPDIR: '/no/such/folder' });
  expect(code).toBe(1);
  expect(err).toMatch(/^\/no\/such\/folder\S+: is not there\. .*\n$/);
});

test('a command whose own files are taken away says so, and ends with its code', async () => {
  const folder = await temporaryFolder();
  const [program, gone] = [path.join(folder, 'hearback.js'), /(doctor|fault)-\w+\.js$/];
  await cp('dist', folder, { recursive: true, filter: (file) => !gone.test(file) });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const doctor = begin(process.execPath, [program, 'doctor'], {}, 'ignore');
  expect(await doctor.ended).toEqual({
    code: 1,
    err: expect.stringMatching(/^Hearback's own files are not whole.*\(ERR_MODULE_NOT_FOUND\).*`npm run build`.*\n$/),
  });
});
