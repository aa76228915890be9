import { folded, remembered } from './plain.ts';

/** What people mean by words that are no answer of their own; the phrases are in `intents.yaml`. */
export const INTENTS = [
  'agree',
  'decline',
  'none',
  'joining',
  'limiting',
  'coming',
  'may_come',
  'not_coming',
  'beside_coming',
  'thanks',
  'greeting',
  'laughter',
  'goodbye',
  'leave',
  'answers',
  'unasked',
  'person',
  'hold',
  'sends',
  'not_so',
  'wishing',
  'erase',
  'fewer',
  'guide',
  'language',
  'speaking',
  'disagrees',
  'misunderstood',
  'answered',
  'understood',
  'waits',
  'asking',
  'dates',
  'process',
  'meeting',
  'waiting',
  'privacy',
  'introduction',
  'themselves',
] as const;
export type Intent = (typeof INTENTS)[number];

/** Of these a phrase may belong to one only: they are answers to the same questions. */
export const APART: readonly Intent[] = ['agree', 'decline', 'none', 'leave', 'answers', 'unasked'];

/** Phrases ready to be compared, by the code of their first character, the longest first. */
export type Phrases = ReadonlyMap<number, readonly string[]>;

export interface Intents {
  of: Readonly<Record<Intent, Phrases>>;
  /** Words without a meaning of their own, which may stand around any of them. */
  filler: Phrases;
  /** Fillers, and what surrounds a wish and says nothing of it. */
  courtesies: Phrases;
}

/** Longer messages say something of their own. */
export const MOST_COVERED = 120;

/** Which of these intents a whole message has, and nothing besides; null: none of them. */
export const intentOf = (intents: Intents, text: string, among: readonly Intent[]): Intent | null => {
  const words = comparable(text);
  if (words === '' || words.length > MOST_COVERED) return null;
  return among.find((intent) => covers([intents.of[intent]], [intents.filler], words)) ?? null;
};

/** Whether one of an intent's phrases stands anywhere in a text, or at its beginning. */
export function mentions(intents: Intents, text: string, intent: Intent, where: 'anywhere' | 'beginning'): boolean {
  const words = comparable(text);
  const phrases = intents.of[intent];
  return where === 'beginning' ? longest(phrases, words, 0) > 0 : mentioned(phrases, words) > 0;
}

/**
 * What stands behind the phrase of an intent, where a text begins with one, whatever courtesies come before and behind it;
 * null: it begins with something else.
 */
export function behind(intents: Intents, text: string, intent: Intent): string | null {
  const words = comparable(text);
  for (let at = 0; at < words.length; ) {
    const said = longest(intents.of[intent], words, at);
    if (said > 0) return words.slice(afterCourtesies(intents, words, at + said));
    const step = courtesyAt(intents, words, at);
    if (step === 0) return null;
    at += step;
  }
  return null;
}

/** Whether a text is made of courtesies and the phrases of these intents only. */
export function isNothingBut(intents: Intents, text: string, among: readonly Intent[]): boolean {
  const words = comparable(text);
  for (let at = 0, step = 0; at < words.length; at += step) {
    step = saidAt(intents, words, at, among);
    if (step === 0) return false;
  }
  return true;
}

function afterCourtesies(intents: Intents, words: string, from: number): number {
  let at = from;
  for (let step = -1; step !== 0 && at < words.length; at += step) step = courtesyAt(intents, words, at);
  return at;
}

/** How much of a text, at this place, is a courtesy, a blank, or a phrase of these intents. */
function saidAt(intents: Intents, words: string, at: number, among: readonly Intent[]): number {
  let most = courtesyAt(intents, words, at);
  for (const intent of among) most = Math.max(most, longest(intents.of[intent], words, at));
  return most;
}

/** How much of a text is a courtesy, or a blank, at this place. */
const courtesyAt = ({ courtesies }: Intents, words: string, at: number): number =>
  words[at] === ' ' ? 1 : longest(courtesies, words, at);

/** How many characters of a text are of one of these phrases, wherever they stand. @param words as `comparable` makes them */
export function mentioned(phrases: Phrases, words: string): number {
  let characters = 0;
  const next = UNSPACED.test(words) ? nextWord : nextBlank;
  for (let at = 0; at < words.length; at = next(words, at)) characters += longest(phrases, words, at);
  return characters;
}

/** What is left of a text without the phrases that stand in it. @param words as `comparable` makes them */
export function leftOf(phrases: readonly Phrases[], words: string): string {
  let rest = '';
  const next = UNSPACED.test(words) ? nextWord : nextBlank;
  for (let at = 0; at < words.length; ) {
    const said = longestOf(phrases, words, at);
    const end = said > 0 ? at + said : next(words, at);
    rest += said > 0 ? ' ' : words.slice(at, end);
    at = end + (said > 0 && words[end] === ' ' ? 1 : 0);
  }
  return rest.replace(/\s+/g, ' ').trim();
}

