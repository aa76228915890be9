import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** At most a hundred deliveries of one notice on one channel; the texts stay in the database. */
export const deliver = defineJob({
  name: 'deliver',
  schema: z.object({
    notice: z.string(),
    channel: z.string(),
    slice: z.string(),
    critical: z.boolean().optional(),
    ids: z.array(z.string()).min(1).max(100),
  }),
  queue: (data) => data.channel,
  isUrgent: (data) => data.critical === true,
  id: (data) => jobId('deliver', data.notice, data.channel, data.slice),
});
