import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { Views } from '../../compose/views.ts';
import { CONTRIBUTION_STATES } from '../../contributions/contribution.ts';
import { type Ledger, ledger } from '../../contributions/ledger.ts';
import { readReference } from '../../core/reference.ts';
import { atTerminal } from '../../people/actor.ts';
import type { Stance } from '../../responses/thread.ts';
import { commandNamed } from './commands.ts';
import { addImportCommands } from './import.ts';
import type { Terminal } from './processParts.ts';
import { proposalsWaiting, proposedWords } from './proposals.ts';
import { addReleaseCommand, type ReleaseWiring } from './release.ts';
import type { ResponsePreviewWiring } from './responsePreview.ts';
import { PROCESS_OPTION, processNamed } from './whichProcess.ts';
import { AS_READER, withWiring } from './wiring.ts';
import { counted, grouped, waitingWords } from './words.ts';

/** What these commands need of the running system. */
export interface ResponsesWiring extends ReleaseWiring {
  views: ReleaseWiring['views'] & Pick<Views, 'contributions' | 'members' | 'proposals' | 'threads'>;
}

/** `responses import|undo|status|preview|release`. */
export function addResponsesCommands(
  program: Command,
  wire: () => Promise<ResponsesWiring>,
  wireOutreach: () => Promise<ResponsePreviewWiring & { actions: Pick<Actions, 'read'> }>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'responses');
  addImportCommands(group, wire);
  group
    .command('status')
    .description('the ledger: contributions by state, what is owed, and which side proposed decisions wait for')
    .option(...PROCESS_OPTION)
    .option('--json', 'the ledger as JSON')
    .action((options: { process?: string; json?: boolean }) => withWiring(wire, (wiring) => status(wiring, options)));
  group
    .command('preview')
    .description('the answer to one contribution, as each platform shows it')
    .argument('<reference>')
    .option('--as <member>', AS_READER)
    .option('--json', 'as JSON')
    .action(async (reference: string, { as, json }: { as?: string; json?: boolean }) => {
      const { preview } = await import('./responsePreview.ts');
      await withWiring(wireOutreach, async (wiring) => {
        await wiring.actions.read(atTerminal(as), 'responses.preview', readReference(reference));
        const words = await preview(wiring, readReference(reference), json);
        terminal.stdout.write(`${words}\n`);
      });
    });
  addReleaseCommand(group, wire, terminal);
}

async function status(
  { views, processes }: ResponsesWiring,
  { process: key, json }: { process?: string; json?: boolean },
): Promise<void> {
  const named = await processNamed(key, processes);
  const threads = await views.threads();
  const registry = ledger(await (await views.contributions()).counts(named?.id), await threads.counts(named?.id));
  const stances = await threads.stances(named?.id);
  const proposals = await proposalsWaiting({ views, processes }, named?.id);
  const words = [...stanceWords(stances), ledgerWords(registry), ...proposedWords(proposals)];
  print(json ? JSON.stringify({ ...registry, stances, ...proposals }) : words.join('\n'));
}

function ledgerWords(registry: Ledger): string {
  const lines = registry.rows.flatMap((row) => {
    const states = CONTRIBUTION_STATES.filter((state) => row.states[state] > 0).map(
      (state) => `${grouped(row.states[state])} ${state}`,
    );
    return [
      `${row.kind.padEnd(8)} ${grouped(row.total)}: ${states.join(', ')}`,
      `         owed: ${owedWords(row.owed)}` +
        (row.unreachable > 0 ? `; ${grouped(row.unreachable)} of it to people who cannot be reached now` : ''),
    ];
  });
  const { owing } = registry;
  const contributions =
    owing === 0
      ? []
      : [
          `${grouped(owing)} of ${counted(registry.total, 'contribution')} ${owing === 1 ? 'is' : 'are'} still owed something.`,
        ];
  const end = registry.open === 0 ? ['Nothing is owed.'] : [...waitingWords(registry.threads), ...contributions];
  return [...lines, ...end].join('\n');
}

/** What people made of the answers that they have. */
function stanceWords({ accepted, disputed, silent }: Record<Stance, number>): string[] {
  if (accepted + disputed + silent === 0) return [];
  return [`answered: ${grouped(accepted)} accepted, ${grouped(disputed)} disputed, ${grouped(silent)} silent`];
}

function owedWords({ decision, release, delivery }: Ledger['rows'][number]['owed']): string {
  const owed = [
    ...(decision > 0 ? [counted(decision, 'decision')] : []),
    ...(release > 0 ? [counted(release, 'release')] : []),
    ...(delivery > 0 ? [counted(delivery, 'delivery', 'deliveries')] : []),
  ];
  return owed.join(', ') || 'nothing';
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
