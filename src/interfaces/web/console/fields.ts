/** Characters that a field of one line takes. */
export const MOST_LINE = 120;

/** One line as somebody has written it: without what no line holds. */
export const asLine = (given: string | null): string => (given ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
