import type { Pool } from 'pg';
import type { ChatMessage } from '../../src/sandbox/chat.ts';
import { comes } from './wait.ts';

/** What everybody on a sandbox's platform can do. */
export interface Talker {
  readonly chat: ChatMessage[];
  say(text: string): Promise<void>;
  press(which: string | number): Promise<void>;
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

const KEYS = { telegram: ['telegram:4711:', ''], slack: ['slack:T1:U', 'DU'] } as const;

/**
 * `count` people of a sandbox's platform (1, 2... or from `after` on; on Slack U1, U2...) who have agreed: what they
 * write is a contribution.
 */
export async function agreed(pool: Pool, channel: 'telegram' | 'slack', count: number, after = 0): Promise<void> {
  await pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address, language, consent_version)
     SELECT $2 || n, gen_random_uuid(), $3, $4 || n, 'en', '1' FROM generate_series($5::int + 1, $5::int + $1::int) n`,
    [count, KEYS[channel][0], channel, KEYS[channel][1], after],
  );
}

/** Everybody has one contribution that the forum has decided on, as the inbound way and an import would leave it. */
export async function decided(pool: Pool): Promise<void> {
  await pool.query(
    `WITH said AS (
       INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, state, submitted_at, updated_at)
       SELECT gen_random_uuid(), 'HB-' || id, contributor_id, id, 'idea', 'Idea ' || id, 'en', channel, 'decided', now(), now()
       FROM identity RETURNING id
     )
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, created_at)
     SELECT gen_random_uuid(), id, 1, 'inclusion', 'in', 'co', 'fl', 're', 'be', now() FROM said`,
  );
}

export const asks = (message: ChatMessage): boolean => message.buttons.length > 0;
export const isReceipt = (message: ChatMessage): boolean =>
  /HB-\w{7}/.test(message.text) && message.buttons.every(({ data }) => data?.startsWith('a.add:'));
export const fromBot = ({ chat }: Talker): ChatMessage[] => chat.filter((message) => message.from === 'bot');

/** The bot's first message after `from` that has these words, or for which this holds. */
export function hears(
  { waitFor }: Pick<Talker, 'waitFor'>,
  what: string | ((message: ChatMessage) => boolean),
  from = 0,
): Promise<ChatMessage> {
  if (typeof what !== 'string') return comes(`a message with ${what.name || what}`, waitFor(what, from));
  return comes(
    `a message with "${what}"`,
    waitFor(({ text }) => text.includes(what), from),
  );
}

/** Writes an idea; resolves with the receipt. */
export async function share(person: Talker, words: string): Promise<ChatMessage> {
  const from = person.chat.length;
  await person.say(words);
  return hears(person, isReceipt, from);
}

export const manyOf = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));
