import { parse } from 'yaml';
import type { ChatMessage } from '../../../src/sandbox/chat.ts';
import type { Beside, Speaker } from './platforms.ts';

type Act = (speaker: Speaker, found: string[], text: string) => Promise<void>;

/** What people do in a transcript, by how it is written after their name. `text` is what follows the colon, on several lines. */
const ACTS: [RegExp, Act][] = [
  [/^:/, (speaker, _, text) => speaker.says(text)],
  [/^ presses \[(.+?)\] in the form$/, (speaker, [label = '']) => besideOf(speaker).pressForm(label)],
  [/^ presses \[(.+?)\](?: under "(.+)")?$/, (speaker, [label = '', under]) => press(speaker, label, under)],
  [/^ sends a voice message, (\d+):(\d\d)$/, (speaker, [min, sec]) => speaker.voice(Number(min) * 60 + Number(sec))],
  [/^ sends a photo(?=:|$)/, (speaker, _, text) => speaker.photos(1, text)],
  [/^ sends an album of (\d+) photos(?=:|$)/, (speaker, [many], text) => speaker.photos(Number(many), text)],
  [/^ sends a document (\S+?)(?=:|$)/, (speaker, [name = ''], text) => speaker.document(name, text)],
  [
    /^ replies to "(.+?)"(?=:)/,
    (speaker, [words = ''], text) =>
      speaker.replies(
        found(speaker, words, () => true),
        text,
      ),
  ],
  [
    /^ replies to "(.+?)" with a voice message, (\d+):(\d\d)$/,
    (speaker, [words = '', min, sec]) =>
      speaker.voice(
        Number(min) * 60 + Number(sec),
        found(speaker, words, () => true),
      ),
  ],
  [/^ edits "(.+?)"(?=:)/, (speaker, [words = ''], text) => speaker.edits(found(speaker, words, fromPerson), text)],
  [/^ opens Home$/, (speaker) => besideOf(speaker).openHome()],
  [/^ presses \[(.+?)\] on Home$/, (speaker, [label = '']) => besideOf(speaker).pressHome(label)],
  [/^ fills in the form(?=:|$)/, (speaker, _, text) => besideOf(speaker).fillIn(fieldsIn(text))],
  [/^ writes into the form(?=:|$)/, (speaker, _, text) => besideOf(speaker).writes(fieldsIn(text))],
  [/^ closes the form$/, (speaker) => besideOf(speaker).closes()],
  [/^ writes ([\d,]+) characters$/, (speaker, [count = '']) => speaker.says(charactersOf(count))],
  [/^ blocks the bot$/, (speaker) => speaker.blocks()],
  [/^ comes back$/, (speaker) => speaker.comesBack()],
];

/** @throws Error that says what cannot be done, or read */
export async function act(speaker: Speaker, what: string, more: readonly string[]): Promise<void> {
  for (const [pattern, does] of ACTS) {
    const match = pattern.exec(what);
    if (!match) continue;
    const first = what.slice(match[0].length).replace(/^: ?| /, '');
    return does(speaker, match.slice(1), [first, ...more].join('\n'));
  }
  throw new Error(`nobody can do this in a transcript: ${speaker.name}${what}`);
}

/** Words, so many characters of them. */
const charactersOf = (count: string): string => {
  const most = Number(count.replaceAll(',', ''));
  return 'Benches for all. '
    .repeat(most / 17 + 1)
    .slice(0, most - 1)
    .concat('!');
};

/** `idea: (20,001 characters)`, or what is written there. */
function fieldsIn(text: string): Record<string, string> {
  const fields = parse(text) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, given]) => {
      const count = /^\(([\d,]+) characters\)$/.exec(given)?.[1];
      return [name, count === undefined ? given : charactersOf(count)];
    }),
  );
}

function besideOf({ name, beside }: Speaker): Beside {
  if (!beside) throw new Error(`${name} has nothing beside the chat on this platform`);
  return beside;
}

const fromPerson = ({ from }: ChatMessage): boolean => from === 'user';

async function press(speaker: Speaker, label: string, words?: string): Promise<void> {
  const has = ({ had, buttons }: ChatMessage) => (had ?? buttons).some((button) => button.label === label);
  const under =
    words === undefined ? speaker.chat.findLast(has) : found(speaker, words, (message) => message.from === 'bot');
  if (under && has(under)) return speaker.presses(label, under);
  const last = speaker.chat.findLast(({ buttons }) => buttons.length > 0)?.buttons ?? [];
  throw new Error(`there is no button [${label}]; the latest are ${last.map((each) => `[${each.label}]`).join(' ')}`);
}

/** The latest message with these words. */
function found(speaker: Speaker, words: string, fits: (message: ChatMessage) => boolean): ChatMessage {
  const message = speaker.chat.findLast((each) => fits(each) && each.text.includes(words));
  if (!message) throw new Error(`there is no message with "${words}" in the chat of ${speaker.name}`);
  return message;
}
