import { createHmac } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { REMAINS, type Remains } from './erasure.ts';

/** Somebody who had themselves erased, as far as may be known of them. */
export interface Forgotten {
  at: Date;
  remains: Remains;
  /** Of the key of their identity, under a secret that is kept elsewhere: by itself it tells nobody who it is. */
  mark: string;
}

/** Who had themselves erased, kept outside the database: a backup that is restored knows them again, and this does not forget. */
export interface ForgetList {
  /** Resolves when it cannot be lost any more. */
  add(keys: readonly string[], remains: Remains, at: Date): Promise<void>;
  /** Says what was to remain of whoever has this key, if they were erased after they had come; null: they were not. */
  matcher(): Promise<((key: string, joinedAt: Date) => Remains | null) | null>;
}

/** Its name in DATA_DIR: kept apart from the backups of the database. */
export const FORGET_LIST = 'erased.list';

/** Of a database that nobody backs up. */
export const noForgetList: ForgetList = { add: async () => undefined, matcher: async () => null };

/** @param secret of the database, and in its backups; the file is of use only together with one of them */
export function createForgetList(file: string, secret: () => Promise<string>): ForgetList {
  const marking = async () => {
    const key = await secret();
    return (identity: string) => createHmac('sha256', key).update(`forgotten\n${identity}`).digest('base64url');
  };
  return {
    async add(keys, remains, at) {
      const mark = await marking();
      const lines = keys.map((key) => `${at.toISOString()} ${remains} ${mark(key)}\n`);
      await append(file, lines.join('')).catch(({ code }: NodeJS.ErrnoException) => {
        throw new UserError(
          `DATA_DIR: ${file} cannot be written (${code}), and whoever is erased is kept in mind there. Let this user write to its folder.`,
        );
      });
    },
    async matcher() {
      const latest = new Map((await listed(file)).map((one) => [one.mark, one]));
      if (latest.size === 0) return null;
      const mark = await marking();
      return (key, joinedAt) => {
        const found = latest.get(mark(key));
        return found && joinedAt <= found.at ? found.remains : null;
      };
    },
  };
}

async function append(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const LINE = new RegExp(`^(\\S+Z) (${REMAINS.join('|')}) ([\\w-]{43})$`);

/** In the order in which they left. A line that was cut off in the middle is of an erasure that was never done. */
async function listed(file: string): Promise<Forgotten[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').flatMap((line): Forgotten[] => {
    const [, at, remains, mark] = LINE.exec(line) ?? [];
    return at && mark ? [{ at: new Date(at), remains: remains as Remains, mark }] : [];
  });
  return lines.sort((one, other) => one.at.getTime() - other.at.getTime());
}
