import { createHmac, timingSafeEqual } from 'node:crypto';
import { type App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';

const OLDEST_SECONDS = 5 * 60;
const MOST_FUTURE_SECONDS = 60;
/** Slack waits 3 s. */
export const ANSWER_WITHIN_MS = 2500;
const TRY_AGAIN = 'Sorry, that did not arrive. Please try again in a moment.';

export interface HttpAnswer {
  status: number;
  body: string;
  contentType?: string;
}

/** docs.slack.dev/authentication/verifying-requests-from-slack; a timestamp from the future is refused as well. */
export function isSigned(secret: string, headers: Record<string, string>, rawBody: string, nowMs: number): boolean {
  const given = headers['x-slack-signature'] ?? '';
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  const age = nowMs / 1000 - Number(timestamp);
  if (age > OLDEST_SECONDS || age < -MOST_FUTURE_SECONDS) return false;
  const wanted = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${rawBody}`).digest('hex')}`);
  const got = Buffer.from(given);
  return got.length === wanted.length && timingSafeEqual(got, wanted);
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

export type Outcome = 'done' | 'late' | 'failed';

/** Runs the app over one payload. Bolt acknowledges events before its listeners run; that acknowledgement is dropped here. */
export async function outcomeOf(
  process: App['processEvent'],
  event: Omit<ReceiverEvent, 'ack'>,
  withinMs: number | null,
): Promise<Outcome> {
  const done = process({ ...event, ack: async () => undefined }).then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  if (withinMs === null) return done;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinMs);
  });
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

export const isEvent = (body: Record<string, unknown>): boolean => body.type === 'event_callback';

/** What an interaction or a slash command is answered when it could not be recorded in time. */
export function apology(body: Record<string, unknown>): Record<string, unknown> {
  if (body.type === 'view_submission') return { response_action: 'errors', errors: { idea: TRY_AGAIN } };
  return { response_type: 'ephemeral', replace_original: false, text: TRY_AGAIN };
}

/** Bolt's socket, but each envelope is acknowledged only after it has been recorded; Slack sends the others again. */
export class RecordingSocket extends SocketModeReceiver {
  override init(app: App): void {
    const processEvent = async (event: ReceiverEvent): Promise<void> => {
      const body = event.body as Record<string, unknown>;
      const outcome = await outcomeOf(app.processEvent.bind(app), event, isEvent(body) ? null : ANSWER_WITHIN_MS);
      if (outcome === 'done') await event.ack();
      else if (!isEvent(body)) await event.ack(apology(body));
    };
    super.init({ processEvent } as unknown as App);
  }
}

/** For HTTP, where our own web server listens. */
export const idleReceiver: Receiver = {
  init: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
};
