import { type ChatMessage, saysTheSame } from '../../../src/sandbox/chat.ts';
import type { Speaker } from './platforms.ts';
import type { Entry } from './read.ts';

/** A conversation as it goes: what was done, as the transcript has it, and what was seen of the bot. */
export interface Log {
  /** What somebody does, or what happens besides; what it tells stands below it. */
  did(entry: Entry, told?: readonly string[]): void;
  /** Writes down what the bot has said since; gives how much that was. */
  look(): number;
  /** As it is written in a transcript. */
  lines(): string[][];
  /** How many taps and words of people, and messages of the bot, led to the first receipt. */
  toReceipt(): string;
  /** As it is written there: references in their order. */
  plain(text: string): string;
  /** The other way round. */
  meant(text: string): string;
}

type Kind = 'tap' | 'words' | 'bot' | 'besides';
interface Logged {
  kind: Kind;
  lines: string[];
}

const REFERENCE = /HB-[A-Z0-9]{7}/g;

export function createLog(speakers: readonly Speaker[]): Log {
  const logged: Logged[] = [];
  const references: string[] = [];
  const known = new Map<ChatMessage, { shown: string; text: string }>();
  let active: Speaker | undefined = speakers[0];

  function plain(text: string): string {
    return text.replace(REFERENCE, (reference) => {
      if (!references.includes(reference)) references.push(reference);
      return `HB-${references.indexOf(reference) + 1}`;
    });
  }

  function saw(speaker: Speaker, verb: string, message: string): void {
    const to = speaker === active ? '' : ` to ${speaker.name}`;
    const [first = '', ...more] = plain(message).split('\n');
    logged.push({ kind: 'bot', lines: [`Bot${verb}${to}: ${first}`, ...more] });
  }

  return {
    plain,
    meant: (text) => text.replace(/HB-(\d+)\b/g, (written, at) => references[Number(at) - 1] ?? written),
    did(entry, told = entry.more) {
      active = speakers.find(({ name }) => name === entry.who) ?? active;
      const first = entry.kind === 'act' ? `${entry.who}${entry.what}` : `(${entry.what})`;
      const kind = entry.kind === 'besides' ? 'besides' : entry.what.startsWith(' presses') ? 'tap' : 'words';
      logged.push({ kind, lines: [first, ...told.map(plain)] });
    },
    look() {
      const before = logged.length;
      for (const speaker of speakers)
        for (const message of speaker.chat) {
          if (message.from !== 'bot') continue;
          const [was, is] = [known.get(message), shownIn(message)];
          // Which of its buttons were pressed can be looked at: it is no message.
          if (was && (was.shown === is || saysTheSame(was.text, message.text))) continue;
          for (const part of is.split(APART)) saw(speaker, was === undefined ? '' : ' changes this', part);
          known.set(message, { shown: is, text: message.text });
        }
      return logged.length - before;
    },
    lines: () => logged.map(({ lines }) => lines),
    toReceipt() {
      const until = logged.findIndex(({ kind, lines }) => kind === 'bot' && lines.some((line) => /HB-\d/.test(line)));
      const before = logged.slice(0, Math.max(0, until));
      const of = (kind: Kind) => before.filter((one) => one.kind === kind).length;
      const messages = of('bot');
      return until < 0
        ? 'to the receipt: there is none'
        : `to the receipt: ${counted(of('tap'), 'tap')}, ${counted(of('words'), 'message')}, ${counted(messages, 'message')} of the bot`;
    },
  };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What the person sees of it: words, file, buttons. Commands are spelled the short way, as in our texts. */
function shownIn({ text, buttons, file, photo }: ChatMessage): string {
  const words = text.replace(/\/hearback (\w+)/g, '/$1');
  const labels = buttons.map(({ label, url }) => `[${label}${url === null ? '' : ' ↗'}]`).join(' ');
  const picture = file !== undefined && photo ? `(picture: ${file})` : '';
  const message = [words, picture, labels].filter(Boolean).join('\n');
  return [message, file !== undefined && !photo ? `(file: ${file})` : ''].filter(Boolean).join(APART);
}

/** A file comes with the words on one platform and after them on another: it stands for itself. */
const APART = '\u0000';
