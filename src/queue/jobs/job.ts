import type { z } from 'zod';
import type { ChannelName } from '../../core/channelName.ts';

/**
 * The queue in which a job waits: replies and starts of notices never wait behind bulk, nor one channel behind another.
 */
export type QueueName = 'prompt' | ChannelName;

export interface JobDefinition<Name extends string = string, Data = unknown> {
  name: Name;
  schema: z.ZodType<Data>;
  queue: (data: Data) => QueueName;
  /** Whether it goes before the others of its queue; left out: none does. */
  isUrgent?: (data: Data) => boolean;
  /** While a job is unfinished, another with the same id is not added. */
  id: (data: Data) => string;
}

export const defineJob = <const Name extends string, Data>(job: JobDefinition<Name, Data>): JobDefinition<Name, Data> =>
  job;

/** BullMQ reserves ":" in ids. */
export const jobId = (...parts: (string | number)[]): string => parts.join('-').replaceAll(':', '_');
