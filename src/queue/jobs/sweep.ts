import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** Every worker adds one for each moment; the id makes them one job. */
export const sweep = defineJob({
  name: 'sweep',
  schema: z.object({ moment: z.number().int() }),
  lane: () => 'prompt',
  id: (data) => jobId('sweep', data.moment),
  keepSeconds: 60,
});
