import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/**
 * One job applies the newest revision of a notice to everything sent of it on one channel; the rows say which
 * deliveries.
 */
export const revise = defineJob({
  name: 'revise',
  schema: z.object({ notice: z.string(), channel: z.string() }),
  queue: (data) => data.channel,
  id: (data) => jobId('revise', data.notice, data.channel),
});
