import { authored, type SlackMessage } from './payloads.ts';

/** A message of one of these kinds holds what its author wrote; all others are Slack's own words, or those of an app. */
const WRITTEN = new Set(['file_share', 'me_message', 'thread_broadcast']);
/** Speaks for Slack itself, in the place of people whose message is gone too. */
const SLACKBOT = 'USLACKBOT';

/** Whether a person has written it: not we, not another app in their name, and not Slack. */
export const isSpeaking = (message: SlackMessage, botUser: string): message is SlackMessage & { user: string } =>
  Boolean(message.user) && mayBeSpeaking(message, botUser);

/** The same for a message that does not name its author readably. */
export function mayBeSpeaking(
  { user, subtype, bot_id, hidden, client_msg_id }: SlackMessage,
  botUser: string,
): boolean {
  if (user === botUser || user === SLACKBOT || bot_id || hidden) return false;
  // What was typed in one of Slack's own clients has a name of that client's, also in kinds that are yet to come.
  return subtype === undefined || WRITTEN.has(subtype) || client_msg_id !== undefined;
}

/** Who caused a payload; null where it names nobody. */
export function authorOf(payload: unknown): string | null {
  const { event, user, user_id } = authored.safeParse(payload).data ?? {};
  return event?.message?.user ?? event?.user ?? user?.id ?? user_id ?? null;
}
