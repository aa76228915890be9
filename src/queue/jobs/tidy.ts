import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

const HOUR_S = 3_600;

/** Every worker adds one for each hour; the id makes them one job. */
export const tidy = defineJob({
  name: 'tidy',
  schema: z.object({ hour: z.number().int() }),
  lane: () => 'prompt',
  id: (data) => jobId('tidy', data.hour),
  keepSeconds: HOUR_S,
});
