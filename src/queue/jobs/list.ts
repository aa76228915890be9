import type { z } from 'zod';
import { deliver } from './deliver.ts';
import { retryReplies } from './retryReplies.ts';
import { revise } from './revise.ts';
import { startNotice } from './startNotice.ts';
import { sweep } from './sweep.ts';
import { tidy } from './tidy.ts';

/** Every job that there is. */
export const JOBS = { deliver, retryReplies, revise, startNotice, sweep, tidy };
export type JobKey = keyof typeof JOBS;
export type JobData<Key extends JobKey> = z.infer<(typeof JOBS)[Key]['schema']>;

/** `againInMs`: the job is not over, it comes back then. A handler gives up in good order when the signal aborts. */
export type Handlers = {
  [Key in JobKey]: (data: JobData<Key>, signal: AbortSignal) => Promise<{ againInMs: number | null } | undefined>;
};
