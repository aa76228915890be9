import type { ChannelName } from './channelName.ts';
import type { PanelPlace } from './message.ts';

/** A file kept by reference: the platform holds the bytes, `ref` fetches them through the channel. */
export interface Attachment {
  kind: 'photo' | 'voice' | 'document';
  ref: string;
  mime: string | null;
  name: string | null;
  /** Bytes, where the platform says. */
  size: number | null;
  /** How long it takes to listen to; left out where the platform does not say. */
  seconds?: number;
  /** What the platform calls the file itself, the same every time; left out where it has no such name. */
  unique?: string;
  /** The message that brought it, where the file can be put in another's place later. */
  messageId?: string;
}

/** Who spoke. `key` is `telegram:<bot>:<user>` or `slack:<team>:<user>`; `address` is the private chat to answer in. */
export interface Sender {
  key: string;
  channel: ChannelName;
  address: string;
  /** BCP 47, as the platform reports it; null where it does not. */
  language: string | null;
  /** IANA name of the time zone that the platform reports; left out where it does not. */
  zone?: string | null;
  name: string | null;
}

/** A group or channel that announcements can go to. */
export interface Group {
  /** As an identity's: `telegram:<bot>:<chat>` or `slack:<team>:<channel>`. */
  key: string;
  address: string;
  title: string;
}

export type InboundContent =
  /**
   * `forwarded`: somebody else's words, which the sender has passed on, or some of the words are. `cut`: so long that the app may have sent its rest as
   * a message of its own.
   */
  | { kind: 'text'; text: string; messageId: string | null; forwarded?: true | 'some'; cut?: true }
  /**
   * A button: `data` exactly as it was sent out, or whatever somebody forged. `panel`: it stands in a panel beside the chat,
   * in this state of it; what follows is shown there. `shown`: what its message shows, as the platform says it; left out
   * where it does not.
   */
  | { kind: 'choice'; data: string; messageId: string | null; panel?: PanelPlace; shown?: unknown }
  /**
   * `name` without the slash, lower case; `argument` is the rest, e.g. the payload of a deep link. `words`: the whole as it
   * was typed, where that is not `/name argument`.
   */
  | { kind: 'command'; name: string; argument: string; words?: string }
  /**
   * `album` is the same for files that were sent together, each as a message of its own. `tooLarge`: nobody can fetch it, the
   * platform gives at most that many bytes.
   */
  | {
      kind: 'media';
      attachment: Attachment;
      caption: string;
      messageId: string | null;
      album?: string;
      forwarded?: true | 'some';
      tooLarge?: number;
    }
  /**
   * `attachment`: the file of the message as it is now, replaced or not; `tooLarge` as above. `removed`: what the platform
   * calls the files that it has no more.
   */
  | { kind: 'edited'; text: string; messageId: string; attachment?: Attachment; tooLarge?: number; removed?: string[] }
  /** The Slack modal: a whole idea in one go; the fields carry the names of the idea flow's answers. */
  | { kind: 'form'; form: string; fields: Record<string, string> }
  /** The person looks at a place that shows state (Slack App Home): the channel's own matter, never received. */
  | { kind: 'opened'; place: 'home' }
  /** The sender has added us to a group or channel; `key` and `address` are those of the group. */
  | { kind: 'added'; group: Group }
  /** We are no longer in that group or channel. The sender is the person who removed us. */
  | { kind: 'removed'; group: Group }
  /** Somebody (`by`) finds that what the sender said elsewhere belongs before the forum: the sender is to be asked. */
  | { kind: 'suggested'; text: string; by: string }
  | { kind: 'joined' }
  | { kind: 'left' }
  | { kind: 'moved'; address: string }
  /** Made by ourselves when a question's time is over; `nonce` names the question. */
  | { kind: 'timeout'; nonce: string }
  /** Made by ourselves when answers that were held back may be given. */
  | { kind: 'caught_up' }
  /** Made by ourselves when somebody is to be reminded of what they have begun. */
  | { kind: 'reminded' }
  /** `what` is `file` for one that the platform does not give us. */
  | { kind: 'unsupported'; what: string };

/** One update of a platform. `id` is unique forever (bot or team included), so that a repeat is recognised. */
export interface Inbound {
  id: string;
  sender: Sender;
  content: InboundContent;
  /** Milliseconds since the epoch. */
  at: number;
  /** The thread or topic of the chat in which it was said, by the platform's name for it: where the answer goes. */
  thread?: string;
  /** The message of the chat that it answers, by the platform's name for it. */
  replyTo?: string;
}

/** An update that a channel's parser fails on: kept as it came for somebody to look at, so that it stops no other. */
export interface Unreadable {
  id: string;
  raw: string;
  error: string;
}
