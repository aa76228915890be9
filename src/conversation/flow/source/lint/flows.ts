import type { Problem } from '../../../../core/problem.ts';
import { milliseconds } from '../../durations.ts';
import { createFlowRegistry, isOpenTo } from '../../flowRegistry.ts';
import { reportIn, type Source } from '../place.ts';
import type { Flow } from '../schema.ts';

/** Words after a slash that never begin a flow. */
export const COMMANDS = ['start', 'stop', 'help', 'back', 'cancel', 'language'] as const;

/** What the service begins by itself, and when. */
export const NEEDED: Record<string, string> = {
  welcome: 'when somebody comes for the first time',
  loose: 'when somebody writes while nothing asks for it',
  idea: 'when somebody sends an idea from Slack’s form',
  question: 'when somebody presses the button of a focus question',
  stopped: 'when somebody leaves',
  record: 'when somebody wants to see what is held about them',
  erase: 'when somebody has themselves erased',
  respond: 'when somebody answers a response of the forum',
  add: 'when somebody adds to what they sent, by a button below its receipt',
  edit: 'when somebody changes what they sent',
  ask: 'when somebody asks the organizers',
  answer: 'when a member answers somebody',
  decide: 'when a member of the forum proposes a decision',
  withdraw: 'when somebody takes back what they sent',
};

/** A signed button of Telegram's 64 bytes holds `flow:` and this many more; the buttons of notices take no more either. */
const MOST_NAME = 40;
/** Telegram's commands: letters, digits and _. */
const COMMAND = /^[a-z0-9_]{1,32}$/;

/** On a flow as a whole: its name, its languages, its time. */
export function flowProblems(sources: readonly Source[]): Problem[] {
  const flows = sources.map((source) => source.flow);
  const all = new Set(flows.flatMap((flow) => flow.languages));
  const shared = [...all].filter((language) => flows.every((flow) => flow.languages.includes(language)));
  return sources.flatMap((source) => [
    ...nameProblems(source, flows),
    ...timeProblems(source),
    ...languageProblems(source, all, shared.length > 0),
  ]);
}

function nameProblems(source: Source, flows: readonly Flow[]): Problem[] {
  const { flow } = source.flow;
  const report = reportIn(source);
  if ((COMMANDS as readonly string[]).includes(flow))
    return [
      report(['flow'], `/${flow} is a command of Hearback's own and never begins this flow.`, 'Rename the flow.'),
    ];
  if (flow.length > MOST_NAME)
    return [report(['flow'], `The name has ${flow.length} letters; ${MOST_NAME} fit into a button.`, 'Shorten it.')];
  if (COMMAND.test(flow) || !isOpenTo(createFlowRegistry(flows, { texts: {}, commands: {}, words: {} }), flow))
    return [];
  const message = `/${flow} cannot be sent as a command on Telegram.`;
  return [report(['flow'], message, 'Use at most 32 lower-case letters, digits and _.', 'warning')];
}

function timeProblems(source: Source): Problem[] {
  const { expires } = source.flow;
  return expires === undefined || milliseconds(expires) > 0
    ? []
    : [reportIn(source)(['expires'], 'The conversation lasts no time.', 'Write for example P30D for thirty days.')];
}

function languageProblems(source: Source, all: ReadonlySet<string>, isShared: boolean): Problem[] {
  const { languages } = source.flow;
  const report = reportIn(source);
  const twice = languages.filter((language, at) => languages.indexOf(language) !== at);
  const lacking = [...all].filter((language) => !languages.includes(language));
  const reading = `Somebody who reads ${lacking.join(', ')} in other flows gets this one in another language.`;
  return [
    ...twice.map((language) =>
      report(['languages'], `"${language}" is listed twice.`, 'Delete one of them.', 'warning'),
    ),
    ...(isShared
      ? []
      : [report(['languages'], 'No language is spoken by all the flows.', 'Give every flow one in common.')]),
    ...(lacking.length > 0
      ? [report(['languages'], reading, 'Translate it, or take the language off the others.', 'warning')]
      : []),
  ];
}
