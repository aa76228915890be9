import { commandLine } from '../../core/commandLine.ts';

/** A number as people read it: 40312 is 40,312. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** `1 message`, `2 messages`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** A length of time in its largest units: `16 min 40 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return minutes > 0 ? `${grouped(hours)} h ${minutes} min` : `${grouped(hours)} h`;
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}

/** Columns as wide as their widest cell, below their names if they have any; those of numbers stand to the right. */
export function columns(rows: readonly (readonly string[])[], names: readonly string[] = []): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const shapes = Array.from({ length: count }, (_, at) =>
    shapeOf(
      rows.map((row) => row[at] ?? ''),
      names[at],
    ),
  );
  return [...(names.length > 0 ? [names] : []), ...rows].map((row) =>
    shapes
      .map(({ width, right }, at) => padded(row[at] ?? '', width, right))
      .join('  ')
      .trimEnd(),
  );
}

function shapeOf(cells: string[], name = ''): { width: number; right: boolean } {
  const filled = cells.filter((cell) => cell !== '');
  return {
    width: Math.max(name.length, ...cells.map((cell) => cell.length)),
    right: filled.length > 0 && filled.every((cell) => /^[\d,.]+$/.test(cell)),
  };
}

const padded = (cell: string, width: number, right: boolean): string =>
  right ? cell.padStart(width) : cell.padEnd(width);

/** Control characters, and what turns the direction of everything after it: a terminal would obey them. */
const STEERING = /(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

/** People's words line by line, as they wrote them, without what would steer a terminal. */
export const harmless = (text: string): string => text.replaceAll('\t', ' ').replace(STEERING, '');

/** People's words on one line of a terminal, without the sequences that would steer it. */
export const printable = (text: string): string => text.replace(/\p{Cc}+|\p{Cf}+|\s+/gu, ' ').trim();

/** A moment on the clocks of a zone, to the minute. */
export function clockTime(at: Date | string, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return `${parts.format(new Date(at))} ${zone}`;
}

/** `2 min from now`, or `at once`. */
export const fromNow = (seconds: number): string => (seconds > 0 ? `${duration(seconds)} from now` : 'at once');

/** The line that calls `what` back before it goes. */
export const callBack = (what: 'it' | 'they', id: string): string =>
  `Until then ${what} can be called back: ${commandLine(`notices cancel ${id}`)}`;

/** Commands only schedule; what that means for `what` while no service runs. */
export const sentBy = (what: 'it' | 'them'): string =>
  `The service sends ${what}; if it is not running, ${what === 'it' ? 'it goes' : 'they go'} when it starts: ${commandLine('start')}`;

/** Where no service runs that would send `what`. */
export const unsent = (what: string): string =>
  `No service runs on this database: ${what} goes when one does. Start one: ${commandLine('start')}`;

/** People who asked something or disagreed, and have no answer yet. */
export function waitingWords({ open, overdue }: { open: number; overdue: number }, list = 'threads list'): string[] {
  if (open === 0) return [];
  const late = overdue === 0 ? '' : `, ${grouped(overdue)} of them longer than promised`;
  return [`${counted(open, 'person waits', 'people wait')} for an answer${late}: ${commandLine(list)}`];
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
