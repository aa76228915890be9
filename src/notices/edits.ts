import type { SendErrorCode } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { MessageRef } from '../core/message.ts';
import type { Notice } from './notice.ts';

/** What can still be changed of a notice when its messages are out. */
export type Wording = Pick<Notice, 'texts' | 'buttons'>;

/** Why a message that was sent could not be changed or taken back. */
export type EditReason = SendErrorCode | 'too_late' | 'gone' | 'erased';

/** Messages of a notice on one channel that are to be changed or taken back. */
export interface EditWork {
  notice: string;
  channel: ChannelName;
}

/** A delivery that is behind the newest revision of its notice. */
export interface Outdated {
  id: string;
  noticeId: string;
  /** The revision to bring it to. */
  number: number;
  /** Taken back, not changed. */
  recalled: boolean;
  /** The revision is so old that another attempt is of no use. */
  late: boolean;
  state: 'sent' | 'failed' | 'skipped' | 'uncertain';
  refs: MessageRef[] | null;
  erased: boolean;
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  language: string | null;
}

/** What became of it. With `againInMs` nothing is decided yet. */
export interface Revised {
  id: string;
  number: number;
  reason: EditReason | null;
  againInMs: number | null;
}

/** How far the newest revision of a notice has come among those who had it. */
export interface EditStatus {
  what: 'edited' | 'recalled';
  number: number;
  at: Date;
  /** Messages that are as they should be now. */
  changed: number;
  open: number;
  /** Messages that could not be changed, by reason. */
  refused: Record<string, number>;
}

export interface NoticeEdits {
  /**
   * New words for a notice; what has not gone yet goes with them. One that was approved and has not begun waits for
   * approval again. Null when it can have none: it is cancelled, or brings responses.
   */
  edit(
    id: string,
    wording: Wording,
    by: string | null,
    /** Two members have asked for it: what was approved and is out takes no less. */
    seconded: boolean,
  ): Promise<{ begun: boolean; approval: Notice['approval'] } | null>;
  /** Cancels what has not gone, and marks the rest to be taken back. False when it has not begun, or is recalled already. */
  recall(id: string, by: string | null): Promise<boolean>;
  /** Where something is to be done now. */
  due(): Promise<EditWork[]>;
  /** Outdated deliveries of one notice on one channel, in the order of their ids from `after` on. */
  next(work: EditWork, after: string, limit: number): Promise<Outdated[]>;
  settle(revised: readonly Revised[]): Promise<void>;
  /** Null when it was never changed. */
  status(id: string): Promise<EditStatus | null>;
}
