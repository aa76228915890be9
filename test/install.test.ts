import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/ownServer.ts';

interface Locked {
  dev?: boolean;
  license?: string;
}

/** What `npm ci --omit=dev` installs, by its folder. */
function production(): [string, Locked][] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  return Object.entries(packages).filter(([folder, { dev }]) => folder !== '' && !dev);
}

const PERMISSIVE = ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];

test('what an install brings into production is licensed permissively', () => {
  const others = production().filter(([, { license }]) => !PERMISSIVE.includes(license ?? ''));
  expect(others).toEqual([]);
});

const MOST_BYTES = 260 * 2 ** 20;
const BLOCK = 4096;

/** On the disk, in whole blocks; packages within are counted for themselves. */
function weight(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
  return entries.reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + BLOCK + weight(path);
    return sum + Math.ceil(lstatSync(path).size / BLOCK) * BLOCK;
  }, 0);
}

test('production dependencies weigh at most 260 MB: Prisma writes its client and stays behind', () => {
  const installed = production().filter(([folder]) => existsSync(folder));
  expect(installed.map(([folder]) => folder)).not.toContain('node_modules/prisma');
  const bytes = installed.reduce((sum, [folder]) => sum + weight(folder), 0);
  expect(bytes).toBeGreaterThan(50 * 2 ** 20);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

const build = (folder: string) => spawnSync(process.execPath, [join(folder, 'build.mjs')], { encoding: 'utf8' });
const written = () => readdirSync('dist').map((name) => [name, lstatSync(join('dist', name)).mtimeMs]);

test('what is compiled already stays untouched, so that commands may run meanwhile', () => {
  const before = written();
  expect(build('.')).toMatchObject({ status: 0, stderr: '' });
  expect(written()).toEqual(before);
});

test('an install without development dependencies keeps what was compiled, and says what to do where nothing was', async () => {
  const folder = await temporaryFolder();
  copyFileSync('build.mjs', join(folder, 'build.mjs'));
  expect(build(folder)).toMatchObject({ status: 0, stderr: expect.stringContaining('`npm ci`, then') });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/hearback.js'), 'compiled');
  expect(build(folder)).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(folder, 'dist/hearback.js'), 'utf8')).toBe('compiled');
});
