import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Linux keeps this folder in memory. A container may have next to none of it. */
const IN_MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 * 2 ** 30;

/** The folder for what a run leaves nothing of: in memory, where a database is copied ten times as fast as on a disk. */
export function temporaryRoom(): string {
  return process.env.TMPDIR ?? (hasRoom() ? IN_MEMORY : tmpdir());
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= NEEDED_BYTES;
  } catch {
    return false;
  }
}
