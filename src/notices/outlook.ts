import { mostLater } from '../core/agreedCount.ts';
import type { Clock } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { expectTimely, isAgain, overtakenAt, type When, wishOf } from './dates.ts';
import { heldUntil, KINDS } from './kinds.ts';
import type { Notice } from './notice.ts';
import type { NoticePreview, NoticeRecords } from './records.ts';

/** When a notice would go if it were scheduled now. */
export interface NoticeOutlook {
  /** The first message goes then. */
  at: Date;
  /** Seconds until its hold is over; null: it has a time of its own. */
  held: number | null;
  /** It repeats; `at` is the first time. */
  again: boolean;
  approval: 'needed' | null;
  /**
   * If it reaches more people than this by then, it waits for approval; null where a second member has to approve it
   * anyway.
   */
  most: number | null;
}

export interface OutlookParts {
  process: () => Promise<ProcessDefinition>;
  clock: Clock;
  /** How long a notice can still be called back before its first message goes. */
  holdSeconds: number;
  /** More recipients than this need a second member's approval. */
  approvalAbove: number;
}

/**
 * What scheduling it like this would do.
 * @throws UserError for a time that cannot be read or has passed, for what could not be answered by then, and for
 * notices that are not scheduled by members
 */
export function outlookOf(
  notice: Notice,
  recipients: number,
  when: When,
  { process, clock, holdSeconds, approvalAbove }: Omit<OutlookParts, 'process'> & { process: ProcessDefinition },
): NoticeOutlook {
  const { name, reaches } = KINDS[notice.kind];
  if (reaches === 'made_for')
    throw new UserError(`Notice ${notice.id} brings ${name}: it goes only to the people it was made for.`);
  const now = clock();
  const wish = wishOf(notice, when, process, now);
  const soonest = heldUntil(notice.kind, recipients, now, holdSeconds);
  const at = new Date(Math.max(soonest, wish));
  expectTimely(overtakenAt(notice, process, at.getTime()));
  const approval = recipients > approvalAbove ? 'needed' : null;
  const most = approval === null ? mostLater(recipients, approvalAbove) : null;
  const held = wish <= soonest ? (soonest - now) / 1000 : null;
  return { at, held, again: when.at === undefined && isAgain(notice), approval, most };
}

/** The same for a notice by its id, with its recipients. */
export const createNoticeOutlook =
  (records: Pick<NoticeRecords, 'preview'>, parts: OutlookParts) =>
  async (id: string, when: When = {}): Promise<NoticePreview & NoticeOutlook> => {
    const seen = await records.preview(id);
    return { ...seen, ...outlookOf(seen.notice, seen.recipients, when, { ...parts, process: await parts.process() }) };
  };
