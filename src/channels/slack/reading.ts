import type { SlackFile } from './payloads.ts';

/** What a payload is read with: what it does not tell itself. */
export interface PayloadReading {
  botUser: string;
  /**
   * Of everybody and everything that the app meets: the workspace, or the organization where it is installed for all of
   * that. Payloads name now one of them, now the other, now none; a person is the same in all of an organization.
   */
  team: string;
  now: number;
  /** Of a person or a channel that a text mentions; null where it is not known. */
  nameOf(id: string): string | null;
  /** Of a file that a payload names by its id alone; null where it is not to be had. */
  fileOf(id: string): SlackFile | null;
}

/** Who we are, and when it is. */
export type Here = Pick<PayloadReading, 'botUser' | 'team' | 'now'>;

/** With nothing looked up. */
export const atOnce = (here: Here): PayloadReading => ({ ...here, nameOf: () => null, fileOf: () => null });

export interface LookUps {
  nameOf(id: string): Promise<string | null>;
  fileOf(id: string): Promise<SlackFile | null>;
}

/** For one payload; mentions of more people stay as they are. */
const MOST_LOOK_UPS = 20;

/** Reads once, and where something has to be looked up for it, again. */
export async function readWhole<T>(here: Here, lookUps: LookUps, read: (reading: PayloadReading) => T): Promise<T> {
  const names = new Set<string>();
  const files = new Set<string>();
  const noting = (noted: Set<string>) => (id: string) => {
    noted.add(id);
    return null;
  };
  const first = read({ ...here, nameOf: noting(names), fileOf: noting(files) });
  if (names.size + files.size === 0) return first;
  const [named, had] = await Promise.all([found(names, lookUps.nameOf), found(files, lookUps.fileOf)]);
  return read({ ...here, nameOf: (id) => named.get(id) ?? null, fileOf: (id) => had.get(id) ?? null });
}

async function found<T>(ids: ReadonlySet<string>, lookUp: (id: string) => Promise<T>): Promise<Map<string, T>> {
  const some = [...ids].slice(0, MOST_LOOK_UPS);
  return new Map(await Promise.all(some.map(async (id): Promise<[string, T]> => [id, await lookUp(id)])));
}
