import type { Notice, NoticeState } from '../notices/notice.ts';

/** What the planner needs of a notice that the calendar created. */
export interface Planned extends Pick<Notice, 'id' | 'at' | 'texts' | 'buttons' | 'until' | 'turnOf'> {
  origin: string;
  state: NoticeState;
  /** Whether its recipients are fixed; from then on the planner leaves it alone. */
  begun: boolean;
  /** Cancelled by the planner, which may bring it back. */
  withdrawn: boolean;
}

/**
 * What the planner may change of a notice before it begins. The approval belongs to the texts: when they change, it
 * replaces the one before, with who gave it and who asked for it.
 */
export type PlannedChange = Pick<
  Notice,
  'at' | 'texts' | 'buttons' | 'until' | 'approval' | 'approvedBy' | 'scheduledBy'
>;

/** A notice with a schedule of its own. */
export interface ScheduledNotice extends Notice {
  /** When it was last scheduled, approved or resumed: earlier turns are not made up for. */
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
   * Does the work while no other service does such work. Null, and nothing done, when another does and `wait` is false.
   */
  alone<T>(wait: boolean, work: () => Promise<T>): Promise<T | null>;
  reminders(): Promise<Planned[]>;
  /** Notices about changes to an event, for the people who are coming. */
  eventChanges(): Promise<Planned[]>;
  /** The turns of all repeating notices. */
  turns(): Promise<Planned[]>;
  /** False when it has begun or will not begin any more. */
  change(id: string, change: PlannedChange): Promise<boolean>;
  /** Cancels those that have not begun; gives how many. */
  withdraw(ids: readonly string[]): Promise<number>;
  /** Undoes `withdraw`; false where somebody has cancelled it meanwhile. */
  revive(id: string, change: PlannedChange): Promise<boolean>;
  /** Notices that wait for their time or their turns, and those that are paused or done. */
  scheduled(): Promise<ScheduledNotice[]>;
  /** Stores the time that its schedule now means; `at` null: it waits. False when it has begun. */
  setMoment(id: string, moment: string, at: Date | null): Promise<boolean>;
  /** Ends a repeating notice that has no turns left. */
  end(id: string): Promise<boolean>;
  timelineNotices(): Promise<TimelineNotice[]>;
  /** Calls back notices of older timelines than the newest one announces; messages that are claimed still go out. */
  supersede(): Promise<number>;
}
