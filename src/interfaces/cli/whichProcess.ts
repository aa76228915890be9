import { commandLine } from '../../core/commandLine.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import type { StoredProcess } from '../../process/stored.ts';

/** How an earlier process is named to these commands. */
export const PROCESS_OPTION = ['--process <id>', 'of an earlier process; the current one when left out'] as const;

export interface Processes {
  named(key: string): Promise<StoredProcess | null>;
  list(): Promise<{ id: number; key: string | null }[]>;
}

/** The process that --process names; null when it is left out. @throws UserError when none is called so */
export async function processNamed(key: string | undefined, processes: Processes): Promise<StoredProcess | null> {
  await processIdOf(key, processes);
  return key === undefined ? null : processes.named(key);
}

/** Its id, also where its definition cannot be read. */
export async function processIdOf(key: string | undefined, processes: Pick<Processes, 'list'>): Promise<number | null> {
  if (key === undefined) return null;
  const all = await processes.list();
  const found = all.find((one) => one.key === key);
  if (found) return found.id;
  const keys = all.flatMap((one) => one.key ?? []);
  throw new UserError(
    `--process: there is no process "${key}". ${meant(key, keys)} \`${commandLine('process list')}\` shows them all.`,
  );
}
