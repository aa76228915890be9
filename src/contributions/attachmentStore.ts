import type { ChannelName } from '../core/channelName.ts';

/** A file that somebody has sent and that is not here yet. */
export interface WantedAttachment {
  id: string;
  channel: ChannelName;
  ref: string;
  /** This one counted. */
  attempts: number;
}

/** The files that came with what people said; a turn says which are wanted. */
export interface AttachmentStore {
  /** Wanted ones of these channels whose moment has come; if nothing becomes of them, they come again, ever more rarely. */
  take(channels: readonly ChannelName[], limit: number): Promise<WantedAttachment[]>;
  keep(id: string, bytes: Uint8Array): Promise<void>;
  /** The platform does not give it, and will not. */
  refuse(id: string, reason: string): Promise<void>;
  /** Null for one that is not kept here. */
  find(channel: ChannelName, ref: string): Promise<Uint8Array | null>;
  /** How many could not be fetched at the first attempt, and how many never will be. */
  count(): Promise<{ wanted: number; refused: number }>;
}
