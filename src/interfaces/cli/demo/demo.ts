import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { commandLine } from '../../../core/commandLine.ts';
import { atTerminal } from '../../../people/actor.ts';
import { linkInto } from '../../../people/console.ts';
import { SIDES } from '../../../people/member.ts';
import { FIRST_THEME } from '../../../sandbox/script.ts';
import { commandNamed } from '../commands.ts';
import { askedToEnd, during, untilAskedToEnd } from '../ending.ts';
import { counted } from '../words.ts';
import { partsFrom, scriptedParts } from './inputs.ts';
import { type Figures, play } from './play.ts';
import { type Stage, type StageActor, setUp } from './stage.ts';
import { transcript } from './transcript.ts';

const PEOPLE = 200;

interface Options {
  keep?: boolean;
  inputs?: string;
}

/** `demo`: a whole small process on the sandbox, then two transcripts and the figures. */
export function addDemoCommand(program: Command): void {
  commandNamed(program, 'demo')
    .option('--keep', 'leave the service up, to explore')
    .option('--inputs <file>', 'JSONL or CSV with text, language and source: what the people say instead')
    .action(demo);
}

async function demo(options: Options): Promise<void> {
  const began = Date.now();
  const parts = options.inputs ? await partsFrom(options.inputs, PEOPLE) : scriptedParts(PEOPLE);
  const perform = (folder: string) =>
    during(
      setUp(folder, parts, askedToEnd),
      (stage) => stage.close(),
      async (stage) => {
        const figures = await play(stage, folder);
        for (const person of shown(stage.people)) process.stdout.write(transcript(person));
        process.stdout.write(report(figures, (Date.now() - began) / 1000));
        if (options.keep) await keep(stage, folder);
      },
    );
  const folder = mkdtemp(path.join(tmpdir(), 'hearback-demo-'));
  await during(folder, (made) => rm(made, { recursive: true, force: true }), perform);
}

/** One chat of each platform, in two languages where there are two: the shortest that hold an idea. */
function shown(people: StageActor[]): StageActor[] {
  const shortest = (list: StageActor[]) => [...list].sort((a, b) => a.chat.length - b.chat.length)[0];
  const on = (channel: string) => people.filter((person) => person.channel === channel && person.part.ideas.length > 0);
  const telegram = shortest(on('Telegram'));
  const others = on('Slack').filter((person) => person.language !== telegram?.language);
  const slack = shortest(others.length > 0 ? others : on('Slack'));
  return [telegram, slack].filter((person) => person !== undefined);
}

function report(figures: Figures, seconds: number): string {
  const { people, contributions, timeline, event, moved, question, askedAt, responses, delivered } = figures;
  const released = Object.values(responses).flatMap((status) => status ?? []);
  const missed = released.reduce((sum, { failed, uncertain, skipped }) => sum + failed + uncertain + skipped, 0);
  const total = Object.values(delivered).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(delivered).map(([decision, count]) => `${count} ${decision}`);
  return [
    '',
    `People reached        ${people}: the timeline reached ${timeline.sent}, the moved date ${moved.sent}`,
    `                      the question, scheduled for ${askedAt}, reached ${question.sent}`,
    `Event                 ${event.yes} come (${event.seats} seats, ${event.waiting} wait for one), ${event.maybe} perhaps, ${event.no} do not`,
    `Contributions         ${contributions}`,
    `Responses delivered   ${total}: ${kinds.join(', ')}`,
    `                      ${releases(responses)}, each in their own chat${missed > 0 ? `; ${missed} were not reached` : ''}`,
    `Seconds               ${seconds.toFixed(1)}`,
    '',
  ].join('\n');
}

/** In the order in which they were released. */
const releases = ({ first, others }: Figures['responses']): string =>
  [
    ...(first ? [`those on the theme ${FIRST_THEME} first, to ${counted(first.sent, 'person', 'people')}`] : []),
    ...(others ? [`${first ? 'then all others, ' : ''}to ${counted(others.sent, 'person', 'people')}`] : []),
  ].join('; ');

async function keep(stage: Stage, folder: string): Promise<void> {
  const { service } = stage;
  process.stdout.write(
    [
      `The service stays up at ${service.url}; Ctrl-C ends it. Look around from another terminal:`,
      `  DATA_DIR=${folder} ${commandLine('responses status')}`,
      `  DATA_DIR=${folder} ${commandLine('contributions export --format xlsx --out sheet.xlsx')}`,
      ...(await consoleLinks(stage, folder)),
      `The sheet that the forum filled in is ${path.join(folder, 'decided.xlsx')}.`,
      '',
    ].join('\n'),
  );
  await untilAskedToEnd();
}

/** For a member of each side of the forum. */
async function consoleLinks({ service, actions }: Stage, folder: string): Promise<string[]> {
  const members = await (await service.core.views.members()).listed();
  const chosen = SIDES.flatMap((of) => members.find(({ side, roles }) => side === of && roles.includes('forum')) ?? []);
  const lines: string[] = [];
  for (const { id, name, side } of chosen) {
    const { token } = await actions.console.link(atTerminal(), id);
    lines.push(`  ${name} (${side}): ${linkInto(service.url, token)}`);
  }
  const again = `DATA_DIR=${folder} PUBLIC_URL=${service.url} ${commandLine('console-link MEMBER')}`;
  return ['The forum’s console, each link for one sign-in within ten minutes:', ...lines, `  others: ${again}`];
}
