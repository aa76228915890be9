import { type Kind, kindsWhere } from '../notices/kinds.ts';

/** An SQL condition: the column holds a kind of notice for which this is true. */
export const kindIs = (column: string, isSo: (kind: Kind) => boolean): string =>
  `${column} IN (${kindsWhere(isSo).map((kind) => `'${kind}'`)})`;
