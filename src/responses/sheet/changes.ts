import { attachmentWords } from '../../contributions/attachment.ts';
import { shorten } from '../../core/split.ts';
import { ELEMENTS } from '../decision.ts';
import type { Said } from '../languages.ts';
import { normalized } from '../response.ts';
import type { KnownContribution } from './rows.ts';

/** A cell of the sheet that differs from the record; empty: there was no text, or there is to be none. */
export interface CellChange {
  column: string;
  old: string;
  new: string;
}

/** The cells in which two decisions differ; null: no decision. Line ends and surrounding blanks do not count. */
export function cellChanges(before: Said | null, after: Said | null): CellChange[] {
  const [old, now] = [cellsOf(before), cellsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((column) => ({ column, old: old.get(column) ?? '', new: now.get(column) ?? '' }))
    .filter((change) => change.old !== change.new);
}

/** The cells that a decision fills, by column. */
function cellsOf(said: Said | null): Map<string, string> {
  if (!said) return new Map();
  const own = (['decision', ...ELEMENTS] as const).map((column): [string, string] => [column, said[column]]);
  const others = ELEMENTS.flatMap((element) =>
    Object.entries(said.translations?.[element] ?? {}).map(([language, text]): [string, string] => [
      `${element}.${language}`,
      text,
    ]),
  );
  return new Map(
    [...own, ...others].map(([column, text]) => [column, normalized(text)] as const).filter(([, text]) => text),
  );
}

/** Both versions of the cells that differ, in words. */
export function bothVersions(changes: readonly CellChange[]): { there: string; sheet: string } {
  const words = (side: 'old' | 'new') =>
    changes.every((change) => change[side] === '')
      ? 'no decision'
      : changes.map((change) => `${change.column} ${cellWords(change[side])}`).join('; ');
  return { there: words('old'), sheet: words('new') };
}

const MOST = 100;
const MOST_OF_WORDS = 60;

/** Removes what would break the line or control a terminal. */
const onOneLine = (text: string, most: number): string =>
  `"${shorten(text.replace(/[\s\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim(), most)}"`;

/** A cell on one line, cut where it is long. */
export const cellWords = (text: string): string => (text === '' ? '(empty)' : onOneLine(text, MOST));

/** The first words of a contribution. */
export const firstWords = ({ text, attachments }: Pick<KnownContribution, 'text' | 'attachments'>): string =>
  text.trim() === '' ? `(${attachmentWords(attachments)})` : onOneLine(text, MOST_OF_WORDS);
