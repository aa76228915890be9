import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { Views } from '../../compose/views.ts';
import { UserError } from '../../core/errors.ts';
import { atTerminal } from '../../people/actor.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import type { Change, ImportReport } from '../../responses/importDecisions.ts';
import { type CellChange, cellWords } from '../../responses/sheet/changes.ts';
import { AS, withWiring } from './wiring.ts';
import { counted, grouped, harmless, print } from './words.ts';

/** What these commands need of the running system. */
export interface ImportWiring {
  views: Pick<Views, 'responses'>;
  processes: { current(): Promise<ProcessDefinition | null> };
  actions(): Promise<Pick<Actions, 'responses' | 'expect'>>;
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
    .option('--as <member>', AS)
    .option('--yes', 'take back decisions whose cells were emptied, without asking')
    .option('--json', 'the report as JSON')
    .action((file: string, options: ImportOptions) => withWiring(wire, (wiring) => importSheet(wiring, file, options)));
  group
    .command('undo')
    .description('take back a decision that was not released yet')
    .argument('<reference>')
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'what was taken back as JSON')
    .action((reference: string, options: UndoOptions) =>
      withWiring(wire, (wiring) => undo(wiring, reference, options)),
    );
}

interface ImportOptions {
  dryRun?: boolean;
  replace?: string[];
  as?: string;
  yes?: boolean;
  json?: boolean;
}

async function importSheet(wiring: ImportWiring, file: string, options: ImportOptions): Promise<void> {
  const { dryRun, replace, as, yes, json } = options;
  const [{ readImport, refuseEmptied }, { DEFAULT_PROCESS }] = await Promise.all([
    import('../../responses/importDecisions.ts'),
    import('../../process/process.ts'),
  ]);
  const actor = atTerminal(as);
  const actions = await wiring.actions();
  if (!dryRun) await actions.expect(actor, 'responses.import');
  const { languages } = (await wiring.processes.current()) ?? DEFAULT_PROCESS;
  const sheet = await readImport(file, { languages, replace, responses: await wiring.views.responses() });
  if (!dryRun && !yes) await (isAsked() ? askAboutEmptied : refuseEmptied)(sheet.emptied);
  const report = dryRun ? sheet.report : await actions.responses.import(actor, sheet);
  print(json ? JSON.stringify(report) : importWords(report));
}

const isAsked = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

async function askAboutEmptied(undone: readonly Change[]): Promise<void> {
  if (undone.length === 0) return;
  print(undone.map(changeWords).join('\n'));
  const message = `The cells of ${counted(undone.length, 'decided row')} are empty now. Take the ${undone.length === 1 ? 'decision' : 'decisions'} back?`;
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw new UserError('Nothing was imported. Fill the cells again, or export again.');
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
  as?: string;
  yes?: boolean;
  json?: boolean;
}

/** A reference that was spelled out is agreement enough; where somebody is there, they see its words first. */
async function undo(wiring: ImportWiring, reference: string, { as, yes, json }: UndoOptions): Promise<void> {
  const actor = atTerminal(as);
  const actions = await wiring.actions();
  await actions.expect(actor, 'responses.undo');
  const { lookToUndo } = await import('../../responses/undo.ts');
  const undoing = await lookToUndo(reference, await wiring.views.responses());
  if (!yes && isAsked()) await askToUndo(undoing.change);
  const change = await actions.responses.undo(actor, undoing);
  print(json ? JSON.stringify(change) : changeWords(change));
}

async function askToUndo({ decision, reference, words }: Change): Promise<void> {
  const answer = await confirm({ message: `Take back "${decision}" on ${reference}: ${words}?` });
  if (isCancel(answer) || !answer) throw new UserError('Nothing was taken back.');
}
