export const FORMATS = ['csv', 'json', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/** What spreadsheets take for the start of a formula (ASVS 1.2.10), with the full-width forms that some fold. */
const FORMULA = '[=+\\-@\\t\\r\\n\\0＝＋－＠]';
const ACTIVE = new RegExp(`^'*${FORMULA}`);
const QUOTED_TWICE = new RegExp(`^'+${FORMULA}`);

/** A leading apostrophe keeps a cell text; `unguard` takes exactly that one off again. */
export const guard = (cell: string): string => (ACTIVE.test(cell) ? `'${cell}` : cell);
/** The same for cells that are typed as text already: only what would look guarded is guarded. */
export const guardTyped = (cell: string): string => (QUOTED_TWICE.test(cell) ? `'${cell}` : cell);
export const unguard = (cell: string): string => (QUOTED_TWICE.test(cell) ? cell.slice(1) : cell);

/** After the name of a column that a text goes on in. */
export const CONTINUED = ' (continued)';
