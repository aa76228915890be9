import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { loadPhrases } from '../../../src/core/loadPhrases.ts';
import { startTelegramSandbox } from '../../../src/sandbox/telegram.ts';
import { notLetIn } from '../../../src/store/database.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { command, commandProcess } from '../../support/command.ts';
import { lastingDatabaseUrl } from '../../support/database.ts';
import { startProcess } from '../../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'mistakes-'));
afterAll(() => rmSync(folder, { recursive: true }));

let url: string;
beforeAll(async () => {
  url = await lastingDatabaseUrl();
});

/** Nobody listens there, and no system gives it to anybody. */
const CLOSED = 1;

/** A port with a program that says nothing behind it. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as { port: number }).port;
}

/** The service on a stand-in of Telegram. */
async function start(env: Record<string, string>) {
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const platform = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  return commandProcess(['start'], { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent', ...platform, ...env });
}

test('a database that does not answer, or does not know its name, is told by its key', async () => {
  const closed = `postgresql://user:hunter2@127.0.0.1:${CLOSED}/hearback`;
  const list = (DATABASE_URL: string) => command(['contributions', 'list'], { DATABASE_URL });
  const refused = await list(closed);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toMatch(
    /^DATABASE_URL: PostgreSQL does not let Hearback in \(ECONNREFUSED\)\. See that it runs.*\n$/,
  );
  const unknown = await list(url.replace(/\/\w+$/, '/nothing_of_this_name'));
  expect(unknown.err).toMatch(/^DATABASE_URL: .*"nothing_of_this_name" does not exist.*\n$/);
});

test('whoever starts the service before a platform is set up reads what to do, and members come in by the console', async () => {
  const service = await startProcess({ DATABASE_URL: url });
  expect(service.log().split('\n').slice(0, 4)).toEqual([
    'No platform is set up: only members come in, by the console.',
    'To see it at work without one: npx hearback demo',
    expect.stringContaining('TELEGRAM_BOT_TOKEN=…'),
    expect.stringContaining('SLACK_BOT_TOKEN=xoxb-…'),
  ]);
  await command(['members', 'add', 'ana', '--name', 'Ana', '--role', 'admin'], { DATABASE_URL: url });
  const env = { DATABASE_URL: url, PUBLIC_URL: service.url };
  const made = await command(['console-link'], env);
  expect(made.out).toMatch(/It lets ana in once, until \d{4}-\d\d-\d\d \d\d:\d\d UTC, where the service runs\./);
  const answer = await fetch(/http\S+/.exec(made.out)?.[0] ?? '');
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('This link is for')]);
  await command(['members', 'add', 'ben', '--name', 'Ben', '--role', 'viewer'], { DATABASE_URL: url });
  expect((await command(['console-link'], env)).err).toBe(
    'Say for whom: npx hearback console-link MEMBER. There are: ana, ben.\n',
  );
  expect(JSON.parse((await command(['console-link', '--as', 'ben', '--json'], env)).out)).toMatchObject({
    member: 'ben',
  });
  expect((await command(['console-link', 'ana', '--as', 'ben'], env)).err).toContain('for themselves alone');
});

test('a port in use is told by its key, and the service ends', async () => {
  const taken = await takenPort();
  const ended = await start({ PORT: String(taken) });
  expect(ended).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^PORT: \d+ is in use by another program\. .*\n$/),
  });
});

test('a host that is none of this machine is told by its key', async () => {
  expect((await start({ HOST: '203.0.113.7' })).err).toMatch(
    /^HOST: 203\.0\.113\.7 is not an address of this machine\. .*\n$/,
  );
});

test('a folder of flows that is not there is told by its key', async () => {
  const ended = await start({ FLOWS_DIR: join(folder, 'none') });
  expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/^FLOWS_DIR: .*\n$/) });
});

test('phrases that cannot be read are told by file and line', async () => {
  const file = join(folder, 'chat.yaml');
  for (const [text, line] of [
    ['', 1],
    ['a: [b\nc: d', 2],
  ] as const) {
    writeFileSync(file, text);
    await expect(loadPhrases(file)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`${file}:${line}: `),
    });
  }
});

test('a folder for the embedded database that cannot be made is told by its key', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const [place, code] of [
    [join(file, 'data'), 'ENOTDIR'],
    [file, 'EEXIST'],
    [join(folder, 'x'.repeat(300)), 'ENAMETOOLONG'],
    // Takes no folder, and does not say so to whoever makes all of a path at once.
    ...(process.platform === 'linux' ? [['/proc/none/data', 'ENOENT'] as const, ['/proc', 'ENOENT'] as const] : []),
  ] as const)
    await expect(openEmbedded(place)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        new RegExp(`^DATA_DIR: .* cannot be written to \\(${code}\\)\\. Name a folder .*$`),
      ),
    });
});

test('a folder for the embedded database is made with those above it', async () => {
  const home = join(folder, 'one', 'two');
  const { close } = await openEmbedded(home);
  await close();
  expect(existsSync(join(home, 'postgres'))).toBe(true);
});

test('a database whose password is lost is left as it is, and where that stood is told', async () => {
  const home = join(folder, 'lost');
  const { close } = await openEmbedded(home);
  await close();
  writeFileSync(join(home, 'postgres.json'), '{"passw');
  await expect(openEmbedded(home)).rejects.toThrow(/^DATA_DIR: .*postgres\.json cannot be read, .* from a backup/);
  expect(readFileSync(join(home, 'postgres.json'), 'utf8')).toBe('{"passw');
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a server that takes a connection and says nothing has not let anybody in', () => {
  for (const silence of ['Connection terminated due to connection timeout', 'Connection terminated unexpectedly'])
    expect(notLetIn(new Error(silence))).toBe('no answer');
});

test('a second service on one database is told that there is one', async () => {
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const env = { DATABASE_URL: url, TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const first = await startProcess(env);
  const second = await command(['start'], { ...env, PORT: new URL(first.url).port });
  expect(second).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^PORT: \d+ is taken, and a service runs on this database already: all \d+@.*\. .*\n$/),
  });
});

test('the working sheet is written as its ending says, where it can be, and over nothing that is there', async () => {
  const file = join(folder, 'sheet.xlsx');
  const sheet = (...args: string[]) => command(['contributions', 'export', ...args], { DATABASE_URL: url });
  expect(await sheet('--out', join(folder, 'none', 'sheet.csv'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^--out: .*sheet\.csv cannot be written \(ENOENT\)\. Name a file in a folder.*\n$/),
  });
  expect((await sheet('--format', 'csv', '--out', file)).err).toMatch(/^--format csv: .*ends in \.xlsx\. .*\n$/);
  expect(await sheet('--out', file)).toMatchObject({ code: 0 });
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  writeFileSync(file, 'decisions');
  expect((await sheet('--out', file)).err).toMatch(/^--out: .*is there already, .*--force.*\n$/);
  expect(readFileSync(file, 'utf8')).toBe('decisions');
  expect((await sheet('--out', file, '--force', '--json')).out).toContain('"format":"xlsx"');
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
});
