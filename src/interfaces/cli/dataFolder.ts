import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { FORGET_LIST } from '../../people/forgetList.ts';

const WRITABLE = constants.W_OK | constants.X_OK;
const REMEDY = 'Let this user write there, or set DATA_DIR to a folder where they can.';

/**
 * Whether what is kept in DATA_DIR could be kept: whoever is erased is noted there, also where the database is elsewhere.
 * Nothing is made or changed. @throws UserError that says what is in the way
 */
export async function dataFolderFinding(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir);
  const there = await nearest(folder);
  await allowed(there, WRITABLE, folder);
  if (there !== folder) return `${folder} is not there yet, and can be made`;
  const list = path.join(folder, FORGET_LIST);
  const kept = await stat(list).catch(() => null);
  if (kept?.isFile() === false) throw new UserError(`DATA_DIR: ${list} is no file. ${REMEDY}`);
  if (kept) await allowed(list, constants.W_OK, list);
  return `${folder} can be written to`;
}

/** The folder itself, or the one in which it would be made. */
async function nearest(folder: string): Promise<string> {
  const found = await stat(folder).catch(({ code }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT') return null;
    throw refusal(folder, code);
  });
  if (found === null) return nearest(path.dirname(folder));
  if (found.isDirectory()) return folder;
  throw new UserError(`DATA_DIR: ${folder} is no folder. ${REMEDY}`);
}

const allowed = (place: string, mode: number, wanted: string): Promise<void> =>
  access(place, mode).catch(({ code }: NodeJS.ErrnoException) => Promise.reject(refusal(wanted, code)));

const refusal = (place: string, code: string | undefined): UserError =>
  new UserError(`DATA_DIR: ${place} cannot be written (${code}). ${REMEDY}`);
