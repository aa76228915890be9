import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyForEverybody } from '../../src/store/programs.ts';

const root = userInfo().uid === 0;
const NOBODY = 65_534;

/** A folder below one that nobody but root can change, as `/var/lib` is. */
async function rootsOwn(): Promise<string> {
  const folder = await mkdtemp('/var/lib/hearback-test-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

/** Programs that only their owner can reach, with a library under two names. */
async function installed(place: string, words = 'one build'): Promise<string> {
  const folder = path.join(place, 'native');
  await mkdir(path.join(folder, 'bin'), { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, 'bin', 'initdb'), words, { mode: 0o700 });
  await writeFile(path.join(folder, 'library.so.1'), 'library', { mode: 0o620 });
  await symlink('library.so.1', path.join(folder, 'library.so')).catch(() => undefined);
  return folder;
}

const modeOf = async (...parts: string[]) => ((await stat(path.join(...parts))).mode & 0o777).toString(8);

describe.runIf(root)('as root', () => {
  test('programs are copied once, for everybody to run and for nobody but root to change', async () => {
    const place = await rootsOwn();
    const source = await installed(place);
    const shelf = path.join(place, 'shelf');
    const copy = () => copyForEverybody(source, shelf, '18.4');
    const [one, two] = await Promise.all([copy(), copy()]);
    expect(one).toBe(two);
    expect(path.basename(one)).toMatch(/^postgresql-18\.4-[0-9a-f]{16}$/);
    expect(await readdir(shelf)).toEqual([path.basename(one)]);
    expect(await readFile(path.join(one, 'library.so'), 'utf8')).toBe('library');
    expect((await lstat(path.join(one, 'library.so'))).isSymbolicLink()).toBe(true);
    expect(await modeOf(one)).toBe('755');
    expect(await modeOf(one, 'bin')).toBe('755');
    expect(await modeOf(one, 'bin', 'initdb')).toBe('755');
    expect(await modeOf(one, 'library.so.1')).toBe('644');
    expect(await modeOf(source, 'bin')).toBe('700');
  });

  test('another build of the same version has its own place, and a copy that was cut off is never used', async () => {
    const place = await rootsOwn();
    const shelf = path.join(place, 'shelf');
    const one = await copyForEverybody(await installed(place), shelf, '18.4');
    await mkdir(path.join(shelf, 'new-programs-cut-off'));
    const other = await copyForEverybody(await installed(place, 'another build'), shelf, '18.4');
    expect(other).not.toBe(one);
    expect(await readFile(path.join(other, 'bin', 'initdb'), 'utf8')).toBe('another build');
    expect((await readdir(shelf)).sort()).toEqual([one, other].map((copy) => path.basename(copy)).sort());
  });

  test('nothing is run from a folder that somebody else made or can change', async () => {
    const place = await rootsOwn();
    const source = await installed(place);
    const shelf = path.join(place, 'shelf');
    await mkdir(shelf, { mode: 0o755 });
    await chown(shelf, NOBODY, NOBODY);
    await expect(copyForEverybody(source, shelf, '18.4')).rejects.toThrow(/^\S*shelf: somebody other than root can/);
    await chown(shelf, 0, 0);
    await chmod(shelf, 0o777);
    await expect(copyForEverybody(source, shelf, '18.4')).rejects.toThrow(/somebody other than root can/);
    await chmod(shelf, 0o755);
    await chmod(place, 0o1777);
    await expect(copyForEverybody(source, shelf, '18.4')).rejects.toThrow(/somebody other than root can/);
    expect(await readdir(shelf)).toEqual([]);
  });
});
