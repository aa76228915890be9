/**
 * How many people with one value of a property had a notice, and how many of them answered. `value` null: not known.
 */
export interface ReportRow {
  value: string | null;
  had: number;
  answered: number;
}

export const REPORTED_BY = ['language', 'group', 'channel', 'source'] as const;
export type ReportedBy = (typeof REPORTED_BY)[number];

/** How many people had a notice and how many answered. Exact: before showing it to others, see `concealed`. */
export interface NoticeReport {
  id: string;
  begunAt: Date | null;
  recipients: number;
  had: number;
  /** Contributed or answered an invitation within `days` of having it, or answered its question at any time. */
  answered: number;
  /** How many of them answered the question that it asks; null where it asks none. */
  toItsQuestion: number | null;
  days: number;
  by: Record<ReportedBy, ReportRow[]>;
}

/** For how many days after a notice an answer still counts as one to it. */
export const ANSWER_DAYS = 14;

/** One row of the counts by property; without `by`, the total. */
export interface ReportCount extends ReportRow {
  by: ReportedBy | null;
  recipients: number;
  toItsQuestion: number;
}

/** The report from its counts: the largest first, the unknown last. */
export function noticeReport(
  notice: { id: string; begunAt: Date | null; asks: boolean },
  counts: readonly ReportCount[],
): NoticeReport {
  const all = counts.find(({ by }) => by === null);
  const rowsBy = (name: ReportedBy): ReportRow[] =>
    counts
      .filter(({ by, had }) => by === name && had > 0)
      .map(({ value, had, answered }) => ({ value, had, answered }))
      .sort(
        (one, other) =>
          Number(one.value === null) - Number(other.value === null) ||
          other.had - one.had ||
          (one.value ?? '').localeCompare(other.value ?? '', 'en'),
      );
  const { id, begunAt, asks } = notice;
  return {
    id,
    begunAt,
    recipients: all?.recipients ?? 0,
    had: all?.had ?? 0,
    answered: all?.answered ?? 0,
    toItsQuestion: asks ? (all?.toItsQuestion ?? 0) : null,
    days: ANSWER_DAYS,
    by: { language: rowsBy('language'), group: rowsBy('group'), channel: rowsBy('channel'), source: rowsBy('source') },
  };
}

/** A group of fewer people than this could be identified. */
const FEW = 5;
export type ShownCount = number | 'few' | 'hidden';

/**
 * Hides small numbers among numbers whose sum is known. If only one is small, the next smallest is hidden as well, so
 * that it cannot be worked out.
 */
export function concealed(numbers: readonly number[]): ShownCount[] {
  const shown: ShownCount[] = numbers.map((number) => (number > 0 && number < FEW ? 'few' : number));
  if (shown.filter((one) => one === 'few').length !== 1) return shown;
  const others = shown.filter((one): one is number => typeof one === 'number' && one > 0);
  const victim = shown.indexOf(Math.min(...others));
  return shown.map((one, index) => (index === victim ? 'hidden' : one));
}
