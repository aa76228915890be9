import { z } from 'zod';
import { wordsOf } from '../../contributions/parts.ts';
import { ATTACHMENT } from '../../core/attachmentShape.ts';
import type { Session } from './types.ts';

const frame = z.object({
  flow: z.string(),
  version: z.string(),
  step: z.string(),
  aside: z.boolean().optional(),
  history: z.array(z.string()).optional(),
});
const answer = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.null(),
  ATTACHMENT,
  z.array(ATTACHMENT),
]);
const part = z.object({
  messageId: z.string(),
  at: z.number(),
  length: z.number(),
  field: z.string().optional(),
});
const open = z.object({
  nonce: z.string().min(1),
  askedAt: z.number(),
  tries: z.number(),
  page: z.number(),
  picked: z.array(z.string()),
  words: z.string().optional(),
  misfit: z.object({ text: z.string(), parts: z.array(part) }).optional(),
  asking: z
    .union([
      z.object({ kind: z.literal('leave'), wanted: z.looseObject({ kind: z.string() }) }),
      z.object({ kind: z.literal('language') }),
      z.object({ kind: z.literal('stop'), words: z.string() }),
    ])
    .optional(),
});
const begin = z.object({
  kind: z.literal('begin'),
  flow: z.string(),
  answers: z.record(z.string(), answer),
  spoken: z.literal(true).optional(),
  messageId: z.string().nullish(),
  holds: z.string().optional(),
});
const schema = z.object({
  id: z.string(),
  process: z.number(),
  stack: z.array(frame),
  answers: z.record(z.string(), answer),
  given: z.array(z.string()).optional(),
  open: open.nullable(),
  history: z.array(z.string()),
  lastNonce: z.string().nullable(),
  /** Of the words of one message, as it was kept before those of several could be told apart. */
  messageId: z.string().nullish(),
  parts: z.array(part).optional(),
  messageAnswer: z.string().optional(),
  album: z.object({ id: z.string(), answer: z.string().nullable() }).optional(),
  later: z.array(begin).optional(),
  offered: z.boolean().optional(),
  remindedAt: z.number().optional(),
  turns: z.number(),
  startedAt: z.number(),
  seenAt: z.number(),
  timeoutAt: z.number().nullable(),
});

/** Mostly there is none: to find that out is no failure, which would cost more than all the rest. */
const beside = z.object({ unfinished: z.array(z.unknown()).optional() });

/** What is stored beside the session of what somebody has left unfinished. */
export function readUnfinished(between: unknown): Session[] {
  const read = beside.safeParse(between);
  return (read.data?.unfinished ?? []).map(readSession).filter((session) => session !== null);
}

/** A session as it was stored; anything else (an older shape, a row edited by hand) counts as no session. */
export function readSession(stored: unknown): Session | null {
  const read = schema.safeParse(stored);
  if (!read.success) return null;
  const { messageId, parts, ...session } = read.data;
  const name = session.messageAnswer;
  const words = name === undefined ? undefined : session.answers[name];
  const ofOne = typeof words === 'string' ? wordsOf(words, messageId ?? null).parts : [];
  const known = parts ?? ofOne.map((each) => ({ ...each, field: name }));
  return { ...session, ...(known.length > 0 && { parts: known }) } as Session;
}
