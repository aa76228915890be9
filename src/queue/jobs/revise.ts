import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** One job brings all of a notice on one channel to its newest revision; which deliveries those are, the rows say. */
export const revise = defineJob({
  name: 'revise',
  schema: z.object({ notice: z.string(), channel: z.string() }),
  lane: (data) => data.channel,
  id: (data) => jobId('revise', data.notice, data.channel),
});
