import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../../src/store/lock.ts';
import { temporaryFolder } from '../support/ownServer.ts';

const NOBODY = 2 ** 22 + 1;

test('one at a time holds a lock, also within a process', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await stat(file);
    events.push(`${name} ends`);
  };
  await Promise.all([withLock(file, work('one')), withLock(file, work('two'))]);
  expect(
    [events.slice(0, 2), events.slice(2)].map(([begins, ends]) => begins!.split(' ')[0] === ends!.split(' ')[0]),
  ).toEqual([true, true]);
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

test('a lock that a dead process left is taken over', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await writeFile(file, String(NOBODY));
  expect(await withLock(file, () => readFile(file, 'utf8'))).toBe(String(process.pid));
});

test('a lock of a dead process whose number lives on in another, as in containers, is taken over when nobody touches it', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await writeFile(file, String(process.pid));
  await utimes(file, new Date(), new Date(Date.now() - 60_000));
  expect(await withLock(file, async () => 'taken')).toBe('taken');
});

test('a lock is released when the work fails', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, async () => 'taken')).toBe('taken');
});
