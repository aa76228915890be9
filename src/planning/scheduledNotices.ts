import type { Notice, NoticeState } from '../notices/notice.ts';

/** A notice that the calendar has made, as far as the planner has to do with it. */
export interface Planned extends Pick<Notice, 'id' | 'at' | 'texts' | 'buttons' | 'until' | 'turnOf'> {
  origin: string;
  state: NoticeState;
  /** Whether its recipients are fixed: from then on the planner leaves it alone. */
  begun: boolean;
  /** Cancelled, and that by the planner: it may come back. */
  withdrawn: boolean;
}

/**
 * What the planner may change of a notice before it begins. The approval, with who gave it and who was the first, is that of
 * the words: it takes the place of the one that there is where these are others.
 */
export type PlannedChange = Pick<
  Notice,
  'at' | 'texts' | 'buttons' | 'until' | 'approval' | 'approvedBy' | 'scheduledBy'
>;

/** A notice with a schedule of its own. */
export interface ScheduledNotice extends Notice {
  /** When it was scheduled, approved or resumed last: what lies before is not made up for. */
  since: Date;
}

/** A notice that announces a published timeline. */
export interface TimelineNotice extends Pick<Notice, 'id' | 'kind' | 'state' | 'at'> {
  timeline: number;
  begun: boolean;
  withdrawn: boolean;
}

export interface PlannedNotices {
  /**
   * Does the work while no other process does such work. Null without doing it where another does and `wait` is false.
   */
  alone<T>(wait: boolean, work: () => Promise<T>): Promise<T | null>;
  reminders(): Promise<Planned[]>;
  /** Those that tell people of a change of an event that they come to. */
  eventChanges(): Promise<Planned[]>;
  /** Of all notices that repeat. */
  turns(): Promise<Planned[]>;
  /** False when it has begun, or is not to begin any more. */
  change(id: string, change: PlannedChange): Promise<boolean>;
  /** Cancels those that have not begun; gives how many. */
  withdraw(ids: readonly string[]): Promise<number>;
  /** Undoes `withdraw`; false where somebody has cancelled it meanwhile. */
  revive(id: string, change: PlannedChange): Promise<boolean>;
  /** Notices that wait for their moment or their turns, and those of either kind that are paused or over. */
  scheduled(): Promise<ScheduledNotice[]>;
  /** Notes the moment that its schedule means now; `at` null: it waits. False when it has begun. */
  setMoment(id: string, moment: string, at: Date | null): Promise<boolean>;
  /** No further time follows. */
  end(id: string): Promise<boolean>;
  timelineNotices(): Promise<TimelineNotice[]>;
  /** Calls back what announces older timelines than the newest notice does; messages in somebody's hand still go out. */
  supersede(): Promise<number>;
}
