import { type ChatMessage, createChat } from './chat.ts';
import { refuse, type TelegramAnswer } from './telegramAnswer.ts';
import type { MessagePlace } from './telegramMessages.ts';
import type { SandboxUser, TelegramPlatform } from './telegramPerson.ts';

export type GroupKind = 'group' | 'supergroup' | 'channel';

export interface SandboxGroup {
  readonly id: number;
  /** What its members see; messages that were taken back are in `removed`. */
  readonly chat: ChatMessage[];
  readonly removed: ChatMessage[];
  /** Brings the bot in, into a channel as one who may post. */
  add(user: SandboxUser): Promise<void>;
  /** Throws the bot out. */
  remove(user: SandboxUser): Promise<void>;
  say(user: SandboxUser, text: string): Promise<void>;
  /** Whether the bot may write; nobody tells it. */
  allow(writing: boolean): void;
  /** A group becomes the supergroup of this number. */
  upgrade(user: SandboxUser, id: number): Promise<void>;
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

interface GroupParts extends Pick<TelegramPlatform, 'offer' | 'nextId' | 'clock'> {
  /** The person as updates name them. */
  nameOf(user: SandboxUser): object;
  /** Makes the supergroup that this group becomes, with the bot in it. */
  succeed(id: number): void;
}

/** A group or channel that bots can be brought into. */
export function createGroup(
  { id, title, type, status: first = 'left' }: { id: number; title: string; type: GroupKind; status?: string },
  { offer, nextId, clock, nameOf, succeed }: GroupParts,
): SandboxGroup & MessagePlace {
  const room = createChat(clock);
  const place = { id, title, type };
  let status = first;
  let allowed = true;
  let movedTo: number | null = null;
  const seconds = (): number => Math.floor(clock() / 1000);

  function membership(after: string, user: SandboxUser): Promise<void> {
    const [old_chat_member, new_chat_member] = [{ status }, { status: after }];
    status = after;
    const from = nameOf(user);
    return offer({ my_chat_member: { chat: place, from, date: seconds(), old_chat_member, new_chat_member } });
  }

  function happen(user: SandboxUser, messageId: number, content: object): Promise<void> {
    const message = { message_id: messageId, date: seconds(), chat: place, from: nameOf(user), ...content };
    return offer(type === 'channel' ? { channel_post: message } : { message });
  }

  return {
    id,
    type,
    room,
    chat: room.messages,
    removed: room.removed,
    refusal: () => refusalOf(type, { status, allowed, movedTo }),
    add: (user) => membership(type === 'channel' ? 'administrator' : 'member', user),
    remove: (user) => membership('kicked', user),
    say(user, text) {
      const messageId = nextId();
      room.speak(text, messageId);
      return happen(user, messageId, { text });
    },
    allow(writing) {
      allowed = writing;
    },
    upgrade(user, to) {
      movedTo = to;
      succeed(to);
      return happen(user, nextId(), { migrate_to_chat_id: to });
    },
    waitFor: room.waitFor,
  };
}

/** Why the bot may not write there; null: it may. */
function refusalOf(
  type: GroupKind,
  { status, allowed, movedTo }: { status: string; allowed: boolean; movedTo: number | null },
): TelegramAnswer | null {
  if (movedTo !== null) {
    const words = 'Bad Request: group chat was upgraded to a supergroup chat';
    return refuse(400, words, { migrate_to_chat_id: movedTo });
  }
  if (status === 'kicked') return refuse(403, `Forbidden: bot was kicked from the ${type} chat`);
  if (status === 'left') return refuse(403, `Forbidden: bot is not a member of the ${type} chat`);
  if (allowed) return null;
  const right =
    type === 'channel'
      ? 'need administrator rights in the channel chat'
      : 'not enough rights to send text messages to the chat';
  return refuse(400, `Bad Request: ${right}`);
}
