import { commandLine } from '../../core/commandLine.ts';
import { didYouMean, didYouMeanWords, meant } from '../../core/didYouMean.ts';
import { REMINDERS } from '../../people/preferences.ts';
import { type Condition, DEEDS, type Deed, FACTS, joined, PROPERTIES, type Property } from './audience.ts';

/** The known values; what is left out is not checked. */
export interface Vocabulary {
  channels?: readonly string[];
  groups?: readonly string[];
  /** Of the process. */
  languages?: readonly string[];
  sources?: readonly string[];
  themes?: readonly string[];
  questions?: readonly string[];
  events?: readonly string[];
  notices?: readonly string[];
}

/** The known values, and where to report what is wrong. */
export interface TermReading {
  known: Vocabulary;
  /** Reports it and gives null in place of a condition. */
  complain(message: string): null;
}

const NAMES = [...PROPERTIES, ...DEEDS, ...FACTS, 'unseen_days'] as const;
export type Name = (typeof NAMES)[number];
export const isName = (word: string): word is Name => (NAMES as readonly string[]).includes(word);
export const isOneOf = <T extends string>(names: readonly T[], word: string): word is T =>
  (names as readonly string[]).includes(word);

export const REMEDY = 'Write everyone, or a condition such as language == "es" && !answered("trust").';
export const MOST_VALUES = 200;
const LONGEST_VALUE = 200;
const MOST_DAYS = 36_500;
const WRITABLE = /^[^\p{Cc}\p{Cs}]+$/u;

const KNOWN: Record<Property | Deed, (known: Vocabulary) => readonly string[] | undefined> = {
  language: ({ languages }) => languages,
  channel: ({ channels }) => channels,
  group: ({ groups }) => groups,
  place: () => undefined,
  source: ({ sources }) => sources,
  topic: ({ themes }) => themes && [...themes, REMINDERS],
  answered: ({ questions }) => questions,
  contributed: ({ themes }) => themes,
  attends: ({ events }) => events,
  replied: ({ events }) => events,
  received: ({ notices }) => notices,
};
const OF: Record<Deed, string> = {
  answered: 'question',
  contributed: 'theme',
  attends: 'event',
  replied: 'event',
  received: 'notice',
};

/** Any of these values; null, with a complaint about each wrong one. */
export function propertyOf(name: Property, values: string[], reading: TermReading): Condition | null {
  if (values.length === 0) return reading.complain(`${name} has no value. Name at least one.`);
  if (values.length > MOST_VALUES) return reading.complain(`${name} has more than ${MOST_VALUES} values. Name fewer.`);
  const right = values.filter((value) => isRight(name, name, value, reading));
  return right.length < values.length ? null : ({ [name]: [...new Set(values)] } as Condition);
}

/** Any of these questions, themes or events. */
export function deedOf(name: Deed, values: string[], reading: TermReading): Condition | null {
  if (values.length === 0 || values.length > MOST_VALUES)
    return reading.complain(`${name} needs ${nounOf(OF[name])}, such as ${name}("${exampleOf(name, reading)}").`);
  const right = values.filter((value) => isRight(name, OF[name], value, reading));
  return right.length < values.length
    ? null
    : joined(
        'any',
        [...new Set(values)].map((of) => ({ [name]: of }) as Condition),
      );
}

export function unseenFor(days: unknown, reading: TermReading): Condition | null {
  if (Number.isInteger(days) && Number(days) >= 0 && Number(days) <= MOST_DAYS) return { unseen_days: Number(days) };
  return reading.complain(`unseen_days is a whole number of days from 0 to ${MOST_DAYS}, such as unseen_days > 30.`);
}

/** Complains about a word that is not the name of a condition. */
export function unknownName(word: string, { complain }: TermReading): null {
  if (word === 'everyone') return complain('everyone stands alone, with nothing beside it.');
  const near = didYouMean(word, NAMES);
  return complain(
    `"${word}" is not something that is known about people. ${near ? didYouMeanWords(near) : `There are: ${NAMES.join(', ')}.`}`,
  );
}

const nounOf = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
export const exampleOf = (name: Deed, { known }: TermReading): string => KNOWN[name](known)?.[0] ?? OF[name];

function isRight(name: Property | Deed, noun: string, value: string, { known, complain }: TermReading): boolean {
  if (!WRITABLE.test(value) || value.trim() === '' || value.length > LONGEST_VALUE) {
    complain(`${name} has a value that is empty, too long or no plain text. Write what it is compared with.`);
    return false;
  }
  const values = KNOWN[name](known);
  if (values === undefined || values.some((one) => isSame(name, one, value))) return true;
  const remedy = name === 'received' ? `\`${commandLine('notices status')}\` lists them all.` : meant(value, values);
  complain(`there is no ${noun} "${value}". ${remedy}`);
  return false;
}

/** A language of the process matches all its regions, however the platform writes them. */
function isSame(name: Property | Deed, one: string, value: string): boolean {
  if (name !== 'language') return one === value;
  const base = (tag: string) => tag.toLowerCase().split('-')[0];
  return base(one) === base(value);
}
