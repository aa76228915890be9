import { z } from 'zod';
import type { Attachment } from './inbound.ts';

/** Every key of what is read from JSON: one that is forgotten would be dropped in silence. */
export type Shape<T> = { [Key in keyof Required<T>]: z.ZodType<T[Key]> };

/** An attachment as it is kept, in a session or on what somebody gave. */
export const ATTACHMENT: z.ZodType<Attachment> = z.object({
  kind: z.enum(['photo', 'voice', 'document']),
  ref: z.string(),
  mime: z.string().nullable(),
  name: z.string().nullable(),
  size: z.number().nullable(),
  seconds: z.number().optional(),
  unique: z.string().optional(),
  messageId: z.string().optional(),
} satisfies Shape<Attachment>);
