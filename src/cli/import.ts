import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import type { Change, ImportReport } from '../app/decide.ts';
import type { Clock, Ids } from '../domain/clock.ts';
import { Mistake } from '../domain/errors.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import { type CellChange, cellWords } from '../domain/sheetChanges.ts';
import type { Database } from '../store/database.ts';
import { createResponseStore } from '../store/responses.ts';
import { withWiring } from './wiring.ts';
import { counted, grouped, harmless, print } from './words.ts';

/** What these commands need of the running system. */
export interface ImportWiring {
  db: Database;
  processes: { current(): Promise<ProcessDefinition | null> };
  clock: Clock;
  ids: Ids;
  close(): Promise<void>;
}

/** `responses import` and `responses undo`. */
export function addImportCommands(group: Command, wire: () => Promise<ImportWiring>): void {
  group
    .command('import')
    .description('take in a filled working sheet (.xlsx, .csv or .json): all of it, or nothing')
    .argument('<file>')
    .option('--dry-run', 'check, and show what would change')
    .option(
      '--replace <references...>',
      'rows that were changed since the export, and are to become what the sheet says',
    )
    .option('--yes', 'take back decisions whose cells were emptied, without asking')
    .option('--json', 'the report as JSON')
    .action((file: string, options: ImportOptions) => withWiring(wire, (wiring) => importSheet(wiring, file, options)));
  group
    .command('undo')
    .description('take back a decision that was not released yet')
    .argument('<reference>')
    .option('--yes', 'without asking')
    .option('--json', 'what was taken back as JSON')
    .action((reference: string, options: UndoOptions) =>
      withWiring(wire, (wiring) => undo(wiring, reference, options)),
    );
}

interface ImportOptions {
  dryRun?: boolean;
  replace?: string[];
  yes?: boolean;
  json?: boolean;
}

async function importSheet(wiring: ImportWiring, file: string, options: ImportOptions): Promise<void> {
  const { dryRun, replace, yes, json } = options;
  const [{ importDecisions }, { DEFAULT_PROCESS }] = await Promise.all([
    import('../app/decide.ts'),
    import('../domain/process.ts'),
  ]);
  const { languages } = (await wiring.processes.current()) ?? DEFAULT_PROCESS;
  const deciding = { ...wiring, languages, responses: createResponseStore(wiring.db.pool) };
  const agree = yes ? async () => undefined : isAsked() ? askAboutEmptied : undefined;
  const report = await importDecisions(file, deciding, { dryRun, replace, ...(agree && { agree }) });
  print(json ? JSON.stringify(report) : importWords(report));
}

const isAsked = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

async function askAboutEmptied(undone: readonly Change[]): Promise<void> {
  print(undone.map(changeWords).join('\n'));
  const message = `The cells of ${counted(undone.length, 'decided row')} are empty now. Take the ${undone.length === 1 ? 'decision' : 'decisions'} back?`;
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw new Mistake('Nothing was imported. Fill the cells again, or export anew.');
}

function importWords(report: ImportReport): string {
  const { dryRun, changes, notes, unchanged, skipped, undone } = report;
  const would = dryRun ? 'would be ' : '';
  return [
    ...changes.map(changeWords),
    ...notes.map(harmless),
    `${grouped(report.new)} new, ${grouped(report.changed + report.superseding)} changed ${would}taken in; ` +
      (undone > 0 ? `${grouped(undone)} ${would}taken back; ` : '') +
      `${grouped(unchanged)} unchanged, ${grouped(skipped)} without a decision.`,
    ...(dryRun ? ['Nothing was imported: this was a dry run.'] : []),
  ].join('\n');
}

const EFFECTS: Record<Change['effect'], string> = {
  new: 'new',
  changed: 'instead of one not yet sent',
  superseding: 'a correction of what was released',
  undone: 'taken back',
};

/** What it is about, then what becomes of it: of a decision with an earlier one each cell, old and new. */
function changeWords({ reference, words, decision, effect, cells }: Change): string {
  const lines = effect === 'new' || effect === 'undone' ? [] : cells.map(cellLine);
  return [`${reference}  ${decision}, ${EFFECTS[effect]}: ${words}`, ...lines].map(harmless).join('\n');
}

const cellLine = ({ column, old, new: now }: CellChange): string =>
  `    ${column}: ${cellWords(old)} becomes ${cellWords(now)}`;

interface UndoOptions {
  yes?: boolean;
  json?: boolean;
}

/** A reference that was spelled out is agreement enough; where somebody is there, they see its words first. */
async function undo(wiring: ImportWiring, reference: string, { yes, json }: UndoOptions): Promise<void> {
  const deciding = { ...wiring, responses: createResponseStore(wiring.db.pool) };
  const agree = async (change: Change) => {
    if (yes || !isAsked()) return;
    const answer = await confirm({
      message: `Take back "${change.decision}" on ${change.reference}: ${change.words}?`,
    });
    if (isCancel(answer) || !answer) throw new Mistake('Nothing was taken back.');
  };
  const { undoDecision } = await import('../app/undo.ts');
  const change = await undoDecision(reference, deciding, agree);
  print(json ? JSON.stringify(change) : changeWords(change));
}
