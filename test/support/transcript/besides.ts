import { DateTime } from 'luxon';
import type { ChatMessage } from '../../../src/sandbox/chat.ts';
import type { Log } from './log.ts';
import { change, close, decide, outcome, publish, release, restore, send, setAside } from './organizing.ts';
import type { Speaker } from './platforms.ts';
import { onRecord } from './record.ts';
import type { Stage } from './stage.ts';

export interface Scene {
  stage: Stage;
  log: Log;
  speakers: readonly Speaker[];
}

/** Gives what it tells, where it tells something; what is written below it otherwise. */
type Besides = (scene: Scene, found: string[], more: readonly string[]) => Promise<readonly string[] | undefined>;

const UNITS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ZONE = 'Europe/Madrid';

/** What happens besides, and what is looked at, by how it is written between brackets. */
const BESIDES: [RegExp, Besides][] = [
  [/^(\S+) sees it below "(.+)"$/, async (scene, [who = '', words = '']) => expectBelow(scene, who, words)],
  [/^silence$/, ({ stage }) => passed(stage, 60_000)],
  [
    /^(\w+) (second|minute|hour|day|week)s? later$/,
    ({ stage }, [many = '', unit = '']) => passed(stage, countIn(many) * (UNITS[unit] ?? 0) * 1000),
  ],
  [/^next day$/, ({ stage }) => passed(stage, 86_400_000)],
  [
    /^on (\d{4}-\d\d-\d\d) at (\d\d:\d\d)$/,
    ({ stage }, [day, time]) => passed(stage, msUntil(stage, `${day}T${time}`)),
  ],
  [/^(?:nothing is )?on record$/, async ({ stage }) => onRecord(stage.db)],
  [
    /^the forum decides on (HB-\w+): (\w+)$/,
    ({ stage }, [reference = '', decision = ''], more) => decide(stage, reference, decision, more),
  ],
  [
    /^beside the chat (\S+) sees$/,
    async ({ speakers }, [who]) => speakers.find(({ name }) => name === who)?.beside?.shown(),
  ],
  [
    /^under "(.+)" stands?$/,
    async ({ speakers }, [words = '']) =>
      under(speakers.flatMap(({ chat }) => chat).findLast(({ text }) => text.includes(words))),
  ],
  [
    /^in the thread of "(.+)"$/,
    async ({ speakers, log }, [words = '']) =>
      inThread(
        speakers.flatMap(({ chat }) => chat),
        words,
      ).map(log.plain),
  ],
  [
    /^the forum sets (HB-\w+) aside: (\w+)$/,
    ({ stage }, [reference = '', reason = '']) => setAside(stage, reference, reason),
  ],
  [/^the forum restores (HB-\w+)$/, ({ stage }, [reference = '']) => restore(stage, reference)],
  [/^the forum releases its answers$/, ({ stage }) => release(stage)],
  [/^the organizers send this$/, ({ stage }, _, more) => send(stage, more)],
  [/^the timeline is made public$/, ({ stage }) => publish(stage)],
  [/^what became of the notice$/, ({ stage }) => outcome(stage)],
  [/^the process is closed$/, ({ stage }) => close(stage)],
  [/^the process changes$/, ({ stage }, _, more) => change(stage, more)],
];

/** @throws Error that says what is not understood */
export async function besides(scene: Scene, what: string, more: readonly string[]): Promise<readonly string[]> {
  for (const [pattern, happens] of BESIDES) {
    const match = pattern.exec(what);
    if (!match) continue;
    const told = await happens(scene, match.slice(1), more);
    await scene.stage.settle();
    return told ?? more;
  }
  const known = BESIDES.map(([{ source }]) => source).join('\n  ');
  throw new Error(`nothing like this happens in a transcript: (${what}). What can:\n  ${known}`);
}

/** What was pressed, and what can be. */
function under(message: ChatMessage | undefined): string[] {
  if (!message) return ['no such message'];
  const pressed = message.text.match(/^✓ .*$/gm) ?? [];
  return [...pressed, ...message.buttons.map(({ label }) => label)].map((label) => `[${label}]`);
}

/** What the bot has said in the thread that a message with these words began, in one line each. */
function inThread(chat: readonly ChatMessage[], words: string): string[] {
  const first = chat.findLast(({ text, thread }) => thread === undefined && text.includes(words));
  const said = chat.filter(({ from, thread }) => from === 'bot' && thread === first?.messageId.toFixed(6));
  return said.map(({ text }) => text.split('\n')[0] ?? '');
}

async function passed(stage: Stage, ms: number): Promise<undefined> {
  await stage.pass(ms);
}

const countIn = (words: string): number => (COUNTS.includes(words) ? COUNTS.indexOf(words) : Number(words));

const msUntil = ({ clock }: Stage, moment: string): number =>
  DateTime.fromISO(moment, { zone: ZONE }).toMillis() - clock();

/** The last message to somebody answers these words of theirs. */
function expectBelow({ speakers }: Scene, who: string, words: string): undefined {
  const chat = speakers.find(({ name }) => name === who)?.chat ?? [];
  const last = chat.findLast(({ from }) => from === 'bot');
  const own = chat.findLast(({ from, text }) => from === 'user' && text.includes(words))?.messageId;
  if (own === undefined || (last?.replyTo !== own && last?.thread !== own.toFixed(6)))
    throw new Error(`the last message to ${who} stands below no "${words}"`);
}
