import { type Receive, SendError } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { Inbound } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { CALL_MS } from './client.ts';
import { isFinal, sendError } from './errors.ts';
import { keyOf } from './parsed.ts';
import { messageAction } from './payloads.ts';
import type { People } from './people.ts';
import type { PayloadReading } from './reading.ts';
import { escaped, type Slashed } from './render.ts';
import { isSpeaking } from './speaker.ts';
import { wordsOf } from './words.ts';

/** The callback of the shortcut in the app's manifest. */
const SUGGEST = 'suggest_message';

export interface Suggestion {
  /** Who used the shortcut. */
  by: { id: string; name: string };
  /** Where they hear what comes of it. */
  answerAt: string;
  /** Null for what nobody wrote. */
  said: { author: string; text: string; unique: string } | null;
}

/** Null for every other payload. */
export function parseSuggestion(raw: unknown, reading: PayloadReading): Suggestion | null {
  const found = messageAction.safeParse(raw);
  if (!found.success || found.data.callback_id !== SUGGEST) return null;
  const { user, channel, message, message_ts, response_url: answerAt } = found.data;
  const by = { id: user.id, name: wellFormed(user.name ?? '') };
  const { text } = wordsOf({ ...message, attachments: undefined }, reading);
  const ts = message.ts ?? message_ts;
  if (!isSpeaking(message, reading.botUser) || text.trim() === '' || !ts) return { by, answerAt, said: null };
  // No matter who suggests it: its author is asked once.
  return {
    by,
    answerAt,
    said: { author: message.user, text: wellFormed(text.trim()), unique: `suggested:${channel.id}:${ts}` },
  };
}

export interface SuggestionParts {
  people: People;
  surfaces: Surfaces;
  slashed: Slashed;
  log: Log;
  clock: Clock;
  /** For what goes on after Slack has its answer. */
  background: (work: Promise<void>) => void;
}

/** Takes up that somebody wants another's words before the forum, and tells them so once it is recorded. */
export function createSuggestions({ people, surfaces, slashed, log, clock, background }: SuggestionParts) {
  async function answer(url: string, words: string): Promise<void> {
    const text = slashed(words);
    const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text: escaped(text) });
    const headers = { 'content-type': 'application/json' };
    try {
      const answered = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(CALL_MS) });
      if (!answered.ok) throw new SendError('rejected', `Slack answered ${answered.status}`);
    } catch (error) {
      log.warn('Who suggested a message could not be answered', {}, sendError(error, 0));
    }
  }

  /** Null for an author to whom Slack opens no chat: a bot, or somebody who has left. */
  const chatOf = (author: string): Promise<string | null> =>
    people.chatOf(author).catch((error: unknown) => {
      if (isFinal(error)) return null;
      throw error;
    });

  async function inboundOf(team: string, { by, said }: Suggestion): Promise<Inbound | null> {
    if (!said) return null;
    const { author, text, unique } = said;
    const [address, about, suggester] = await Promise.all([
      chatOf(author),
      people.aboutOf(author),
      people.aboutOf(by.id),
    ]);
    if (address === null || !about.isPerson) return null;
    const { language, zone } = about;
    const sender = { key: keyOf(team, author), channel: 'slack' as const, address, language, zone, name: null };
    const content = { kind: 'suggested' as const, text, by: suggester.name ?? by.name };
    return { id: keyOf(team, unique), sender, content, at: clock() };
  }

  /** Resolves once it is recorded. */
  return async (suggestion: Suggestion, team: string, receive: Receive): Promise<void> => {
    const { language } = await people.aboutOf(suggestion.by.id);
    const tell = (words: string) => background(answer(suggestion.answerAt, words));
    try {
      const inbound = await inboundOf(team, suggestion);
      if (inbound) await receive(inbound);
      tell(inbound ? surfaces.suggested(language) : surfaces.notSuggested(language));
    } catch (error) {
      tell(surfaces.tryAgain(language));
      throw error;
    }
  };
}
