import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { Views } from '../../compose/views.ts';
import type { Clock } from '../../core/clock.ts';
import { commandLine } from '../../core/commandLine.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import { readReference } from '../../core/reference.ts';
import { moment } from '../../notices/dates.ts';
import { heldUntil } from '../../notices/kinds.ts';
import { atTerminal } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import type {
  ReleaseFigures,
  ReleaseScope,
  ResponsePreview,
  ResponseStore,
  WaitingResponse,
} from '../../responses/ports.ts';
import type { Released } from '../../responses/release.ts';
import { agreeByCount } from './ask.ts';
import type { Terminal } from './processParts.ts';
import { PROCESS_OPTION, type Processes, processNamed } from './whichProcess.ts';
import { AS, withWiring } from './wiring.ts';
import { callBack, clockTime, counted, fromNow, sentBy } from './words.ts';

/** What a release needs of the running system. */
export interface ReleaseWiring {
  views: Pick<Views, 'responses' | 'responsePreview'>;
  processes: Processes & { current(): Promise<ProcessDefinition | null> };
  actions(): Promise<Pick<Actions, 'responses' | 'expect'>>;
  clock: Clock;
  holdSeconds: number;
  approvalAbove: number;
  close(): Promise<void>;
}

/** `responses release`. */
export function addReleaseCommand(group: Command, wire: () => Promise<ReleaseWiring>, terminal: Terminal): void {
  group
    .command('release')
    .description('send decided responses to their contributors: all, or those of some themes or references')
    .option('--theme <themes...>', 'only on contributions to these themes')
    .option('--only <references...>', 'only these')
    .option('--at <local>', 'local date and time, for example 2027-03-28T09:00; now when left out')
    .option('--zone <zone>', 'time zone of --at; that of the process when left out')
    .option(...PROCESS_OPTION)
    .option('--dry-run', 'show what would go, and send nothing')
    .option('--as <member>', AS)
    .option('--yes', 'without typing how many people get them; it stands in for no approval')
    .option('--json', 'the figures as JSON')
    .action((options: ReleaseOptions) => withWiring(wire, (wiring) => release(wiring, options, terminal)));
}

interface ReleaseOptions {
  theme?: string[];
  only?: string[];
  process?: string;
  at?: string;
  zone?: string;
  dryRun?: boolean;
  as?: string;
  yes?: boolean;
  json?: boolean;
}

async function release(wiring: ReleaseWiring, options: ReleaseOptions, terminal: Terminal): Promise<void> {
  const { as, yes, json, dryRun } = options;
  const named = await processNamed(options.process, wiring.processes);
  const process = named?.definition ?? (await wiring.processes.current()) ?? DEFAULT_PROCESS;
  const [responses, preview] = await Promise.all([wiring.views.responses(), wiring.views.responsePreview()]);
  const actor = atTerminal(as);
  const actions = await wiring.actions();
  if (!dryRun) await actions.expect(actor, 'responses.release');
  const scope = await scopeOf(options, process, preview, named?.id);
  const from = momentOf(options, process, wiring.clock());
  const plan = { scope, from, zone: process.timeZone, ...limitsOf(wiring) };
  const print = (text: string) => void terminal.stdout.write(`${text}\n`);
  if (dryRun) return print(await rehearsed(responses, plan, preview, json));
  const figures = await responses.releasable(scope);
  if (!yes && figures.recipients > 0) await agreeByCount(figures.recipients, question(figures, plan), terminal, json);
  const released = await actions.responses.release(actor, { scope, from, shown: yes ? null : figures });
  print(json ? JSON.stringify(released) : releasedWords(released, plan));
}

/** What is to go, and when. */
interface Plan {
  scope: ReleaseScope;
  from: Date | null;
  /** The time zone in which moments are shown. */
  zone: string;
  holdSeconds: number;
  approvalAbove: number;
}

const limitsOf = ({ holdSeconds, approvalAbove }: ReleaseWiring) => ({ holdSeconds, approvalAbove });

/** @throws UserError when the moment cannot be read or has passed */
function momentOf({ at, zone }: ReleaseOptions, { timeZone }: ProcessDefinition, now: number): Date | null {
  if (at === undefined && zone !== undefined) throw new UserError('--zone: say --at as well, the moment in that zone.');
  return at === undefined ? null : new Date(moment(at, zone ?? timeZone, now));
}

/** @throws UserError for an unknown theme, and for a reference with nothing waiting */
async function scopeOf(
  { theme, only }: ReleaseOptions,
  { themes }: ProcessDefinition,
  preview: Pick<ResponsePreview, 'list'>,
  of: number | undefined,
): Promise<ReleaseScope> {
  const known = themes.map(({ value }) => value);
  const unknown = (theme ?? []).filter((each) => !known.includes(each));
  if (unknown.length > 0)
    throw new UserError(`--theme: the process has no theme "${unknown[0]}". ${meant(unknown[0] ?? '', known)}`);
  const references = only?.map(readReference);
  const scope = {
    ...(of !== undefined && { process: of }),
    ...(theme && { themes: theme }),
    ...(references && { references }),
  };
  if (references === undefined) return scope;
  const waiting = new Set((await preview.list(scope)).map(({ reference }) => reference));
  const lost = references.filter((each) => !waiting.has(each));
  if (lost.length === 0) return scope;
  const which = theme ? ` with the theme ${theme.join(' or ')}` : '';
  throw new UserError(`--only: no answer to ${lost.join(', ')}${which} waits for release. Nothing was released.`);
}

