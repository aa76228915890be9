import type { SendErrorCode } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { MessageRef } from '../core/message.ts';
import type { Notice } from './notice.ts';

/** What can still be changed once a notice's messages are out. */
export type Wording = Pick<Notice, 'texts' | 'buttons'>;

/** Why a sent message could not be changed or deleted. */
export type EditReason = SendErrorCode | 'too_late' | 'gone' | 'erased';

/** Messages of a notice on one channel that are to be changed or deleted. */
export interface EditWork {
  notice: string;
  channel: ChannelName;
}

/** A delivery that is behind the newest revision of its notice. */
export interface Outdated {
  id: string;
  noticeId: string;
  /** The number of the revision to apply. */
  number: number;
  /** The message is to be deleted, not changed. */
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

/** The outcome of an edit. With `againInMs` it is still to be tried again. */
export interface Revised {
  id: string;
  number: number;
  reason: EditReason | null;
  againInMs: number | null;
}

/** How far the newest revision of a notice has been applied. */
export interface EditStatus {
  what: 'edited' | 'recalled';
  number: number;
  at: Date;
  /** Messages that are up to date. */
  changed: number;
  open: number;
  /** Messages that could not be changed, by reason. */
  refused: Record<string, number>;
}

export interface NoticeEdits {
  /**
   * Changes the text of a notice; messages that have not gone yet go with the new one. A notice that was approved and
   * has not begun needs approval again. Null when it cannot be edited: it is cancelled, or brings responses.
   */
  edit(
    id: string,
    wording: Wording,
    by: string | null,
    /** Two members have asked for it, which a notice that was approved and is out requires. */
    seconded: boolean,
  ): Promise<{ begun: boolean; approval: Notice['approval'] } | null>;
  /**
   * Cancels what has not gone out, and marks the rest for deletion. False when it has not begun, or was recalled
   * already.
   */
  recall(id: string, by: string | null): Promise<boolean>;
  /** Edits that are due now. */
  due(): Promise<EditWork[]>;
  /** Outdated deliveries of one notice on one channel, in the order of their ids from `after` on. */
  next(work: EditWork, after: string, limit: number): Promise<Outdated[]>;
  settle(revised: readonly Revised[]): Promise<void>;
  /** Null when it was never changed. */
  status(id: string): Promise<EditStatus | null>;
}
