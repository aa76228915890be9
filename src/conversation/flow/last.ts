import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Input, LastSaid, Session } from './types.ts';

type Text = Extract<Input, { kind: 'text' }>;

/** Nobody reads the next question and types so much of the same again within so short a time. */
const REPEATED_WITHIN_MS = 3_000;
const LONG_REPEATED_WITHIN_MS = 10_000;
const LONG = 25;
/** An app sends all pieces of a long text one after the other. */
const REST_WITHIN_MS = 5_000;
/** After that it is of no interest any more. */
const KEPT_MS = 600_000;
/** Telegram's longest message: a piece of this length was cut where it was full, in the middle of a word if need be. */
const FULL = 4096;

const said = z.object({
  digest: z.string(),
  at: z.number(),
  takenAt: z.number(),
  length: z.number(),
  name: z.string().nullable(),
  cut: z.literal(true).optional(),
  reference: z.string().optional(),
});
const beside = z.object({ last: said.optional() });

/** What is stored between two turns: the session, if there is one, and beside it what was said last, and what was left. */
export const stored = (session: Session | null, last: LastSaid | null, unfinished: readonly Session[] = []): unknown =>
  last === null && unfinished.length === 0
    ? session
    : { ...session, ...(last && { last }), ...(unfinished.length > 0 && { unfinished }) };

export function readLast(between: unknown): LastSaid | null {
  const read = beside.safeParse(between);
  return (read.data?.last as LastSaid | undefined) ?? null;
}

export const remembered = ({ text, cut }: Text, name: string | null, at: number, takenAt: number): LastSaid => ({
  ...{ digest: digestOf(text), at, takenAt, length: text.length, name },
  ...(cut && { cut }),
});

export const recent = (last: LastSaid | null, at: number): LastSaid | null =>
  last && at - last.at <= KEPT_MS ? last : null;

/**
 * The same words once more, by a nervous thumb, or by somebody who had no answer yet: they were not said to what was asked
 * after the first time.
 */
export function isRepeat(last: LastSaid | null, { text }: Text, at: number): boolean {
  const within = text.length >= LONG ? LONG_REPEATED_WITHIN_MS : REPEATED_WITHIN_MS;
  return last !== null && last.digest === digestOf(text) && (at - last.at <= within || at <= last.takenAt);
}

/** Whether this is the next piece of a text that was too long for one message. */
export const isRest = (last: LastSaid | null, at: number): last is LastSaid =>
  last?.cut === true && at - last.at <= REST_WITHIN_MS;

/** What stood where the text was cut, as far as that can be told: the platform drops the blanks at the ends of a message. */
export function cutOut(before: string, { length }: LastSaid): string {
  if (length === FULL) return '';
  return /[.!?…»”"]$/.test(before.trimEnd()) ? '\n\n' : ' ';
}

const digestOf = (text: string): string => createHash('sha256').update(text.trim()).digest('base64url');
