import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { type ImportReport, importDecisions } from '../app/decide.ts';
import { type Released, releaseResponses } from '../app/release.ts';
import type { Clock, Ids } from '../domain/clock.ts';
import type { ReleaseFigures } from '../domain/decisions.ts';
import { Mistake } from '../domain/errors.ts';
import { type Ledger, ledger, STATES } from '../domain/ledger.ts';
import { createContributionStore } from '../store/contributions.ts';
import type { Database } from '../store/database.ts';
import { createMembers } from '../store/members.ts';
import { createResponseStore } from '../store/responses.ts';
import { commandNamed } from './commands.ts';
import { withWiring } from './wiring.ts';

/** What these commands need of the running system. */
export interface ResponsesWiring {
  db: Database;
  clock: Clock;
  ids: Ids;
  /** Tells the queue that a notice has pending deliveries. */
  hint(noticeId: string): void;
  holdSeconds: number;
  approvalAbove: number;
  close(): Promise<void>;
}

/** `responses import`, `responses status` and `responses release`. */
export function addResponsesCommands(program: Command, wire: () => Promise<ResponsesWiring>): void {
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
    .command('release')
    .description('send every decided response to its contributor')
    .option('--as <member>', 'who releases them, for the record')
    .option('--yes', 'without asking; it stands in for no approval')
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
  as?: string;
  yes?: boolean;
  json?: boolean;
}

async function release(wiring: ResponsesWiring, { as, yes, json }: ReleaseOptions): Promise<void> {
  const responses = createResponseStore(wiring.db.pool);
  if (as !== undefined) await knownMember(as, wiring.db);
  if (!yes) await agree(await responses.releasable());
  const released = await releaseResponses({ ...wiring, responses, by: as ?? null });
  print(json ? JSON.stringify(released) : releasedWords(released));
}

function releasedWords({ notice, at, approval, responses, recipients, unreachable }: Released): string {
  if (!notice) return 'Nothing waits for release.';
  const when = approval
    ? 'wait for approval, to go'
    : at === null
      ? 'are on their way'
      : `go from ${at.toISOString()} on`;
  return [
    `${responses} responses ${when} to ${recipients} people (notice ${notice}).`,
    ...(approval ? [`Another member approves them: hearback notices approve ${notice} --as MEMBER`] : []),
    ...(at !== null || approval ? [`Until they go they can be called back: hearback notices cancel ${notice}`] : []),
    ...(unreachable > 0
      ? [`${unreachable} people cannot be reached now; a later release tries again once they are back.`]
      : []),
  ].join('\n');
}

/** @throws Mistake when nobody is called so */
async function knownMember(id: string, db: Database): Promise<void> {
  if (await createMembers(db.pool).find(id)) return;
  throw new Mistake(`--as: there is no member "${id}". "hearback members list" shows who there is.`);
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
