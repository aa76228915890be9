import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/ownServer.ts';

interface Locked {
  dev?: boolean;
  license?: string;
  engines?: { node?: string };
}

/** What `npm ci` installs, by its folder; Hearback itself by none. */
const { '': hearback, ...packages } = (
  JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
).packages;

/** What `npm ci --omit=dev` installs. */
const production = (): [string, Locked][] => Object.entries(packages).filter(([, { dev }]) => !dev);

const PERMISSIVE = ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];

test('what an install brings into production is licensed permissively', () => {
  const others = production().filter(([, { license }]) => !PERMISSIVE.includes(license ?? ''));
  expect(others).toEqual([]);
});

/** The first version of a range, as a number that grows with it, and whether higher majors are in it. */
function least(range: string): { version: number; open: boolean } {
  const [, sign, major = '0', minor = '0'] = /^\s*(>=|\^)?\s*(\d+)?(?:\.(\d+))?/.exec(range) ?? [];
  return { version: Number(major) * 1000 + Number(minor), open: sign === '>=' || range.trim() === '*' };
}

test('all of it runs on the oldest Node that Hearback asks for, so that `npm ci` warns of nothing', () => {
  const oldest = least(hearback?.engines?.node ?? '').version;
  expect(oldest).toBeGreaterThan(0);
  const runs = (range: string) =>
    range.split('||').some((part) => {
      const { version, open } = least(part);
      return version <= oldest && (open || Math.floor(version / 1000) === Math.floor(oldest / 1000));
    });
  expect(Object.entries(packages).filter(([, { engines }]) => !runs(engines?.node ?? '*'))).toEqual([]);
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
