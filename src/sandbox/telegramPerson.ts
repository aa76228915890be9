import { type ChatMessage, createChat } from './chat.ts';
import type { SandboxUser } from './telegram.ts';
import { refuse } from './telegramAnswer.ts';
import type { MessagePlace } from './telegramMessages.ts';

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
  let blocked = false;
  let topic: number | null = null;
  const deleted = new Set<number>();
  const here = () => (topic === null ? {} : { message_thread_id: topic, is_topic_message: true });
  const seconds = (): number => Math.floor(platform.clock() / 1000);

  function speak(text: string, content: Record<string, unknown>): Promise<void> {
    const messageId = platform.nextId();
    chat.speak(text, messageId);
    const message = { message_id: messageId, date: seconds(), chat: place, from, ...here(), ...content };
    return platform.offer({ message });
  }

  function press(which: string | number, message?: ChatMessage): Promise<void> {
    const { data, message: under } = chat.pressed(which, message);
    const where = under?.topic === undefined ? {} : { message_thread_id: under.topic, is_topic_message: true };
    const told = { message_id: under?.messageId ?? 0, date: 0, chat: place, ...where };
    return platform.offer({
      callback_query: { id: String(platform.nextId()), from, chat_instance: '1', data, message: told },
    });
  }

  function edit(messageId: number, text: string): Promise<void> {
    const said = chat.messages.find((message) => message.messageId === messageId);
    if (said) said.text = text;
    const times = { date: seconds(), edit_date: seconds() };
    return platform.offer({ edited_message: { message_id: messageId, ...times, chat: place, from, ...here(), text } });
  }

  function membership(before: string, after: string): Promise<void> {
    const [old_chat_member, new_chat_member] = [{ status: before }, { status: after }];
    return platform.offer({ my_chat_member: { chat: place, from, date: seconds(), old_chat_member, new_chat_member } });
  }

  const file = (bytes: Uint8Array, more: Record<string, unknown>) => ({
    ...named(platform.keep(bytes)),
    file_size: bytes.length,
    ...more,
  });

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
    say: (text) => speak(text, { text }),
    reply(messageId, text) {
      const answered = { message_id: messageId, date: seconds(), chat: place };
      return speak(text, { text, reply_to_message: answered });
    },
    command: (text) => speak(text, { text }),
    press,
    edit,
    voice: (bytes = Buffer.from('OggS'), duration = 3) =>
      speak('(voice)', { voice: file(bytes, { mime_type: 'audio/ogg', duration }) }),
    photo: (bytes, caption = '', album) =>
      speak(caption, {
        photo: [file(bytes.subarray(0, 1), { width: 9 }), file(bytes, { width: 90 })],
        caption,
        ...(album !== undefined && { media_group_id: album }),
      }),
    document: (name, bytes, caption = '') =>
      speak(caption, { document: file(bytes, { file_name: name, mime_type: 'application/pdf' }), caption }),
    deleted,
    goTo(where) {
      topic = where;
    },
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
