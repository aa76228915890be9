import type { z } from 'zod';
import type { ChannelName } from '../../core/channelName.ts';

/** Where a job waits: replies and beginnings never behind bulk, and no channel behind another. */
export type Lane = 'prompt' | ChannelName;

export interface JobDefinition<Name extends string = string, Data = unknown> {
  name: Name;
  schema: z.ZodType<Data>;
  lane: (data: Data) => Lane;
  /** Goes before the others of its lane; left out: none does. */
  isUrgent?: (data: Data) => boolean;
  /** Jobs with the same id are one job for as long as it is not finished. */
  id: (data: Data) => string;
}

export const defineJob = <const Name extends string, Data>(job: JobDefinition<Name, Data>): JobDefinition<Name, Data> =>
  job;

/** BullMQ keeps ":" in ids to itself. */
export const jobId = (...parts: (string | number)[]): string => parts.join('-').replaceAll(':', '_');
