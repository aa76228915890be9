import type { ChannelName } from './channelName.ts';
import type { Inbound, Unreadable } from './inbound.ts';
import type { MessageRef, OutboundMessage } from './message.ts';
import type { ButtonUse, PressedButton } from './usedButtons.ts';

/** What a platform asks of our web server, by POST. Header names are in lower case. */
export interface HttpRoute {
  path: string;
  answer(
    headers: Record<string, string>,
    rawBody: string,
  ): Promise<{ status: number; body: string; contentType?: string }>;
}

export interface ChannelLimits {
  /** Characters of one message; longer text is split by the channel. */
  text: number;
  buttonLabel: number;
  /** Bytes. */
  buttonData: number;
  buttons: number;
  /** Bulk messages a second to all chats together. */
  perSecond: number;
  /** Messages changed or taken back a second, where the platform counts them for themselves; else they count as sent. */
  changesPerSecond?: number;
  /** Least milliseconds between two messages to one chat. */
  chatGapMs: number;
}

/** Every way in which a platform refuses, closed; `retryable` says whether the same call may succeed later. */
export const SEND_ERRORS = {
  blocked: { retryable: false, unreachable: true },
  deactivated: { retryable: false, unreachable: true },
  chat_not_found: { retryable: false, unreachable: true },
  /** The chat has a new address: rewrite it and send once more. */
  moved: { retryable: true, unreachable: false },
  rejected: { retryable: false, unreachable: false },
  unauthorized: { retryable: false, unreachable: false },
  slow_down: { retryable: true, unreachable: false },
  unavailable: { retryable: true, unreachable: false },
  /** The connection was never made: nothing can have arrived. */
  not_connected: { retryable: true, unreachable: false },
  /** The call was made and no answer came: it may have arrived. Never retried blindly. */
  unknown_outcome: { retryable: false, unreachable: false },
} as const;
export type SendErrorCode = keyof typeof SEND_ERRORS;

export class SendError extends Error {
  constructor(
    readonly code: SendErrorCode,
    readonly detail: string,
    readonly more: {
      /** With `slow_down`: the platform's wish. */
      retryAfterSeconds?: number;
      /** With `moved`: the new address. */
      address?: string;
      /** Parts of a split message that had already arrived. */
      partsDone?: number;
      cause?: unknown;
    } = {},
  ) {
    super(`${code}: ${detail}`, { cause: more.cause });
    this.name = 'SendError';
  }
  get retryable(): boolean {
    return SEND_ERRORS[this.code].retryable;
  }
}

/** Resolves once the update is kept; a rejection means "not recorded": the platform must not get its acknowledgement. */
export type Receive = (inbound: Inbound) => Promise<void>;
/** Likewise, for an update that the channel's parser fails on. */
export type KeepUnreadable = (update: Unreadable) => Promise<void>;
/** Where there is no other place for them. */
export const refuseUnreadable: KeepUnreadable = async ({ error }) => {
  throw new Error(error);
};

/** What a platform shows of us before we say a word, by language. */
export interface Introduction {
  commands: { name: string; descriptions: Record<string, string> }[];
  /** Where a chat begins. */
  about: Record<string, string>;
  /** One sentence of it. */
  short: Record<string, string>;
}

export interface Channel {
  readonly name: ChannelName;
  readonly limits: ChannelLimits;
  /** Begins to listen (poll, socket, or nothing when the web server hands requests in). Idempotent; throws with a remedy when the token is refused. */
  start(receive: Receive, keepUnreadable?: KeepUnreadable): Promise<void>;
  /**
   * Learns its own name at the platform, without listening: who only sends needs it for `link`. Idempotent; `start` does it
   * too. @throws UserError as `start` does
   */
  identify(): Promise<void>;
  /** Stops taking updates, waits for those under way. */
  stop(): Promise<void>;
  /**
   * Sends to one private chat. Long text is split; `fromPart` skips parts that had arrived before.
   * @throws SendError, and nothing else, when the platform refuses or is not there.
   */
  send(address: string, message: OutboundMessage, fromPart?: number): Promise<MessageRef[]>;
  /**
   * Puts other words and buttons in the place of those that were sent; `refs` are what `send` gave for the message. Saying
   * what it says already is not an error. @throws SendError: `rejected` where the platform allows no change (any more)
   */
  edit(refs: readonly MessageRef[], message: OutboundMessage): Promise<void>;
  /** Takes back what was sent; what is gone already is not an error. @throws SendError: `rejected` where it is too late */
  remove(refs: readonly MessageRef[]): Promise<void>;
  /** Shows under its message what a pressed button has come to; the words stay as they are. @throws SendError as `edit` does */
  markUsed(pressed: PressedButton, use: ButtonUse): Promise<void>;
  /** What the last part of a message shows, as a press of one of its buttons would tell. */
  shows(message: OutboundMessage): unknown;
  /** The address that opens the private chat with us and says `start` there; null where there is none, or before `start()`. */
  link(start: string): string | null;
  /** What keeps it from working now, in words without addresses or secrets; null when nothing does. */
  trouble(): string | null;
  /** The bytes of an attachment. @throws SendError */
  download(ref: string): Promise<Uint8Array>;
  /** Tells the platform what it shows of us; called at each start, and when our words change. */
  introduce(introduction: Introduction): Promise<void>;
}
