import { ROLES, type Role } from '../../../src/people/member.ts';

/** One line of a transcript, with the lines that belong to it. */
export interface Entry {
  /** Whose it is: somebody's doing, the bot's message, or (in brackets) what happens besides. */
  kind: 'act' | 'bot' | 'besides';
  /** Of an act: who does it. Of a bot's message: to whom, where it is not whoever did something last. */
  who: string | null;
  /** The rest of the first line. */
  what: string;
  /** What stands below it, without the indent. */
  more: string[];
  line: number;
}

export interface TranscriptPerson {
  name: string;
  language: string;
  /** Has agreed before the transcript begins. */
  agreed: boolean;
  /** Of a member, who has agreed as well unless they are `not agreed`. */
  role: Role | null;
}

export interface Transcript {
  title: string;
  people: TranscriptPerson[];
  /** When it begins: local time of the process. */
  begins: string;
  /** Platforms that it is for. */
  on: readonly Platform[];
  entries: Entry[];
}

export const PLATFORMS = ['telegram', 'slack'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Ideas are collected, the meeting is in two days. */
const BEGINS = '2027-02-02T10:00';
const TITLES: Record<string, Platform> = { Telegram: 'telegram', Slack: 'slack' };

/**
 * A transcript as CONTRIBUTING.md tells how to write one, for one platform: what is only for the others is left out.
 * @throws Error that names the line that cannot be read
 */
export function readTranscript(text: string, platform: Platform): Transcript {
  const lines = text.split('\n');
  const title = lines.find((line) => line.startsWith('# '))?.slice(2);
  if (!title) throw new Error('A transcript begins with its title: "# Who agrees is asked at once".');
  const first = lines.findIndex((line) => line.startsWith('- '));
  const head = lines.slice(0, first).join('\n');
  const people = peopleIn(head);
  const names = people.map(({ name }) => name);
  return {
    title,
    people,
    begins: /^Begins: (\S+)$/m.exec(head)?.[1] ?? BEGINS,
    on: onIn(head),
    entries: gathered(lines, first).flatMap((entry) => {
      const read = onlyOn(entry, platform);
      return read === null ? [] : [entryOf(read, names)];
    }),
  };
}

interface Gathered {
  first: string;
  more: string[];
  line: number;
}

function gathered(lines: readonly string[], from: number): Gathered[] {
  const all: Gathered[] = [];
  for (const [index, text] of lines.entries()) {
    if (index < from) continue;
    if (text.startsWith('- ')) all.push({ first: text.slice(2), more: [], line: index + 1 });
    else if (text.trim() === '' || text.startsWith('  ')) all.at(-1)?.more.push(text.slice(2));
    else throw new Error(`Line ${index + 1}: begins neither with "- " nor with two spaces: ${text}`);
  }
  return all;
}

/** "On Slack, …" is only for Slack. */
function onlyOn(entry: Gathered, platform: Platform): Gathered | null {
  const only = /^On (Telegram|Slack), (.*)$/.exec(entry.first);
  if (!only) return entry;
  return TITLES[only[1] ?? ''] === platform ? { ...entry, first: only[2] ?? '' } : null;
}

function entryOf({ first, more, line }: Gathered, names: readonly string[]): Entry {
  const rest = { more: withoutEnd(more), line };
  const besides = /^\((.*)\)$/.exec(first);
  if (besides) return { kind: 'besides', who: null, what: besides[1] ?? '', ...rest };
  const bot = /^Bot(?: to ([^:]+))?:\s?(.*)$/.exec(first);
  if (bot) return { kind: 'bot', who: bot[1] ?? null, what: bot[2] ?? '', ...rest };
  const who = names.find((name) => first.startsWith(`${name} `) || first.startsWith(`${name}:`));
  if (!who) throw new Error(`Line ${line}: is neither "(…)" nor of the bot nor of ${names.join(', ')}: ${first}`);
  return { kind: 'act', who, what: first.slice(who.length), ...rest };
}

function withoutEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}

/** "People: María (es), 李 (zh-hans, agreed)" */
function peopleIn(head: string): TranscriptPerson[] {
  const given = /^People: (.*)$/m.exec(head)?.[1];
  if (!given) throw new Error('A transcript says who is in it: "People: María (es), Ann (en, agreed)".');
  return [...given.matchAll(PERSON)].map(([, name = '', language = '', what, unless]) => ({
    name: name.trim(),
    language,
    agreed: what !== undefined && unless === undefined,
    role: ROLES.find((role) => role === what) ?? null,
  }));
}

const PERSON = new RegExp(`([^,()]+) \\(([\\w-]+)(?:, (agreed|${ROLES.join('|')})(, not agreed)?)?\\)`, 'g');

function onIn(head: string): readonly Platform[] {
  const only = TITLES[/^Only on: (\w+)$/m.exec(head)?.[1] ?? ''];
  return only ? [only] : PLATFORMS;
}
