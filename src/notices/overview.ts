import type { ChannelName } from '../core/channelName.ts';
import type { Notice } from './notice.ts';

/** Whom a channel reaches. */
export interface Reach {
  channel: ChannelName;
  /** People who have agreed to take part. */
  people: number;
  /** People who came, and said no or have not answered. */
  unagreed: number;
  /** People who have stopped, or can no longer be reached. */
  gone: number;
  /** Groups and channels that have subscribed to announcements. */
  groups: number;
}

/** Counts of the notices that are not done. */
export interface NoticeCounts {
  drafts: number;
  scheduled: number;
  running: number;
  paused: number;
  /** For the approval of a second member. */
  waiting: number;
}

export type NoticeLine = Pick<Notice, 'id' | 'kind' | 'state' | 'at' | 'approval' | 'texts' | 'scheduledBy'>;

/** What came in since a moment. */
export interface CameIn {
  contributions: number;
  /** Who gave them. */
  contributors: number;
  /** Questions, disagreements and misunderstandings. */
  threads: number;
  /** People who came for the first time. */
  newcomers: number;
}

/** What members see at a glance. */
export interface Overview {
  cameIn(since: Date): Promise<CameIn>;
  reach(): Promise<Reach[]>;
  counts(): Promise<NoticeCounts>;
  /** The newest first, after skipping `from`. */
  newest(from: number, limit: number): Promise<NoticeLine[]>;
  /** Notices that wait for approval, the newest first. */
  waiting(limit: number): Promise<NoticeLine[]>;
  /** The latest release of responses by this member; null when there is none. */
  release(by: string): Promise<string | null>;
}
