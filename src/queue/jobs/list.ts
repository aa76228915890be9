import type { z } from 'zod';
import { deliver } from './deliver.ts';
import type { QueueName } from './job.ts';
import { retryReplies } from './retryReplies.ts';
import { revise } from './revise.ts';
import { startNotice } from './startNotice.ts';

/** Every kind of job. */
export const JOBS = { deliver, retryReplies, revise, startNotice };
export type JobKey = keyof typeof JOBS;
export type JobData<Key extends JobKey> = z.infer<(typeof JOBS)[Key]['schema']>;

/** `againInMs`: the job is not finished and comes back then. When the signal aborts, a handler stops cleanly. */
export type Handlers = {
  [Key in JobKey]: (data: JobData<Key>, signal: AbortSignal) => Promise<{ againInMs: number | null } | undefined>;
};

/**
 * Each definition is typed by its own data; the cast says that key and data belong together, which the compiler cannot
 * see.
 */
const definition = <Key extends JobKey>(key: Key) =>
  JOBS[key] as unknown as {
    queue(data: JobData<Key>): QueueName;
    id(data: JobData<Key>): string;
    isUrgent?(data: JobData<Key>): boolean;
  };

export const queueOf = <Key extends JobKey>(key: Key, data: JobData<Key>): QueueName => definition(key).queue(data);
export const isUrgent = <Key extends JobKey>(key: Key, data: JobData<Key>): boolean =>
  definition(key).isUrgent?.(data) ?? false;
export const idOf = <Key extends JobKey>(key: Key, data: JobData<Key>): string => definition(key).id(data);

const KEY_OF = new Map(Object.entries(JOBS).map(([key, job]) => [job.name as string, key as JobKey]));

/** @throws Error when the job is unknown or its data does not have that job's shape */
export function readJob(name: string, data: unknown): { key: JobKey; data: JobData<JobKey> } {
  const key = KEY_OF.get(name);
  if (!key) throw new Error(`There is no job called "${name}".`);
  return { key, data: JOBS[key].schema.parse(data) };
}