async function rehearsed(
  responses: Pick<ResponseStore, 'releasable'>,
  plan: Plan,
  preview: Pick<ResponsePreview, 'list'>,
  json = false,
): Promise<string> {
  const { mark: _, ...figures } = await responses.releasable(plan.scope);
  const list = await preview.list(plan.scope);
  if (json) return JSON.stringify({ dryRun: true, ...figures, from: plan.from, list });
  const end =
    figures.responses === 0 ? nothingWords(figures) : [goesWords(figures, whenWords(figures, plan)), ...aside(figures)];
  return [...list.map(waitingLine), ...end, 'Nothing was released: this was a dry run.'].join('\n');
}

function waitingLine({ reference, decision, replaces, repeats, reachable }: WaitingResponse): string {
  if (repeats) return `  ${reference}  ${decision}, as it was delivered before: not sent again`;
  const notes = [
    ...(replaces ? ['replaces an answer that was delivered before'] : []),
    ...(reachable ? [] : ['its reader cannot be reached now']),
  ];
  return [`  ${reference}  ${decision}`, ...notes].join(', ');
}

const question = (figures: ReleaseFigures, plan: Plan): string =>
  [
    goesWords(figures, whenWords(figures, plan)),
    ...(figures.recipients > plan.approvalAbove ? ['Another member has to approve them first.'] : []),
    ...aside(figures),
    'Type the number of people to release:',
  ].join(' ');

/** When they would go. */
function whenWords({ recipients }: ReleaseFigures, { from, zone, holdSeconds }: Plan): string {
  if (from !== null) return fromOn(from, zone);
  return `, ${fromNow(heldUntil('response', recipients, 0, holdSeconds) / 1000)}`;
}

const fromOn = (from: Date, zone: string): string => `, from ${clockTime(from, zone)} on`;

function goesWords({ responses, recipients, replacing }: ReleaseFigures, when: string): string {
  const go = `${counted(responses, 'response goes', 'responses go')} to ${counted(recipients, 'person', 'people')}${when}.`;
  return replacing === 0 ? go : `${go} ${replacingWords(responses, replacing)}`;
}

function replacingWords(responses: number, replacing: number): string {
  if (responses === 1) return 'It replaces an answer that was delivered before.';
  if (responses === replacing) return 'All of them replace answers that were delivered before.';
  return `${counted(replacing, 'of them replaces an answer that was', 'of them replace answers that were')} delivered before.`;
}

/** Who gets nothing now. */
const aside = ({ unreachable, repeated }: ReleaseFigures): string[] => [
  ...(unreachable > 0
    ? [
        `${counted(unreachable, 'person', 'people')} cannot be reached now; a later release tries again once they are back.`,
      ]
    : []),
  ...(repeated > 0 ? [repeatedWords(repeated)] : []),
];

const repeatedWords = (count: number): string =>
  `${counted(count, 'decision says', 'decisions say')} what was delivered before, word for word: nobody is sent that again.`;

const nothingWords = ({ repeated }: ReleaseFigures): string[] => [
  'Nothing waits for release.',
  ...(repeated > 0 ? [repeatedWords(repeated)] : []),
];

function releasedWords(released: Released, plan: Plan): string {
  const { notice, at, approval, recipients } = released;
  if (notice === null) return nothingWords(released).join('\n');
  if (recipients === 0)
    return [
      `${counted(released.responses, 'response is', 'responses are')} released, and nothing is sent.`,
      ...aside(released),
    ].join('\n');
  const figures = `Notice ${notice}: ${goesWords(released, at === null ? '' : fromOn(at, plan.zone))}`;
  const [wait, call] = waitWords(notice, at, approval);
  return [figures, ...wait, call, ...aside(released)].join('\n');
}

/** What has to come first, and the line that calls them back. */
function waitWords(notice: string, at: Date | null, approval: Released['approval']): [string[], string] {
  const cancel = commandLine(`notices cancel ${notice}`);
  if (approval !== null)
    return [
      [`Another member has to approve them first: ${commandLine(`notices approve ${notice} --as MEMBER`)}`],
      `Until they go they can be called back: ${cancel}`,
    ];
  if (at !== null) return [[sentBy('them')], callBack('they', notice)];
  return [
    [sentBy('them'), 'They go at once; one that has arrived can only be corrected, by a new decision.'],
    `To stop what has not gone yet: ${cancel}`,
  ];
}
