import { type ChatMessage, createChat } from './chat.ts';
import { refuse } from './telegramAnswer.ts';
import type { MessagePlace } from './telegramMessages.ts';
import { keyboardOf } from './telegramPayload.ts';

export interface SandboxUser {
  readonly id: number;
  readonly chat: ChatMessage[];
  /** What vanished from the chat. */
  readonly removed: ChatMessage[];
  say(text: string): Promise<void>;
  /** Answers a message of the chat. */
  reply(messageId: number, text: string): Promise<void>;
  command(text: string): Promise<void>;
  /** Presses a button of the latest message that has any, or of this one: by its label, its place, or any data, forged or not. */
  press(which: string | number, under?: ChatMessage): Promise<void>;
  edit(messageId: number, text: string): Promise<void>;
  /** `under`: the message that it answers. */
  voice(bytes?: Uint8Array, seconds?: number, under?: number): Promise<void>;
  /** `album`: the same for those that are sent together. */
  photo(bytes: Uint8Array, caption?: string, album?: string): Promise<void>;
  document(name: string, bytes: Uint8Array, caption?: string): Promise<void>;
  /** From now on writes in this topic of the chat; null: in none. */
  goTo(topic: number | null): void;
  /** Does away with a topic, and nobody tells the bot. */
  deleteTopic(topic: number): void;
  /** From now on the bot is refused; `leave` does the same and lets the bot know at once, as Telegram does. */
  block(): void;
  unblock(): void;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
}

/** What a person needs of the platform. */
export interface TelegramPlatform {
  offer(content: Record<string, unknown>): Promise<void>;
  nextId(): number;
  /** Keeps a file, gives its id. */
  keep(bytes: Uint8Array): string;
  clock(): number;
}

export interface SimulatedTelegramPerson extends SandboxUser, MessagePlace {
  readonly id: number;
  readonly blocked: boolean;
  /** As updates name the person. */
  readonly from: object;
}

/** As the platform names a file: to fetch it, and for good. */
const named = (id: string) => ({ file_id: id, file_unique_id: `of ${id}` });

/** Somebody with a chat with the bot; what they do becomes updates. */
export function createPerson(
  id: number,
  about: { language?: string; name?: string },
  platform: TelegramPlatform,
): SimulatedTelegramPerson {
  const chat = createChat(platform.clock);
  const place = { id, type: 'private', first_name: about.name ?? `Person ${id}` };
  const from = { ...place, type: undefined, is_bot: false, ...(about.language && { language_code: about.language }) };
  const deleted = new Set<number>();
  let blocked = false;

  function membership(before: string, after: string): Promise<void> {
    const [old_chat_member, new_chat_member] = [{ status: before }, { status: after }];
    const date = secondsOf(platform);
    return platform.offer({ my_chat_member: { chat: place, from, date, old_chat_member, new_chat_member } });
  }

  return {
    id,
    type: 'private',
    from,
    room: chat,
    refusal: () => (blocked ? refuse(403, 'Forbidden: bot was blocked by the user') : null),
    chat: chat.messages,
    removed: chat.removed,
    get blocked() {
      return blocked;
    },
    ...speechOf({ chat, place, from }, platform),
    deleted,
    deleteTopic: (gone) => void deleted.add(gone),
    block() {
      blocked = true;
    },
    unblock() {
      blocked = false;
    },
    leave() {
      blocked = true;
      return membership('member', 'kicked');
    },
    comeBack() {
      blocked = false;
      return membership('kicked', 'member');
    },
    waitFor: chat.waitFor,
  };
}

const secondsOf = ({ clock }: TelegramPlatform): number => Math.floor(clock() / 1000);

interface Speaker {
  chat: ReturnType<typeof createChat>;
  /** The chat and the person as updates name them. */
  place: object;
  from: object;
}

/** What somebody writes, sends, presses and corrects in their chat. */
function speechOf(speaker: Speaker, platform: TelegramPlatform) {
  const { chat, place, from } = speaker;
  let topic: number | null = null;
  const here = () => (topic === null ? {} : { message_thread_id: topic, is_topic_message: true });

  function speak(text: string, content: Record<string, unknown>): Promise<void> {
    const messageId = platform.nextId();
    chat.speak(text, messageId);
    const message = { message_id: messageId, date: secondsOf(platform), chat: place, from, ...here(), ...content };
    return platform.offer({ message });
  }

  const answering = (messageId: number) => ({
    reply_to_message: { message_id: messageId, date: secondsOf(platform), chat: place },
  });

  return {
    say: (text: string) => speak(text, { text }),
    command: (text: string) => speak(text, { text }),
    reply: (messageId: number, text: string) => speak(text, { text, ...answering(messageId) }),
    ...sendingOf(speak, answering, platform),
    goTo(where: number | null) {
      topic = where;
    },
    press: (which: string | number, message?: ChatMessage) =>
      platform.offer(pressOf(speaker, platform, which, message)),
    edit(messageId: number, text: string): Promise<void> {
      const said = chat.messages.find((message) => message.messageId === messageId);
      if (said) said.text = text;
      const times = { date: secondsOf(platform), edit_date: secondsOf(platform) };
      const edited = { message_id: messageId, ...times, chat: place, from, ...here(), text };
      return platform.offer({ edited_message: edited });
    },
  };
}

/** What somebody sends other than text. */
function sendingOf(
  speak: (text: string, content: Record<string, unknown>) => Promise<void>,
  answering: (messageId: number) => object,
  platform: TelegramPlatform,
) {
  const file = (bytes: Uint8Array, more: Record<string, unknown>) => ({
    ...named(platform.keep(bytes)),
    file_size: bytes.length,
    ...more,
  });
  return {
    voice: (bytes: Uint8Array = Buffer.from('OggS'), duration = 3, under?: number) =>
      speak('(voice)', {
        voice: file(bytes, { mime_type: 'audio/ogg', duration }),
        ...(under !== undefined && answering(under)),
      }),
    photo: (bytes: Uint8Array, caption = '', album?: string) =>
      speak(caption, {
        photo: [file(bytes.subarray(0, 1), { width: 9 }), file(bytes, { width: 90 })],
        caption,
        ...(album !== undefined && { media_group_id: album }),
      }),
    document: (name: string, bytes: Uint8Array, caption = '') =>
      speak(caption, { document: file(bytes, { file_name: name, mime_type: 'application/pdf' }), caption }),
  };
}

/** The update by which the bot hears of a pressed button. */
function pressOf(
  { chat, place, from }: Speaker,
  platform: TelegramPlatform,
  which: string | number,
  message?: ChatMessage,
): Record<string, unknown> {
  const { data, message: under } = chat.pressed(which, message);
  const where = under?.topic === undefined ? {} : { message_thread_id: under.topic, is_topic_message: true };
  const shown = under && under.buttons.length > 0 ? { reply_markup: keyboardOf(under.buttons) } : {};
  const told = { message_id: under?.messageId ?? 0, date: 0, chat: place, ...where, ...shown };
  return { callback_query: { id: String(platform.nextId()), from, chat_instance: '1', data, message: told } };
}