/** With which of these intents a text begins, whatever it is led in by, and what follows. @param words as `comparable` makes them */
export function afterFirst<Name extends Intent>(
  intents: Intents,
  words: string,
  among: readonly Name[],
  lead: readonly Phrases[],
): { name: Name; rest: string } | null {
  for (let at = 0; at < words.length; ) {
    const found = among
      .map((name) => ({ name, length: longest(intents.of[name], words, at) }))
      .reduce((one, other) => (other.length > one.length ? other : one));
    if (found.length > 0) return { name: found.name, rest: words.slice(at + found.length).trim() };
    const step = words[at] === ' ' ? 1 : longestOf(lead, words, at);
    if (step === 0) return null;
    at += step;
  }
  return null;
}

/** Words without accents, case, punctuation, and the colour of hands. */
export const comparable = remembered((text: string): string =>
  folded(text.replace(/\p{Emoji_Modifier}/gu, ''))
    .replace(/[.,;:!?¡¿"()«»“”„…。！？，、؟،؛]+/g, ' ')
    // How long somebody laughs, or holds a letter, changes nothing.
    .replace(/(\p{L})\1{2,}/gu, '$1')
    .replace(/(\p{L}\p{L})\1{2,}/gu, '$1$1')
    .replace(/(\d)\1{3,}/g, '$1$1$1')
    .replace(/\s+/g, ' ')
    .trim(),
);

/** @param lists phrases as they are written, by intent, and `filler` */
export function readIntents(lists: Readonly<Record<string, readonly string[]>>): Intents {
  const ready = (...names: string[]) => phrasesOf(names.flatMap((name) => lists[name] ?? []));
  return {
    of: Object.fromEntries(INTENTS.map((intent) => [intent, ready(intent)])) as Record<Intent, Phrases>,
    filler: ready('filler'),
    courtesies: ready('filler', 'wishing', 'greeting', 'thanks'),
  };
}

/** Phrases as they are written in a file, a comma between them. */
export const listed = (list: string): string[] => list.split(',').flatMap((phrase) => phrase.trim() || []);

/** Phrases as people write them, ready to be looked for. */
export function phrasesOf(written: readonly string[]): Phrases {
  const groups = new Map<number, string[]>();
  for (const phrase of new Set(written.map(comparable).filter(Boolean))) {
    const code = codeAt(phrase, 0);
    groups.set(code, [...(groups.get(code) ?? []), phrase]);
  }
  for (const group of groups.values()) group.sort((one, other) => other.length - one.length);
  return groups;
}

const codeAt = (text: string, at: number): number => text.codePointAt(at) ?? 0;

/** Whether a text is made of phrases and filler only, with at least one phrase. */
export function covers(phrases: readonly Phrases[], filler: readonly Phrases[], words: string): boolean {
  let found = false;
  for (let at = 0; at < words.length; ) {
    if (words[at] === ' ') at += 1;
    else {
      const said = longestOf(phrases, words, at);
      const step = said || longestOf(filler, words, at);
      if (step === 0) return false;
      found ||= said > 0;
      at += step;
    }
  }
  return found;
}

const longestOf = (lists: readonly Phrases[], words: string, at: number): number =>
  Math.max(0, ...lists.map((phrases) => longest(phrases, words, at)));

/** How much of a text the longest phrase takes that stands at this place; 0: none does. */
function longest(phrases: Phrases, words: string, at: number): number {
  const candidates = phrases.get(codeAt(words, at));
  const found = candidates?.find((phrase) => words.startsWith(phrase, at) && endsThere(words, at + phrase.length));
  return found?.length ?? 0;
}

/** Scripts that put no blank between words, and pictures. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}]/u;

function endsThere(words: string, end: number): boolean {
  const before = [...words.slice(Math.max(0, end - 2), end)].at(-1) ?? '';
  if (end >= words.length || words[end] === ' ' || words[end] === "'") return true;
  return UNSPACED.test(before) || UNSPACED.test(String.fromCodePoint(codeAt(words, end)));
}

function nextWord(words: string, at: number): number {
  const end = nextBlank(words, at);
  return UNSPACED.test(words.slice(at, end)) ? at + (codeAt(words, at) > 0xffff ? 2 : 1) : end;
}

/** Behind the next blank. */
function nextBlank(words: string, at: number): number {
  const next = words.indexOf(' ', at);
  return next < 0 ? words.length : next + 1;
}
