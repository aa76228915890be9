import type { Command } from 'commander';
import type { TriageRequest } from '../../actions/triage.ts';
import { ASIDE_REASONS } from '../../contributions/asideReasons.ts';
import type { Terminal } from './processParts.ts';
import type { Doing, TriageWiring, Viewing } from './triageWork.ts';
import { AS, AS_READER, withWiring } from './wiring.ts';

type Wire = () => Promise<TriageWiring>;

/** Loaded when one of them is called: the list does without. */
const work = () => import('./triageWork.ts');

/** `contributions tag|assign|undo|note|views`. */
export function addTriageCommands(group: Command, wire: Wire, terminal: Terminal = process): void {
  addChanging(group, wire, terminal);
  group
    .command('similar')
    .description('what is like one of them: the same words first, then the nearest')
    .argument('<reference>')
    .option('--as <member>', AS_READER)
    .option('--json', 'as JSON')
    .action((reference: string, options: Doing) =>
      withWiring(wire, async (wiring) => (await work()).similar(wiring, reference, options, terminal)),
    );
  group
    .command('views')
    .description('filters of the list that have a name: all of them; with a name, keep one or remove it')
    .argument('[name]')
    .option('--filter <text>', 'what it shows, as in `contributions list --filter`')
    .option('--remove', 'it is not needed any more')
    .option('--mine', 'of the member alone, and not of all')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((name: string | undefined, options: Viewing) =>
      withWiring(wire, async (wiring) => (await work()).views(wiring, name, options, terminal)),
    );
  group
    .command('note')
    .description('write a note on one of them for the other members, or read those that there are')
    .argument('<reference>')
    .argument('[text]', 'with @ana in it, ana is named')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((reference: string, text: string | undefined, options: Doing) =>
      withWiring(wire, async (wiring) => (await work()).note(wiring, reference, text, options, terminal)),
    );
}

function addChanging(group: Command, wire: Wire, terminal: Terminal): void {
  const doing = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--as <member>', AS)
      .option('--dry-run', 'say what would happen to which, and do nothing')
      .option('--yes', 'without asking')
      .option('--json', 'as JSON');
  const change = (request: TriageRequest, options: Doing) =>
    withWiring(wire, async (wiring) => (await work()).changeAll(wiring, request, options, terminal));
  doing('tag', 'give them tags, or take tags from them')
    .argument('<references...>')
    .option('--add <tags...>', 'to give')
    .option('--remove <tags...>', 'to take')
    .action(
      (references: string[], { add = [], remove = [], ...options }: Doing & { add?: string[]; remove?: string[] }) =>
        change({ kind: 'tag', references, add, remove }, options),
    );
  doing('assign', 'say whose they are until they are decided on')
    .argument('<references...>')
    .option('--to <member>', 'a member')
    .option('--group <id>', 'a working group of the process')
    .option('--due <day>', 'by when: 2027-03-14')
    .option('--nobody', 'nobody any more')
    .action((references: string[], { to, group: workingGroup, due, nobody, ...options }: Assigning) => {
      const whom = { member: to ?? null, workingGroup: workingGroup ?? null, dueOn: due ?? null };
      return change({ kind: 'assign', references, to: nobody ? null : whom }, options);
    });
  doing('set-aside', 'what is no contribution: with a published reason that its author is told')
    .argument('<references...>')
    .requiredOption('--reason <reason>', `of the process, or: ${ASIDE_REASONS.join(', ')}`)
    .option('--flood', 'with all that its author has sent in nearly the same words')
    .action(
      (references: string[], { reason, flood = false, ...options }: Doing & { reason: string; flood?: boolean }) =>
        change({ kind: 'set_aside', references, reason, flood }, options),
    );
  doing('restore', 'what was set aside counts again')
    .argument('<references...>')
    .action((references: string[], options: Doing) => change({ kind: 'restore', references }, options));
  doing('undo', 'take back what one of these commands has done to all of them')
    .argument('<step>', 'as the command has called it')
    .action((step: string, options: Doing) => change({ kind: 'undo', step }, options));
}

interface Assigning extends Doing {
  to?: string;
  group?: string;
  due?: string;
  nobody?: boolean;
}
