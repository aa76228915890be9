import { writeFile } from 'node:fs/promises';
import { announceLimit, replyUnderLoad } from './announce.ts';
import { cliHelp, cliList } from './commands.ts';
import { deskList } from './deskList.ts';
import { dialogueGrowth } from './dialogueGrowth.ts';
import { dialogueRate } from './dialogueRate.ts';
import { replyUnderFlood } from './flood.ts';
import { limiters } from './limiter.ts';
import { look, seenInUse } from './machine.ts';
import { materialise } from './materialise.ts';
import { judged, type Measure, progress, type Result } from './measure.ts';
import { memory, memoryFlat } from './memory.ts';
import { release } from './release.ts';
import { replyBurst } from './replyBurst.ts';

const MEASURES: Measure[] = [
  ...[dialogueRate, dialogueGrowth, release, ...limiters, memory, memoryFlat],
  ...[materialise, announceLimit, replyUnderLoad, replyUnderFlood, replyBurst, cliHelp, cliList, deskList],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length > 0) {
  const names = MEASURES.map((measure) => measure.name).join(', ');
  process.stderr.write(`There is no measure ${unknown.join(', ')}. There are: ${names}.\n`);
  process.exit(2);
}

const results: Result[] = [];
for (const measure of MEASURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  progress(measure.name);
  try {
    results.push(...(await alone(measure)));
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${measure.name} could not be measured: ${error instanceof Error ? error.stack : error}\n`);
  }
  await writeFile(new URL('../results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
}
process.stdout.write(table(results));

/** The results, if others left the machine to us for the time. */
async function alone(measure: Measure): Promise<Result[]> {
  seenInUse();
  await look();
  const measured = await measure.run();
  await look();
  const inUse = seenInUse();
  return measured.map((result) => judged(result, inUse));
}

function table(rows: Result[]): string {
  const cells = rows.map((row) => [
    row.name,
    ...[row.value, row.baseline, row.ratio, row.goal].map(figure),
    row.reason ?? (row.holds ? 'holds' : 'MISSED'),
  ]);
  const all = [['measure', 'value', 'baseline', 'ratio', 'goal', ''], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return `${all.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')}\n`;
}

function figure(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
