import path from 'node:path';
import type { Command } from 'commander';
import { gateMark, type Overridden } from '../../actions/finalize.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { loadPhrases } from '../../core/loadPhrases.ts';
import { closingNotice, closingTexts } from '../../notices/closing.ts';
import { recipientsIn } from '../../notices/notice.ts';
import { type Actor, atTerminal } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import type { Override } from '../../responses/finalization.ts';
import { type Gate, gateOf, OWED, type OwedItem, type OwedKind } from '../../responses/gate.ts';
import type { Missing } from '../../responses/quorum.ts';
import { agreeByCount } from './ask.ts';
import { ask, type ProcessWiring, type Terminal } from './processParts.ts';
import { AS, withWiring } from './wiring.ts';
import { callBack, clockTime, counted } from './words.ts';

interface Finalize {
  override?: string;
  confirm?: boolean;
  as?: string;
  yes?: boolean;
  json?: boolean;
}

/** `process finalize`. */
export function addFinalizeCommand(group: Command, wire: () => Promise<ProcessWiring>, terminal: Terminal): void {
  group
    .command('finalize')
    .description(
      'end the process well: refuses, with a list, while anybody is owed anything; then thanks everybody who took part. ' +
        'It stays open: `process close` ends it, whatever is owed, so that the next can be applied',
    )
    .option('--override <reason>', 'propose to finalize although something is owed; the reason is published')
    .option('--confirm', 'confirm what a member of the other side has proposed with --override')
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'what is owed, or what was done, as JSON')
    .action((options: Finalize) => withWiring(wire, (wiring) => finalizeWith(wiring, options, terminal)));
}

/** What is done from here on, by whom, and where it is told. */
interface Finalizing {
  wiring: ProcessWiring;
  options: Finalize;
  terminal: Terminal;
  /** Beside the JSON, where that is asked for. */
  aside: Terminal['stdout'];
  actor: Actor;
}

/** @throws UserError while something is owed, and no override is proposed or confirmed */
async function finalizeWith(wiring: ProcessWiring, options: Finalize, terminal: Terminal): Promise<void> {
  const standing = await atTheGate(wiring);
  const { gate } = standing;
  const aside = options.json ? terminal.stderr : terminal.stdout;
  const lines = gateLines(gate);
  if (lines.length > 0) aside.write(`${lines.join('\n')}\n`);
  const doing = { wiring, options, terminal, aside, actor: atTerminal(options.as) };
  if (options.override !== undefined) return propose(options.override, gate, doing);
  if (options.confirm) return confirm(standing, doing);
  if (gate.passes) return finalize(standing, doing);
  if (options.json) print(doing, gate, []);
  throw new UserError(`NOT FINALIZED: ${counted(gate.owed.length, 'thing is', 'things are')} owed. ${REMEDY}`);
}

async function propose(reason: string, gate: Gate, doing: Finalizing): Promise<void> {
  if (!doing.options.yes) await agreeTo('Propose to finalize it all the same?', doing);
  const done = await (await doing.wiring.actions()).process.override(doing.actor, reason, gateMark(gate));
  print(doing, done, [`It is proposed, for this reason: ${reason}`, ...missingLines(done.missing)]);
}

async function confirm({ definition, gate, override }: AtTheGate, doing: Finalizing): Promise<void> {
  if (override) doing.aside.write(`Proposed by ${override.opinions[0]?.by}, for this reason: ${override.reason}\n`);
  const closing = await closingOf(doing.wiring, definition);
  const goes = counted(closing.recipients, 'person', 'people');
  if (!doing.options.yes) await agreeTo(`Confirm it? The closing message goes to ${goes}.`, doing);
  const mark = gateMark(gate, override);
  const done = await (await doing.wiring.actions()).process.confirmOverride(doing.actor, closing, mark);
  print(doing, done, [...missingLines(done.missing), ...finalizedLines(done.finalized, definition.timeZone)]);
}

async function finalize({ definition }: AtTheGate, doing: Finalizing): Promise<void> {
  const { options, terminal } = doing;
  const closing = await closingOf(doing.wiring, definition);
  const question = questionFor(closing.recipients);
  if (!options.yes) await agreeByCount(closing.recipients, question, terminal, options.json);
  const done = await (await doing.wiring.actions()).process.finalize(doing.actor, closing);
  print(doing, done, finalizedLines(done, definition.timeZone));
}

