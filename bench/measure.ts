import { look, MOST_IN_USE } from './machine.ts';

/** One line of `bench/results.json`; `ratio` is held against `goal`. Null, with a reason, is what could not be measured. */
export interface Result {
  name: string;
  value: number | null;
  baseline: number | null;
  ratio: number | null;
  goal: number;
  holds: boolean | null;
  reason?: string;
}

/** One measure by the name that the command line takes; it may give several results. */
export interface Measure {
  name: string;
  run(): Promise<Result[]>;
}

/** BENCH_SCALE shrinks the sizes for a quick try: 0.1 is a tenth. Figures of a scaled run are not results. */
const SCALE = Number(process.env.BENCH_SCALE ?? 1);
export const scaled = (size: number, least = 1): number => Math.max(least, Math.round(size * SCALE));

export const atLeast = (name: string, value: number, baseline: number, goal: number): Result => {
  const ratio = value / baseline;
  return { name, value, baseline, ratio, goal, holds: ratio >= goal };
};

export const atMost = (name: string, value: number, baseline: number, goal: number): Result => {
  const ratio = value / baseline;
  return { name, value, baseline, ratio, goal, holds: ratio <= goal };
};

/** The result as it may be told: without figures where others used too much of the machine. */
export function judged(result: Result, inUse: number): Result {
  if (inUse <= MOST_IN_USE) return result;
  const reason = `not measured: the machine is busy (others use ${Math.round(inUse * 100)} % of its processors)`;
  return { ...result, value: null, baseline: null, ratio: null, holds: null, reason };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** @param share 0.95: the value that 95 of a hundred do not exceed */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/** Runs A, B, A, B, so that whatever else the machine does meets both; gives the medians. */
export async function interleaved(
  rounds: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ ours: number; baseline: number }> {
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    await look();
    a.push(await ours());
    b.push(await baseline());
    progress(`round ${round} of ${rounds}: ours ${a.at(-1)?.toFixed(1)}, baseline ${b.at(-1)?.toFixed(1)}`);
  }
  return { ours: median(a), baseline: median(b) };
}

export const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);

/** Seconds that the work took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Calls `work` for 0 to `count` - 1, at most `width` at once. */
export async function together(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
