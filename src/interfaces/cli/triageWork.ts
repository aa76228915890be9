import type { Actions } from '../../actions/actions.ts';
import type { Read } from '../../actions/reading.ts';
import type { TriageReport, TriageRequest } from '../../actions/triage.ts';
import type { Views } from '../../compose/views.ts';
import { type Effect, effectsMark, type Triage } from '../../contributions/triage.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { readReference } from '../../core/reference.ts';
import { shorten } from '../../core/split.ts';
import { atTerminal } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import { ask, type Terminal } from './processParts.ts';
import { clockTime, columns, counted, harmless, printable } from './words.ts';

/** What these commands need of the running system. */
export interface TriageWiring {
  views: Pick<Views, 'triage'>;
  processes: { current(): Promise<ProcessDefinition | null> };
  actions(): Promise<Pick<Actions, 'triage'>>;
  /** Before anything is shown. @throws Refused for whoever may not read it */
  read: Read;
  close(): Promise<void>;
}

export interface Doing {
  as?: string;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export interface Viewing extends Doing {
  filter?: string;
  remove?: boolean;
  mine?: boolean;
}

/** Says first what will happen to which, and does no other thing than that. */
export async function changeAll(
  wiring: TriageWiring,
  request: TriageRequest,
  { as, yes, dryRun, json }: Doing,
  terminal: Terminal,
): Promise<void> {
  const [actor, { triage }] = [atTerminal(as), await wiring.actions()];
  const outlook = await triage.outlook(actor, request);
  if (dryRun) return say(terminal, json, { step: null, effects: outlook }, effectLines(outlook).join('\n'));
  const changed = outlook.filter(({ effect }) => effect === 'changed').length;
  if (!yes && changed > 0) {
    const aside = json ? terminal.stderr : terminal.stdout;
    aside.write(`${effectLines(outlook).join('\n')}\n`);
    await ask(`Change ${counted(changed, 'contribution')}?`, aside, terminal, {
      refused: 'Nothing was changed.',
      alone: 'Nothing was changed: nobody is there to ask. Say --yes to change them.',
    });
  }
  const report = await triage.change(actor, request, effectsMark(outlook));
  say(terminal, json, report, doneWords(report, yes === true));
}

function doneWords({ step, effects }: TriageReport, withEach: boolean): string {
  const each = withEach ? effectLines(effects) : [];
  if (step === null) return [...each, 'Nothing is changed.'].join('\n');
  const changed = effects.filter(({ effect }) => effect === 'changed').length;
  const undo = `${counted(changed, 'contribution')} changed. To take it back: ${commandLine(`contributions undo ${step}`)}`;
  return [...each, undo].join('\n');
}

const effectLines = (effects: readonly Effect[]): string[] =>
  effects.map(({ reference, effect, why, before, after }) => {
    if (effect === 'refused') return `${reference}  left as it is: ${why}`;
    if (effect === 'unchanged') return `${reference}  stays: ${triageWords(after)}`;
    return `${reference}  ${triageWords(before)} -> ${triageWords(after)}`;
  });

/** `bus, night; ana, budget by 2027-03-14` */
function triageWords({ tags, assignment, aside }: Triage): string {
  const whose = [assignment?.member, assignment?.workingGroup].filter((one) => one != null).join(', ');
  const due = assignment?.dueOn ? ` by ${assignment.dueOn}` : '';
  return (
    [aside === null ? '' : `set aside (${aside})`, tags.join(', '), whose + due]
      .filter((words) => words !== '')
      .join('; ') || 'nothing'
  );
}

const say = ({ stdout }: Terminal, json: boolean | undefined, value: object, words: string): void =>
  void stdout.write(`${json ? JSON.stringify(value) : words}\n`);

export async function note(
  wiring: TriageWiring,
  name: string,
  text: string | undefined,
  { as, json }: Doing,
  terminal: Terminal,
): Promise<void> {
  const reference = readReference(name);
  if (text !== undefined) {
    const kept = await (await wiring.actions()).triage.note(atTerminal(as), reference, text);
    return say(terminal, json, kept, `Kept with ${reference}.`);
  }
  await wiring.read(atTerminal(as), 'contributions.list', reference);
  const notes = await (await wiring.views.triage()).notes(reference);
  const zone = ((await wiring.processes.current()) ?? DEFAULT_PROCESS).timeZone;
  const words = notes.map(({ by, at, text: said }) => `${clockTime(at, zone)}  ${by}:\n${harmless(said)}`);
  say(terminal, json, notes, words.join('\n\n') || `Nobody has written a note on ${reference}.`);
}

export async function similar(
  wiring: TriageWiring,
  name: string,
  { as, json }: Doing,
  terminal: Terminal,
): Promise<void> {
  const reference = readReference(name);
  await wiring.read(atTerminal(as), 'contributions.list', reference);
  const all = await (await wiring.views.triage()).similar(reference);
  const lines = all.map((one) => [
    ...[one.reference, one.same ? 'the same' : one.similarity.toFixed(2), shorten(printable(one.text), 70)],
  ]);
  say(terminal, json, all, columns(lines).join('\n') || `Nothing is known to be like ${reference}.`);
}

/** @throws UserError where it is not said what is to become of the view */
export async function views(
  wiring: TriageWiring,
  name: string | undefined,
  options: Viewing,
  terminal: Terminal,
): Promise<void> {
  const { filter, remove, mine, as, json } = options;
  const actor = atTerminal(as);
  if (name === undefined) return listViews(wiring, options, terminal);
  if (mine && as === undefined) throw new UserError('--mine: say who you are, --as MEMBER.');
  const view = { name, owner: mine ? actor.member : null };
  const { triage } = await wiring.actions();
  if (remove) {
    await triage.removeView(actor, view);
    return say(terminal, json, view, `"${name}" is removed.`);
  }
  if (filter === undefined)
    throw new UserError(`${name}: say what it shows, --filter "state=received&theme=health", or --remove.`);
  const saved = await triage.saveView(actor, { ...view, filter });
  say(terminal, json, saved, `Kept. See it: ${commandLine(`contributions list --view "${saved.name}"`)}`);
}

async function listViews(wiring: TriageWiring, { as, json }: Viewing, terminal: Terminal): Promise<void> {
  await wiring.read(atTerminal(as), 'contributions.list');
  const all = await (await wiring.views.triage()).savedViews(as ?? null);
  const lines = all.map(({ name, owner, filter }) => [name, owner ?? 'all', filter]);
  say(terminal, json, all, columns(lines).join('\n') || 'There are no views yet.');
}
