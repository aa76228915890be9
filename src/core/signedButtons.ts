import { createHmac, timingSafeEqual } from 'node:crypto';

/** Telegram's `callback_data` holds this many bytes; Slack's action value holds more. */
export const MOST_BYTES = 64;
/** 12 base64url characters are 72 bits: far beyond guessing through a chat. */
const SIGNATURE_LENGTH = 12;
const PREFIX = 'a.';

/** What a button below a response means: it is clear, a question about it, disagreement, or that it speaks of something else. */
export type Reply = 'clear' | 'question' | 'disagree' | 'misunderstood';
const REPLY_LETTERS = { clear: 'c', question: 'q', disagree: 'd', misunderstood: 'm' } as const;

/**
 * Button data that only this person can press: the signature covers their identity key.
 * Actions: `flow:<id>`, `q:<questionId>@<process>`, `r:<responseId without dashes>:<c|q|d|m>`, `h:<reference of a thread>`, `n:<message of one's own in a thread>`, `ev:<eventId>@<process>` and
 * `ev:<eventId>@<process>:<y|m|n>`.
 * @throws Error when the result is over 64 bytes: an id too long for a button is a fault of ours.
 */
export function signAction(secret: string, identityKey: string, action: string): string {
  const data = `${PREFIX}${action}.${signature(secret, identityKey, action)}`;
  const bytes = Buffer.byteLength(data);
  if (bytes > MOST_BYTES) throw new Error(`Button action "${action}" takes ${bytes} bytes, ${MOST_BYTES} fit.`);
  return data;
}

/** Whether it has the form of a signed action, by whomever. */
export const isSigned = (data: string): boolean => data.startsWith(PREFIX);

/** The action, or null when the data is not an action, is forged, or was signed for somebody else. */
export function readAction(secret: string, identityKey: string, data: string): string | null {
  const dot = data.lastIndexOf('.');
  if (!isSigned(data) || dot < PREFIX.length) return null;
  const action = data.slice(PREFIX.length, dot);
  const given = Buffer.from(data.slice(dot + 1));
  const expected = Buffer.from(signature(secret, identityKey, action));
  return given.length === expected.length && timingSafeEqual(given, expected) ? action : null;
}

const READ_REPLIES = { c: 'clear', q: 'question', d: 'disagree', m: 'misunderstood' } as const;

/** The action of a button below a response. */
export const replyAction = (responseId: string, reply: Reply): string =>
  `r:${responseId.replaceAll('-', '')}:${REPLY_LETTERS[reply]}`;

/** The response (as a UUID) and the reply that an action stands for; null for every other action. */
export function readReplyAction(action: string): { responseId: string; reply: Reply } | null {
  const found = /^r:([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12}):([cqdm])$/.exec(action);
  if (!found) return null;
  const reply = READ_REPLIES[found[6] as keyof typeof READ_REPLIES];
  return { responseId: found.slice(1, 6).join('-'), reply };
}

/** What a question or an event is called, which another process may have as well. */
export const within = (id: string, process: number): string => `${id}@${process}`;
/** Buttons from before there could be another process do not name it. */
export const processIn = (digits: string | undefined): number => Number(digits ?? 1);

/** The action of a button that asks a question. */
export const questionAction = (question: string, process: number): string => `q:${within(question, process)}`;

/** The question that an action asks, and the id of its process; null for every other action. */
export function readQuestionAction(action: string): { question: string; process: number } | null {
  const [, question, process] = /^q:([\w-]+)(?:@(\d+))?$/.exec(action) ?? [];
  return question === undefined ? null : { question, process: processIn(process) };
}

function signature(secret: string, identityKey: string, action: string): string {
  const mac = createHmac('sha256', secret).update(`${identityKey}\n${action}`);
  return mac.digest('base64url').slice(0, SIGNATURE_LENGTH);
}
