export const FORMATS = ['csv', 'json', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Characters that spreadsheets take for the start of a formula (ASVS 1.2.10), with the full-width forms that some
 * convert.
 */
const FORMULA = '[=+\\-@\\t\\r\\n\\0＝＋－＠]';
const ACTIVE = new RegExp(`^'*${FORMULA}`);
const QUOTED_TWICE = new RegExp(`^'+${FORMULA}`);

/** A leading apostrophe makes a cell plain text; `unguard` removes exactly that one. */
export const guard = (cell: string): string => (ACTIVE.test(cell) ? `'${cell}` : cell);
/** The same for cells that are text cells already: only what would look guarded is guarded. */
export const guardTyped = (cell: string): string => (QUOTED_TWICE.test(cell) ? `'${cell}` : cell);
export const unguard = (cell: string): string => (QUOTED_TWICE.test(cell) ? cell.slice(1) : cell);

/** Follows the name of a column in which a long text continues. */
export const CONTINUED = ' (continued)';
