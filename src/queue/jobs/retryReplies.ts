import { z } from 'zod';
import { defineJob, jobId } from './job.ts';

/** Replies that an earlier attempt left behind. */
export const retryReplies = defineJob({
  name: 'retry-replies',
  schema: z.object({ ids: z.array(z.string()).min(1).max(100) }),
  queue: () => 'prompt',
  id: (data) => jobId('retry-replies', data.ids[0] ?? '', data.ids.length),
});