const print = ({ options, terminal }: Finalizing, done: unknown, words: string[]): void =>
  void terminal.stdout.write(`${options.json ? JSON.stringify(done) : words.join('\n')}\n`);

const REMEDY = `Do it first; or two members, one of each side, say why it must not stand in the way: --override REASON --as MEMBER.`;

interface AtTheGate {
  definition: ProcessDefinition;
  gate: Gate;
  override: Override | null;
}

async function atTheGate({ processes, views }: ProcessWiring): Promise<AtTheGate> {
  const { id, definition: applied } = await processes.now();
  const definition = applied ?? DEFAULT_PROCESS;
  const facts = await (await views.gate()).facts(id);
  return {
    definition,
    gate: gateOf(facts, definition.languages),
    override: await (await views.finalizations()).proposed(id),
  };
}

/** The closing message, and to how many it goes. */
async function closingOf({ views, flowsDir }: ProcessWiring, definition: ProcessDefinition) {
  const texts = closingTexts(definition, await loadPhrases(path.join(flowsDir, 'outreach.yaml'), definition.languages));
  const audience = await (await views.notices()).count(closingNotice('', texts, ''));
  return { texts, recipients: recipientsIn(audience) };
}

const questionFor = (recipients: number): string =>
  `Nothing is owed. The closing message goes to ${counted(recipients, 'person', 'people')}. Type the number to finalize:`;

const agreeTo = (question: string, { aside, terminal }: Finalizing): Promise<void> =>
  ask(question, aside, terminal, {
    refused: 'Nothing was done.',
    alone: `Nothing was done: nobody is there to ask. Say --yes to go on without asking.`,
  });

const LEADS: Record<OwedKind, [one: string, many: string]> = {
  decision: ['contribution has no decision', 'contributions have no decision'],
  proposal: ['proposed decision waits to be confirmed', 'proposed decisions wait to be confirmed'],
  release: ['decision is not released', 'decisions are not released'],
  delivery: ['answer is released and has not arrived', 'answers are released and have not arrived'],
  text: [
    'answer has an element that is empty, or not in its reader’s language',
    'answers have elements that are empty, or not in their readers’ languages',
  ],
  thread: ['person waits for an answer', 'people wait for an answer'],
};

const MOST_NAMED = 10;

/** What is in the way, a line each, and who cannot be reached. */
export function gateLines({ owed, outOfReach }: Gate): string[] {
  const lines = OWED.flatMap((what) => {
    const items = owed.filter((item) => item.what === what);
    return items.length === 0 ? [] : [`${counted(items.length, ...LEADS[what])}: ${named(items)}`];
  });
  if (outOfReach.length === 0) return lines;
  const one = 'answer is released to somebody who cannot be reached, and holds nothing up';
  const many = 'answers are released to people who cannot be reached, and hold nothing up';
  return [...lines, `${counted(outOfReach.length, one, many)}: ${named(outOfReach)}`];
}

function named(items: readonly OwedItem[]): string {
  const names = items.slice(0, MOST_NAMED).map(({ reference, what, unreachable, kind, dueAt, lacks }) => {
    const about = [
      ...(kind && dueAt ? [`${kind}, due ${dueAt.toISOString().slice(0, 10)}`] : []),
      ...(lacks ?? []),
      ...(unreachable && what !== 'delivery' ? ['cannot be reached'] : []),
    ];
    return about.length === 0 ? reference : `${reference} (${about.join(', ')})`;
  });
  const more = items.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more: --json names all` : ''}`;
}

const missingLines = (missing: readonly Missing[]): string[] =>
  missing.map(({ side, count }) => {
    const whom = side === null ? counted(count, 'other member') : `${counted(count, 'member')} on the side of ${side}`;
    return `${whom} still ${count === 1 ? 'has' : 'have'} to confirm it: ${commandLine('process finalize --confirm --as MEMBER')}`;
  });

function finalizedLines(done: Overridden['finalized'], zone: string): string[] {
  if (done === null) return [];
  const { notice, recipients, at, approval } = done;
  if (notice === null || at === null) return ['The process is finalized. Nobody took part who could be thanked.'];
  const goes = `The process is finalized. The closing message goes to ${counted(recipients, 'person', 'people')}`;
  if (approval === null) return [`${goes} at ${clockTime(at, zone)}.`, callBack('it', notice)];
  return [`${goes}, once a second member approves it: ${commandLine(`notices approve ${notice} --as MEMBER`)}`];
}
