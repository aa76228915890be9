import { type ChatMessage, createChat } from './chat.ts';
import type { SlackPlace } from './slackMessages.ts';
import type { SlackPayload } from './slackPayload.ts';

/** What somebody wrote in a channel: for the shortcuts on it. */
export interface SlackSaid {
  channel: { id: string; name: string };
  message: SlackPayload;
}

export interface SlackSandboxChannel {
  id: string;
  /** What stands there of ours. */
  chat: ChatMessage[];
  /** This person adds the bot. */
  invite(by: string): Promise<void>;
  /** This person removes the bot. */
  kick(by: string): Promise<void>;
  archive(by: string): Promise<void>;
  /** For good. */
  delete(by: string): Promise<void>;
  /** The bot hears nothing of it. `more`: what else Slack would write into the message. */
  say(by: string, text: string, more?: SlackPayload): SlackSaid;
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

export interface ChannelAbout {
  title?: string;
  private?: boolean;
  /** The bot is in it from the beginning. */
  member?: boolean;
}

export interface SimulatedChannel extends SlackSandboxChannel, SlackPlace {
  readonly info: { id: string; name: string; is_private: boolean; is_member: boolean };
}

export interface ChannelParts {
  id: string;
  about: ChannelAbout;
  event(content: SlackPayload): Promise<void>;
  stamp(): string;
  clock(): number;
}

/** A channel of the workspace. Slack's names for what happens to a private one begin otherwise. */
export function createChannel({ id, about, event, stamp, clock }: ChannelParts): SimulatedChannel {
  const chat = createChat(clock);
  const { title: name = id.toLowerCase(), private: is_private = false } = about;
  const kind = is_private ? 'group' : 'channel';
  const membership = { user: 'UBOT', channel: id, channel_type: is_private ? 'G' : 'C', team: 'T1' };
  let { member = false } = about;
  let ended = false;

  async function leave(by: string): Promise<void> {
    member = false;
    await event({ type: `${kind}_left`, channel: id, actor_id: by, event_ts: stamp() });
    await event({ type: 'member_left_channel', ...membership, event_ts: stamp() });
  }

  async function end(content: SlackPayload): Promise<void> {
    ended = true;
    await event({ channel: id, event_ts: stamp(), ...content });
  }

  return {
    id,
    chat: chat.messages,
    get info() {
      return { id, name, is_private, is_member: member };
    },
    refusal: () => (ended ? 'is_archived' : member ? null : 'not_in_channel'),
    receive: chat.receive,
    change: chat.change,
    remove: chat.remove,
    waitFor: chat.waitFor,
    invite(by) {
      member = true;
      return event({ type: 'member_joined_channel', ...membership, inviter: by, event_ts: stamp() });
    },
    kick: leave,
    archive: (by) => end({ type: `${kind}_archive`, user: by }),
    delete: (by) => end({ type: `${kind}_deleted`, actor_id: by }),
    say: (by, text, more = {}) => ({
      channel: { id, name },
      message: { type: 'message', user: by, text, ts: stamp(), ...more },
    }),
  };
}
