import { type Kind, kindsWhere } from '../notices/kinds.ts';

/** Whether a column holds a kind of notice of which this is so, as an SQL condition. */
export const kindIs = (column: string, isSo: (kind: Kind) => boolean): string =>
  `${column} IN (${kindsWhere(isSo).map((kind) => `'${kind}'`)})`;
