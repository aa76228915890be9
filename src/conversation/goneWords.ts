import type { Inbound } from '../core/inbound.ts';
import { say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import type { Identity, TurnWrite } from './turn.ts';

/** Whoever writes on is not told again so soon. */
const TOLD_FOR_MS = 24 * 3_600_000;

/** What people do themselves. */
const SPEAKS = new Set<Inbound['content']['kind']>(['text', 'media', 'command', 'choice', 'form', 'unsupported']);

interface Telling {
  phrases: Phrases;
  secret: string;
  now: number;
}

/**
 * Tells somebody who has left and writes anyway, at most once a day, that nothing of it is kept and how to come back.
 */
export function withGoneWords(
  write: TurnWrite,
  { content }: Inbound,
  known: Identity,
  { phrases, secret, now }: Telling,
): TurnWrite {
  if (write.status !== 'stopped') return write;
  const { goneToldAt = null, ...pacing } = write.pacing;
  if (known.status !== 'stopped') return { ...write, pacing };
  const isTold = goneToldAt !== null && now - goneToldAt < TOLD_FOR_MS;
  if (isTold || !SPEAKS.has(content.kind) || write.messages.length > 0) return write;
  const back = { label: phrases('come_back'), data: signAction(secret, known.key, 'say:start') };
  return { ...write, messages: [say(phrases('gone_words'), [back])], pacing: { ...pacing, goneToldAt: now } };
}
