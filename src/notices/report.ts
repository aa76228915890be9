/** How many people of one value had a notice, and how many of them answered. `value` null: they have not said theirs. */
export interface ReportRow {
  value: string | null;
  had: number;
  answered: number;
}

export const REPORTED_BY = ['language', 'group', 'channel', 'source'] as const;
export type ReportedBy = (typeof REPORTED_BY)[number];

/** Who had a notice and who answered, afterwards. Exact: to show it to others, see `concealed`. */
export interface NoticeReport {
  id: string;
  begunAt: Date | null;
  recipients: number;
  had: number;
  /** Contributed or answered an invitation within `days` of having it, or answered its question at any time. */
  answered: number;
  /** Of them: who answered the question that it asks; null where it asks none. */
  toItsQuestion: number | null;
  days: number;
  by: Record<ReportedBy, ReportRow[]>;
}

/** How long after having a notice somebody still answers to it. */
export const ANSWER_DAYS = 14;

/** One row of the counts by each property; without `by`, of all together. */
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

/** Fewer people than this could be identified. */
const FEW = 5;
export type ShownCount = number | 'few' | 'hidden';

/**
 * Numbers that add up to a sum that is known, as they may be shown: small ones are not, and where that is a single one,
 * the smallest of the others is not either, so that nobody can work it out.
 */
export function concealed(numbers: readonly number[]): ShownCount[] {
  const shown: ShownCount[] = numbers.map((number) => (number > 0 && number < FEW ? 'few' : number));
  if (shown.filter((one) => one === 'few').length !== 1) return shown;
  const others = shown.filter((one): one is number => typeof one === 'number' && one > 0);
  const victim = shown.indexOf(Math.min(...others));
  return shown.map((one, index) => (index === victim ? 'hidden' : one));
}
