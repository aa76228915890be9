import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { type ImportReport, importDecisions } from '../app/decide.ts';
import { releaseResponses } from '../app/release.ts';
import type { Clock, Ids } from '../domain/clock.ts';
import type { ReleaseFigures } from '../domain/decisions.ts';
import { Mistake } from '../domain/errors.ts';
import { type Ledger, ledger, STATES } from '../domain/ledger.ts';
import { createContributionStore } from '../store/contributions.ts';
import type { Database } from '../store/database.ts';
import { createResponseStore } from '../store/responses.ts';
import { withWiring } from './contributions.ts';

/** What these commands need of the running system. */
export interface ResponsesWiring {
  db: Database;
  clock: Clock;
  ids: Ids;
  /** Tells the queue that a notice has pending deliveries. */
  hint(noticeId: string): Promise<void>;
  holdSeconds: number;
  approvalAbove: number;
  close(): Promise<void>;
}

/** `responses import`, `responses status` and `responses release`. */
export function addResponsesCommands(program: Command, wire: () => Promise<ResponsesWiring>): void {
  const group = program.command('responses').description("the forum's decisions and reasoned responses");
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
    .command('release')
    .description('send every decided response to its contributor')
    .option('--yes', 'without asking')
    .option('--json', 'the figures as JSON')
    .action((options: ReleaseOptions) => withWiring(wire, (wiring) => release(wiring, options)));
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
    const states = STATES.filter((state) => row.states[state] > 0).map((state) => `${row.states[state]} ${state}`);
    const { decision, release, delivery } = row.owed;
    return [
      `${row.kind.padEnd(8)} ${row.total}: ${states.join(', ')}`,
      `         owed: ${decision} decisions, ${release} releases, ${delivery} deliveries` +
        (row.unreachable > 0 ? ` (${row.unreachable} to people who cannot be reached now)` : ''),
    ];
  });
  const end =
    book.open === 0 ? 'Nothing is owed.' : `${book.open} of ${book.total} contributions are still owed something.`;
  return [...lines, end].join('\n');
}

interface ReleaseOptions {
  yes?: boolean;
  json?: boolean;
}

async function release(wiring: ResponsesWiring, { yes, json }: ReleaseOptions): Promise<void> {
  const responses = createResponseStore(wiring.db.pool);
  if (!yes) await agree(await responses.releasable());
  const released = await releaseResponses({ ...wiring, responses });
  if (json) return print(JSON.stringify(released));
  if (!released.notice) return print('Nothing waits for release.');
  const { notice, at } = released;
  const when = at === null ? 'are on their way' : `go from ${at.toISOString()} on`;
  print(`${released.responses} responses ${when} to ${released.recipients} people (notice ${notice}).`);
  if (at !== null) print(`Until then they can be called back: hearback notices cancel ${notice}`);
  if (released.unreachable > 0)
    print(`${released.unreachable} people cannot be reached now; a later release tries again once they are back.`);
}

/** @throws Mistake when nobody is there to ask, or the answer is no. */
async function agree({ responses, recipients }: ReleaseFigures): Promise<void> {
  if (responses === 0) return;
  const message = `Release ${responses} responses to ${recipients} people?`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new Mistake(`${message} Say --yes to release them.`);
  const answer = await confirm({ message });
  if (isCancel(answer) || !answer) throw new Mistake('Nothing was released.');
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
