/** What we send, neutral of any platform. Citizens' own words go into `quote` or `text` and are never parsed as markup. */
export type Block =
  /** `said`: people's words within ours; what a channel does to our words it does not do to them. */
  { kind: 'text'; text: string; said?: string[] } | { kind: 'heading'; text: string } | { kind: 'quote'; text: string };

/** A button. `data` comes back unchanged in an inbound `choice`; at most 64 bytes (Telegram callback_data). */
export interface Choice {
  label: string;
  data: string;
}

/**
 * An image (by its `mime`; shown, not offered to be fetched) or a document: bytes kept in memory, text that can be stored
 * with its message, or a URL that the platform fetches.
 */
export type OutboundFile = { name: string; mime: string } & (
  | { bytes: Uint8Array }
  | { text: string }
  | { url: string }
);

/** A panel beside the chat, in one state of it, by the platform's names for both. */
export interface PanelPlace {
  view: string;
  state?: string;
}

export interface OutboundMessage {
  blocks: Block[];
  /** Rendered one a row, in order. */
  choices?: Choice[];
  links?: { label: string; url: string }[];
  file?: OutboundFile;
  /** The thread or topic of the chat that it belongs in, as `Inbound` names it; left out: in none. */
  thread?: string;
  /** The message of the chat that it answers, as `Inbound` names it; one that is gone is answered without it. */
  replyTo?: string;
  /** The thread of questions and answers that it shows, by its id: whoever answers it is there. */
  about?: string;
  /** The contribution that it tells of, by its reference: whoever answers it adds to that. */
  contribution?: string;
  /** It takes the place of what this panel shows, if that is still the same; left out: it is said in the chat. */
  panel?: PanelPlace & { language: string; title: string; close: string };
}

/** A message of a notice, with the ids of the responses that it brings. */
export interface NoticeMessage extends OutboundMessage {
  responses?: readonly string[];
}

/** The platform's own name for something sent: enough to edit or delete it later. */
export interface MessageRef {
  chat: string;
  id: string;
  /** What the message tells of: whoever answers it speaks of that. */
  contribution?: string;
  response?: string;
}

export const say = (text: string, choices?: Choice[], said: string[] = []): OutboundMessage => ({
  blocks: [{ kind: 'text', text, ...(said.length > 0 && { said }) }],
  ...(choices && { choices }),
});

/** The words of a message, for transcripts and plain fallbacks. */
export const plainText = (message: OutboundMessage): string => message.blocks.map((block) => block.text).join('\n\n');

/** A message as JSON can hold it: the bytes of its file in letters. */
export type StoredMessage = Omit<OutboundMessage, 'file'> & { file?: OutboundFile | StoredFile };
interface StoredFile {
  name: string;
  mime: string;
  base64: string;
}

export function stored({ file, ...message }: OutboundMessage): StoredMessage {
  if (!file) return message;
  if (!('bytes' in file)) return { ...message, file };
  const { bytes, ...named } = file;
  return { ...message, file: { ...named, base64: Buffer.from(bytes).toString('base64') } };
}

export function revived({ file, ...message }: StoredMessage): OutboundMessage {
  if (!file) return message;
  if (!('base64' in file)) return { ...message, file };
  const { base64, ...named } = file;
  return { ...message, file: { ...named, bytes: Buffer.from(base64, 'base64') } };
}
