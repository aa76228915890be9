import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** Added with the delay to the notice's moment; a job that comes early or late finds the moment in the row. */
export const startNotice = defineJob({
  name: 'start-notice',
  schema: z.object({ notice: z.string() }),
  lane: () => 'prompt',
  id: (data) => jobId('start-notice', data.notice),
});
