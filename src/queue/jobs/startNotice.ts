import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** Delayed until the notice is due; a job that runs early or late reads the time from the row. */
export const startNotice = defineJob({
  name: 'start-notice',
  schema: z.object({ notice: z.string() }),
  queue: () => 'prompt',
  id: (data) => jobId('start-notice', data.notice),
});
