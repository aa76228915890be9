import { type App, isValidSlackRequest, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { within } from '../../core/time.ts';
import { MOST_BODY_BYTES } from './limits.ts';
import type { Slashed } from './render.ts';

const MOST_FUTURE_SECONDS = 60;
/** Slack waits 3 s. */
const ANSWER_WITHIN_MS = 2500;

export interface HttpAnswer {
  status: number;
  body: string;
  contentType?: string;
}

/**
 * Whether Slack has signed the request within the last five minutes. Bolt checks that; what it lets pass, a moment that is
 * still to come and a body too long to be Slack's, is refused here.
 */
export function isSigned(secret: string, headers: Record<string, string>, rawBody: string, nowMs: number): boolean {
  if (Buffer.byteLength(rawBody) > MOST_BODY_BYTES) return false;
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || Number(timestamp) > nowMs / 1000 + MOST_FUTURE_SECONDS) return false;
  return isValidSlackRequest({
    signingSecret: secret,
    body: rawBody,
    headers: {
      'x-slack-signature': headers['x-slack-signature'] ?? '',
      'x-slack-request-timestamp': Number(timestamp),
    },
    nowMilliseconds: nowMs,
  });
}

/** The payload of an HTTP request: JSON, or a form with or without a `payload` field. Null for what is neither. */
export function bodyOf(contentType: string, rawBody: string): Record<string, unknown> | null {
  const form = contentType.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(rawBody) : null;
  const json = form ? form.get('payload') : rawBody;
  if (form && json === null) return Object.fromEntries(form);
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What goes to Slack along with the acknowledgement. */
export type ReceiverAnswer = Record<string, unknown>;

/** `late`: Slack gets no acknowledgement, though the payload may still be recorded; ids make the repeat harmless. */
export type ReceiverOutcome = { answer: ReceiverAnswer | null } | 'late' | 'failed';

/** Runs the app over one payload. Bolt acknowledges events before its listeners run; that acknowledgement is dropped here. */
export async function outcomeOf(app: App, event: Omit<ReceiverEvent, 'ack'>): Promise<ReceiverOutcome> {
  let answer: ReceiverAnswer | null = null;
  const ack = async (given?: unknown) => {
    answer = typeof given === 'object' ? (given as ReceiverAnswer | null) : null;
  };
  const done = app.processEvent({ ...event, ack }).then(
    () => ({ answer }),
    () => 'failed' as const,
  );
  return within<ReceiverOutcome>(done, ANSWER_WITHIN_MS);
}

/**
 * What a modal or a slash command is answered when it could not be recorded in time: the person's words stay where
 * they are. Null for what has no such answer: events come again by themselves, a button shows Slack's own warning.
 */
export function apology(body: Record<string, unknown>, words: string): ReceiverAnswer | null {
  if (body.type === 'view_submission') return { response_action: 'errors', errors: { [firstField(body)]: words } };
  if (typeof body.command === 'string') return { response_type: 'ephemeral', text: words };
  return null;
}

/** A modal stays open, with each error shown at its field. */
export function refusal(objections: Record<string, string>, slashed: Slashed): ReceiverAnswer {
  const errors = Object.entries(objections).map(([name, words]) => [name, slashed(words)]);
  return { response_action: 'errors', errors: Object.fromEntries(errors) };
}

function firstField(body: Record<string, unknown>): string {
  const { view } = body as { view?: { state?: { values?: object } } };
  return Object.keys(view?.state?.values ?? {})[0] ?? 'idea';
}

/** For HTTP, where our own web server listens. */
export const idleReceiver: Receiver = {
  init: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
};
