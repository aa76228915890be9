import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A copy of the shipped flows, with some files as they are given here; null takes one away. */
export async function flowsWith(files: Record<string, string | Uint8Array | null>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'flows-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('flows', folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await (content === null ? rm(file) : writeFile(file, content));
  }
  return folder;
}

/** A shipped file with one piece of it replaced. @throws Error when the piece is not there */
export async function shippedWith(name: string, piece: string, other: string): Promise<string> {
  const text = await readFile(path.join('flows', name), 'utf8');
  if (!text.includes(piece)) throw new Error(`${name} has no "${piece}"`);
  return text.replace(piece, () => other);
}

/** The first line of a shipped file that holds the piece. */
export async function lineIn(name: string, piece: string): Promise<number> {
  const lines = (await readFile(path.join('flows', name), 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes(piece)) + 1;
}
