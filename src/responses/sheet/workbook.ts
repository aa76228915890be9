import { strFromU8, unzipSync } from 'fflate';
import readXlsx from 'read-excel-file/node';
import { UserError } from '../../core/errors.ts';
import { headerPlace } from './reading.ts';

/**
 * The lines of the working sheet, which may come after sheets that members added; merged cells count for each of their
 * rows. @throws UserError when there are two, or none can be read
 */
export async function readWorkbook(bytes: Buffer, path: string): Promise<string[][]> {
  const sheets = await readXlsx(bytes, { trim: false }).catch(() => {
    throw new UserError(`${path} is not an xlsx workbook; save it as "Excel workbook (.xlsx)".`);
  });
  const all = sheets.map(({ sheet, data }) => ({ name: sheet, lines: data.map((cells) => cells.map(cellText)) }));
  const whole = all.filter(({ lines }) => headerPlace(lines)?.whole);
  if (whole.length > 1)
    throw new UserError(
      `${path} has the headings of a working sheet in ${whole.map(({ name }) => `"${name}"`).join(' and in ')}. ` +
        'Nobody can tell which of them counts: delete the others, or the headings in them.',
    );
  const found = whole[0] ?? all.find(({ lines }) => headerPlace(lines) !== null) ?? all[0];
  return found ? unmerged(found.lines, mergedIn(bytes, found.name)) : [];
}

/** The cell as the spreadsheet shows it: a date without the time that nobody wrote. */
function cellText(cell: unknown): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$|:\d\d\.\d{3}Z$/, '');
  return typeof cell === 'boolean' ? String(cell).toUpperCase() : String(cell);
}

/** A merged cell: its rows and columns, counted from 0, the last ones included. */
interface Merged {
  top: number;
  bottom: number;
  column: number;
}

/** Titles and headings over several cells are left as they are. */
function unmerged(lines: string[][], merged: readonly Merged[]): string[][] {
  const heading = headerPlace(lines)?.at ?? 0;
  const filled = lines.map((cells) => [...cells]);
  for (const { top, bottom, column } of merged.filter((each) => each.top > heading))
    for (const cells of filled.slice(top + 1, bottom + 1)) cells[column] = lines[top]?.[column] ?? '';
  return filled;
}

/** ECMA-376, part 1, 18.3.1.55: the library that reads the cells does not report merged ones. */
function mergedIn(bytes: Buffer, name: string): Merged[] {
  const parts = unzipSync(bytes, {
    filter: (part) => /^xl\/(workbook\.xml|_rels\/|worksheets\/[^/]+$)/.test(part.name),
  });
  const text = (part: string) => (parts[part] ? strFromU8(parts[part]) : '');
  const id = tags(text('xl/workbook.xml'), 'sheet').find((tag) => unescaped(tag.name) === name)?.['r:id'];
  const target = tags(text('xl/_rels/workbook.xml.rels'), 'Relationship').find((tag) => tag.Id === id)?.Target ?? '';
  const sheet = text(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  return tags(sheet, 'mergeCell').flatMap(({ ref = '' }) => {
    const [, column, top, bottom] = /^([A-Z]+)(\d+):[A-Z]+(\d+)$/.exec(ref) ?? [];
    return column ? [{ column: columnNumber(column), top: Number(top) - 1, bottom: Number(bottom) - 1 }] : [];
  });
}

/** The attributes of each element of this name. */
function tags(xml: string, name: string): Partial<Record<string, string>>[] {
  const found = xml.matchAll(new RegExp(`<(?:\\w+:)?${name}\\s([^>]*)>`, 'g'));
  return [...found].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  );
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text = ''): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);

const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
