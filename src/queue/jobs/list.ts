import type { z } from 'zod';
import { deliver } from './deliver.ts';
import type { Lane } from './job.ts';
import { retryReplies } from './retryReplies.ts';
import { revise } from './revise.ts';
import { startNotice } from './startNotice.ts';

/** Every job that there is. */
export const JOBS = { deliver, retryReplies, revise, startNotice };
export type JobKey = keyof typeof JOBS;
export type JobData<Key extends JobKey> = z.infer<(typeof JOBS)[Key]['schema']>;

/** `againInMs`: the job is not over, it comes back then. A handler gives up in good order when the signal aborts. */
export type Handlers = {
  [Key in JobKey]: (data: JobData<Key>, signal: AbortSignal) => Promise<{ againInMs: number | null } | undefined>;
};

/** The definitions are generic in their data; here, where key and data go together, the compiler is told so. */
const definition = <Key extends JobKey>(key: Key) =>
  JOBS[key] as unknown as {
    lane(data: JobData<Key>): Lane;
    id(data: JobData<Key>): string;
    isUrgent?(data: JobData<Key>): boolean;
  };

export const laneOf = <Key extends JobKey>(key: Key, data: JobData<Key>): Lane => definition(key).lane(data);
export const isUrgent = <Key extends JobKey>(key: Key, data: JobData<Key>): boolean =>
  definition(key).isUrgent?.(data) ?? false;
export const idOf = <Key extends JobKey>(key: Key, data: JobData<Key>): string => definition(key).id(data);

const KEY_OF = new Map(Object.entries(JOBS).map(([key, job]) => [job.name as string, key as JobKey]));

/** @throws Error when the job is unknown, or its data is not of that job's shape */
export function readJob(name: string, data: unknown): { key: JobKey; data: JobData<JobKey> } {
  const key = KEY_OF.get(name);
  if (!key) throw new Error(`No job is called "${name}".`);
  return { key, data: JOBS[key].schema.parse(data) };
}
