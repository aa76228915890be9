import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { commandProcess } from '../../support/command.ts';
import { freshDatabaseUrl } from '../../support/database.ts';

/**
 * The packages that a command loads: Node writes down every script for those who measure coverage, and what is compiled
 * says of each of its parts where that came from.
 */
async function loadedBy(args: string[], env: Record<string, string> = {}, code = 0): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loaded-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ended = await commandProcess(args, { ...env, NODE_V8_COVERAGE: folder });
  expect(ended).toMatchObject({ code, ...(code === 0 && { err: '' }) });
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const scripts = files.flatMap((file) => (JSON.parse(file) as { result: { url: string }[] }).result);
  const compiled = scripts.filter(({ url }) => url.includes('/dist/')).map(({ url }) => fileURLToPath(url));
  const texts = await Promise.all(compiled.map((file) => readFile(file, 'utf8')));
  const parts = texts.flatMap((text) => [...text.matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)]);
  return [...new Set(parts.map(([, name = '']) => name))];
}

test('help and version load nothing but what reads the command line', async () => {
  expect(await loadedBy(['--help'])).toEqual(['commander']);
  expect(await loadedBy(['--version'])).toEqual(['commander']);
});

test('the list of contributions loads no platform, no queue, no spreadsheet and no Prisma', async () => {
  const loaded = await loadedBy(['contributions', 'list'], { DATABASE_URL: await freshDatabaseUrl() });
  expect(loaded).toContain('pg');
  const heavy = /^(@slack|@grammyjs|@prisma|@hono)\/|^(grammy|bullmq|ioredis|hono|pino|luxon|tinyld|yaml)$|excel/;
  expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
});

test('a service that lacks a setting says so before it has loaded a platform or the database', async () => {
  const loaded = await loadedBy(['start'], { ROLE: 'web' }, 1);
  expect(loaded.filter((name) => /^(@slack|@prisma)\/|^(grammy|bullmq|pg|hono)$/.test(name))).toEqual([]);
});

test('--version says the version', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await commandProcess(['--version'], {})).toEqual({ code: 0, out: `${version}\n`, err: '' });
});
