import type { ChatMessage } from './chat.ts';
import { areSound, blocksIn, buttonsIn, imageIn, type SlackAnswer, type SlackPayload, shown } from './slackPayload.ts';

/** Where the bot writes: a private chat or a channel. */
export interface SlackPlace {
  id: string;
  /** Slack's name for why the bot may not write here; null: it may. */
  refusal(): string | null;
  receive(message: ChatMessage): void;
  change(message: ChatMessage, content: Partial<ChatMessage>): void;
  remove(message: ChatMessage): void;
}

export interface MessageParts {
  places: ReadonlyMap<string, SlackPlace>;
  /** `closed`: the time to edit or take back a message is over. */
  faults: { closed: boolean };
  /** Those that were uploaded. */
  files: { nameOf(id: string): string | undefined; isShared(id: string): boolean };
  nextId(): number;
  stamp(): string;
  clock(): number;
}

interface Sent {
  place: SlackPlace;
  message: ChatMessage;
}

const threadIn = ({ thread_ts }: SlackPayload) => (thread_ts === undefined ? {} : { thread: String(thread_ts) });

const refused = (error: string): SlackAnswer => ({ ok: false, error });

/** What the bot has written, by Slack's names for it: a message's time, a file's id. */
export function createMessages(parts: MessageParts) {
  const kept: Kept = { messages: new Map(), files: new Map(), sent: [] };
  const closedThreads = new Set<string>();
  return {
    sent: kept.sent,
    deliver(payload: SlackPayload): SlackAnswer {
      const place = parts.places.get(String(payload.channel ?? payload.channel_id));
      if (!place) return refused('channel_not_found');
      const refusal = place.refusal();
      if (refusal !== null) return refused(refusal);
      if (payload.thread_ts !== undefined && closedThreads.has(String(payload.thread_ts)))
        return refused('restricted_action_thread_locked');
      return payload.files === undefined ? post(place, payload, kept, parts) : share(place, payload, kept, parts);
    },
    ...changesOf(kept, parts.faults),
    /** Nobody can answer in this thread any more. */
    closeThread: (thread: string) => void closedThreads.add(thread),
  };
}

interface Kept {
  messages: Map<string, Sent>;
  files: Map<string, Sent>;
  sent: SlackPayload[];
}

function put(
  place: SlackPlace,
  message: Pick<ChatMessage, 'text' | 'messageId'> & Partial<ChatMessage>,
  { clock }: MessageParts,
): Sent {
  const whole: ChatMessage = { from: 'bot', buttons: [], entities: [], at: clock(), ...message };
  place.receive(whole);
  return { place, message: whole };
}

/** What a person reads of these blocks; null where Slack would not take them. */
function seen(payload: SlackPayload): Pick<ChatMessage, 'text' | 'buttons' | 'file' | 'photo' | 'held'> | null {
  const blocks = blocksIn(payload.blocks);
  if (!areSound(blocks)) return null;
  const file = imageIn(blocks);
  const held = { type: 'message', text: payload.text, blocks };
  return { text: shown(blocks), buttons: buttonsIn(blocks), held, ...(file !== null && { file, photo: true }) };
}

function post(place: SlackPlace, payload: SlackPayload, { messages, sent }: Kept, parts: MessageParts): SlackAnswer {
  const content = seen(payload);
  if (!content) return refused('invalid_blocks');
  sent.push(payload);
  const ts = parts.stamp();
  messages.set(ts, put(place, { ...content, ...threadIn(payload), messageId: Number(ts) }, parts));
  return { ok: true, channel: place.id, ts };
}

/** The last of the three calls by which a file is sent. */
function share(place: SlackPlace, payload: SlackPayload, { files }: Kept, parts: MessageParts): SlackAnswer {
  const shared = JSON.parse(String(payload.files)) as { id: string; title?: string }[];
  for (const { id, title = '' } of shared.filter((each) => parts.files.isShared(each.id))) {
    const message = { text: '', messageId: parts.nextId(), file: parts.files.nameOf(id) ?? title };
    files.set(id, put(place, { ...message, ...threadIn(payload) }, parts));
  }
  return { ok: true, files: shared };
}

/** How what was sent is edited and taken back, while there is time for it. */
function changesOf({ messages, files }: Kept, faults: MessageParts['faults']) {
  /** The named message, of this channel. */
  function named({ channel, ts }: SlackPayload): Sent | null {
    const found = messages.get(String(ts));
    return found && found.place.id === channel ? found : null;
  }

  function vanish(all: Map<string, Sent>, id: string): SlackAnswer {
    const found = all.get(id);
    all.delete(id);
    found?.place.remove(found.message);
    return { ok: true };
  }

  return {
    update(payload: SlackPayload): SlackAnswer {
      const found = named(payload);
      if (!found) return refused('message_not_found');
      if (faults.closed) return refused('edit_window_closed');
      const content = seen(payload);
      if (!content) return refused('invalid_blocks');
      delete found.message.file;
      found.place.change(found.message, content);
      return { ok: true, channel: found.place.id, ts: String(payload.ts) };
    },
    remove(payload: SlackPayload): SlackAnswer {
      if (!named(payload)) return refused('message_not_found');
      return faults.closed ? refused('cant_delete_message') : vanish(messages, String(payload.ts));
    },
    removeFile({ file }: SlackPayload): SlackAnswer {
      if (!files.has(String(file))) return refused('file_not_found');
      return faults.closed ? refused('cant_delete_file') : vanish(files, String(file));
    },
  };
}
