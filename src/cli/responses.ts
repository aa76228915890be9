import type { Command } from 'commander';
import { type ImportReport, importDecisions } from '../app/decide.ts';
import { type Ledger, ledger, STATES } from '../domain/ledger.ts';
import { createContributionStore } from '../store/contributions.ts';
import { createResponseStore } from '../store/responses.ts';
import { commandNamed } from './commands.ts';
import type { Terminal } from './processParts.ts';
import { addReleaseCommand, type ReleaseWiring } from './release.ts';
import type { ResponsePreviewWiring } from './responsePreview.ts';
import { withWiring } from './wiring.ts';
import { counted, grouped } from './words.ts';

/** What these commands need of the running system. */
export type ResponsesWiring = ReleaseWiring;

/** `responses import|status|preview|release`. */
export function addResponsesCommands(
  program: Command,
  wire: () => Promise<ResponsesWiring>,
  wireOutreach: () => Promise<ResponsePreviewWiring>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'responses');
  group
    .command('import')
    .description('take in a filled working sheet (.csv, .xlsx or .json): all of it, or nothing')
    .argument('<file>')
    .option('--dry-run', 'check, and show what would change')
    .option('--json', 'the report as JSON')
    .action((file: string, options: ImportOptions) => withWiring(wire, (wiring) => importSheet(wiring, file, options)));
  group
    .command('status')
    .description('the ledger: contributions by state, and what is owed')
    .option('--json', 'the ledger as JSON')
    .action((options: { json?: boolean }) => withWiring(wire, (wiring) => status(wiring, options)));
  group
    .command('preview')
    .description('the answer to one contribution, as each platform shows it')
    .argument('<reference>')
    .option('--json', 'as JSON')
    .action(async (reference: string, { json }: { json?: boolean }) => {
      const { preview } = await import('./responsePreview.ts');
      await withWiring(wireOutreach, async (wiring) => {
        const words = await preview(wiring, reference.trim().toUpperCase(), json);
        terminal.stdout.write(`${words}\n`);
      });
    });
  addReleaseCommand(group, wire, terminal);
}

interface ImportOptions {
  dryRun?: boolean;
  json?: boolean;
}

async function importSheet(wiring: ResponsesWiring, file: string, { dryRun, json }: ImportOptions): Promise<void> {
  const deciding = { ...wiring, responses: createResponseStore(wiring.db.pool) };
  const report = await importDecisions(file, deciding, { dryRun });
  print(json ? JSON.stringify(report) : importWords(report));
}

function importWords(report: ImportReport): string {
  const would = report.dryRun ? 'would be ' : '';
  const changes = report.changes.map(({ reference, decision, effect, number }) => {
    const what = { new: '', changed: ' (replaces one not yet sent)', superseding: ` (supersedes, number ${number})` };
    return `  ${reference}  ${decision}${what[effect]}`;
  });
  return [
    ...report.notes,
    ...(report.dryRun ? changes : []),
    `${report.new} new, ${report.changed + report.superseding} changed ${would}taken in; ` +
      `${report.unchanged} unchanged, ${report.skipped} without a decision.`,
    ...(report.dryRun ? ['Nothing was imported: this was a dry run.'] : []),
  ].join('\n');
}

async function status({ db }: ResponsesWiring, { json }: { json?: boolean }): Promise<void> {
  const book = ledger(await createContributionStore(db.pool).counts());
  print(json ? JSON.stringify(book) : ledgerWords(book));
}

function ledgerWords(book: Ledger): string {
  const lines = book.rows.flatMap((row) => {
    const states = STATES.filter((state) => row.states[state] > 0).map(
      (state) => `${grouped(row.states[state])} ${state}`,
    );
    return [
      `${row.kind.padEnd(8)} ${grouped(row.total)}: ${states.join(', ')}`,
      `         owed: ${owedWords(row.owed)}` +
        (row.unreachable > 0 ? `; ${grouped(row.unreachable)} of it to people who cannot be reached now` : ''),
    ];
  });
  const end =
    book.open === 0
      ? 'Nothing is owed.'
      : `${grouped(book.open)} of ${counted(book.total, 'contribution')} ${book.open === 1 ? 'is' : 'are'} still owed something.`;
  return [...lines, end].join('\n');
}

const owedWords = ({ decision, release, delivery }: Ledger['rows'][number]['owed']): string =>
  [counted(decision, 'decision'), counted(release, 'release'), counted(delivery, 'delivery', 'deliveries')].join(', ');

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
