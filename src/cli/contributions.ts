import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { contributions, exportContributions } from '../app/export.ts';
import { FORMATS, type Format, fileOut } from '../app/sheetFiles.ts';
import { Mistake } from '../domain/errors.ts';
import { shorten } from '../domain/response.ts';
import type { DecidedContribution } from '../domain/sheet.ts';
import { createContributionStore } from '../store/contributions.ts';
import type { Database } from '../store/database.ts';

/** What these commands need of the running system. */
export interface ContributionsWiring {
  db: Database;
  close(): Promise<void>;
}

/** `contributions list` and `contributions export`. */
export function addContributionsCommands(program: Command, wire: () => Promise<ContributionsWiring>): void {
  const group = program.command('contributions').description('what was said for the record');
  group
    .command('list')
    .description('every contribution with its state, oldest first')
    .option('--json', 'an array of objects')
    .action(async ({ json = false }: { json?: boolean }) => withWiring(wire, (wiring) => list(wiring, json)));
  group
    .command('export')
    .description("the forum's working sheet, with columns for the decision and the five elements of the response")
    .addOption(new Option('--format <format>', 'kind of file').choices(FORMATS).default('csv'))
    .option('--out <file>', 'file to write; otherwise standard output')
    .option('--json', 'with --out: report the figures as JSON')
    .action(async (options: ExportOptions) => withWiring(wire, (wiring) => exportSheet(wiring, options)));
}

export async function withWiring<W extends { close(): Promise<void> }>(
  wire: () => Promise<W>,
  work: (wiring: W) => Promise<void>,
): Promise<void> {
  const wiring = await wire();
  try {
    await work(wiring);
  } finally {
    await wiring.close();
  }
}

async function list({ db }: ContributionsWiring, json: boolean): Promise<void> {
  const decided = contributions(createContributionStore(db.pool));
  try {
    await pipeline(json ? jsonList(decided) : textList(decided), process.stdout);
  } catch (error) {
    // The reader has seen enough (`| head`).
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

async function* textList(all: AsyncIterable<DecidedContribution>): AsyncGenerator<string> {
  let none = true;
  for await (const decided of all) {
    none = false;
    yield `${line(decided)}\n`;
  }
  if (none) yield 'No contributions yet.\n';
}

async function* jsonList(all: AsyncIterable<DecidedContribution>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const decided of all) {
    yield before + JSON.stringify(listed(decided));
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

function listed({ contribution, response }: DecidedContribution): object {
  const { id, contributorId, updatedAt, ...shown } = contribution;
  return { ...shown, decision: response?.decision ?? null };
}

function line({ contribution: it }: DecidedContribution): string {
  const about = [it.reference, it.state.padEnd(9), it.kind.padEnd(7), it.channel.padEnd(8), it.language.padEnd(5)];
  return `${about.join('  ')}  ${shorten(printable(it.text), 70)}`;
}

/** People's words on one line of a terminal, without the sequences that would steer it. */
export const printable = (text: string): string => text.replace(/\p{Cc}+|\p{Cf}+|\s+/gu, ' ').trim();

interface ExportOptions {
  format: Format;
  out?: string;
  json?: boolean;
}

async function exportSheet({ db }: ContributionsWiring, { format, out, json }: ExportOptions): Promise<void> {
  if (format === 'xlsx' && !out && process.stdout.isTTY)
    throw new Mistake('A workbook is no text; say --out FILE.xlsx.');
  const count = await exportContributions(
    createContributionStore(db.pool),
    format,
    out ? fileOut(out) : process.stdout,
  );
  if (out && json) process.stdout.write(`${JSON.stringify({ file: out, format, contributions: count })}\n`);
  else if (out) process.stdout.write(`${count} contributions written to ${out}.\n`);
}
