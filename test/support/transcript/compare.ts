import type { Entry } from './read.ts';

/** What was expected beside what came; either may be nothing. */
export interface Row {
  expected: readonly string[];
  came: readonly string[];
  same: boolean;
}

/** As many as possible that are the same stand side by side. */
export function compared(entries: readonly Entry[], came: readonly (readonly string[])[]): Row[] {
  const wanted = entries.map(linesOf);
  const same = wanted.map((expected) => came.map((one) => isMet(expected, one)));
  const most = mostInCommon(same, came.length);
  const rows: Row[] = [];
  let [at, by] = [0, 0];
  while (at < wanted.length || by < came.length) {
    const [without, instead] = [most(at + 1, by), most(at, by + 1)];
    const both = at < wanted.length && by < came.length && most(at + 1, by + 1) >= Math.max(without, instead);
    const met = same[at]?.[by] === true;
    const takesWanted = met || both || (at < wanted.length && (by >= came.length || without >= instead));
    const takesCame = met || both || !takesWanted;
    rows.push({
      expected: (takesWanted && wanted[at++]) || [],
      came: (takesCame && came[by++]) || [],
      same: met,
    });
  }
  return rows;
}

/** How many are the same from these places on, at most. */
function mostInCommon(same: readonly (readonly boolean[])[], width: number): (at: number, by: number) => number {
  const table = Array.from({ length: same.length + 1 }, () => new Array<number>(width + 1).fill(0));
  const most = (at: number, by: number): number => table[at]?.[by] ?? 0;
  for (let at = same.length - 1; at >= 0; at--)
    for (let by = width - 1; by >= 0; by--)
      (table[at] as number[])[by] = Math.max(
        same[at]?.[by] ? 1 + most(at + 1, by + 1) : 0,
        most(at + 1, by),
        most(at, by + 1),
      );
  return most;
}

const linesOf = ({ kind, who, what, more }: Entry): string[] => {
  if (kind === 'besides') return [`(${what})`, ...more];
  return kind === 'act' ? [`${who}${what}`, ...more] : [`Bot${who === null ? '' : ` to ${who}`}: ${what}`, ...more];
};

/** "…" stands for anything; empty lines and the spaces around lines are not looked at. */
function isMet(expected: readonly string[], came: readonly string[]): boolean {
  const pattern = squeezed(expected)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('…', '[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(squeezed(came));
}

const squeezed = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')
    .replace(/\]\n\[/g, '] [');

/** The entries of a transcript of what came; what was as expected stays as it was written. */
export const written = (rows: readonly Row[]): string =>
  rows
    .map(({ expected, came, same }) => (same ? expected : came))
    .filter((lines) => lines.length > 0)
    .map(([first, ...more]) => [`- ${first}`, ...more.map((line) => (line === '' ? '' : `  ${line}`))].join('\n'))
    .join('\n');

const WIDTH = 70;

/** For whoever looks for the difference: both in columns, with a mark where they are not the same. */
export const inColumns = (rows: readonly Row[]): string =>
  [`  ${'what is expected'.padEnd(WIDTH)}   what came`, ...rows.flatMap(columns)].join('\n');

function columns({ expected, came, same }: Row): string[] {
  const [left, right] = [expected.flatMap(wrapped), came.flatMap(wrapped)];
  const mark = same ? ' ' : '≠';
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    `${mark} ${(left[at] ?? '').padEnd(WIDTH)} │ ${right[at] ?? ''}`.trimEnd(),
  );
}

function wrapped(line: string): string[] {
  if (line.length <= WIDTH) return [line];
  const space = line.lastIndexOf(' ', WIDTH);
  const [end, next] = space > 0 ? [space, space + 1] : [WIDTH, WIDTH];
  return [line.slice(0, end), ...wrapped(line.slice(next))];
}
