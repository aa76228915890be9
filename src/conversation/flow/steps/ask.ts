import type { Attachment } from '../../../core/inbound.ts';
import type { Choice } from '../../../core/message.ts';
import { type Texts, textFor } from '../../../core/texts.ts';
import { isUnseen } from '../../../core/unseen.ts';
import { ticked } from '../../../core/usedButtons.ts';
import { REMINDERS } from '../../../people/preferences.ts';
import { evaluate, type KnownNow } from '../conditions.ts';
import { type Intent, listed } from '../intents.ts';
import type { Hearing, Option } from '../meant.ts';
import { plain } from '../plain.ts';
import type { Ask } from '../source/schema.ts';
import type { Answer, Open, World } from '../types.ts';
import { charactersIn } from '../words.ts';

export interface Pick {
  value: string;
  label: Texts;
  /** What means the same answer, however it is typed. */
  means?: readonly Intent[] | undefined;
  /** What people write besides, by language: phrases, a comma between them. */
  said?: Readonly<Record<string, string>> | undefined;
  next?: string | undefined;
  /** The flow that its button begins at any time, whatever is asked by then. */
  opens?: string | undefined;
  /** What its button carries that works at any time. */
  stands?: string | undefined;
}

/** What one reply to a question amounts to. */
export type AnswerReading =
  | { kind: 'answer'; value: Answer; next?: string | undefined }
  | { kind: 'skipped' }
  | { kind: 'page'; page: number }
  | { kind: 'picked'; picked: string[] }
  /** A key of the catalog, or the author's own message. */
  | { kind: 'wrong'; key: string; values?: Record<string, string | number> };

const PAGE = 8;
/** The whole of any text that a platform lets through in one message. */
export const MOST_TEXT = 20_000;

/** Given words and buttons of the engine, in the person's language. */
export type PhraseFor = (key: string, values?: Record<string, string | number>) => string;

export function picksOf(step: Ask, world: World, labels: (key: string) => Texts): Pick[] {
  switch (step.ask) {
    case 'choice':
    case 'choices':
    case 'place':
      return choicesIn(step.choices, world, labels);
    case 'yesno':
      return [
        { value: 'yes', label: labels('yes'), means: ['agree'] },
        { value: 'no', label: labels('no'), means: ['decline'] },
      ];
    case 'consent':
      return [
        { value: 'agree', label: labels('agree'), means: ['agree'] },
        { value: 'decline', label: labels('decline'), means: ['decline'] },
      ];
    case 'rating':
      return Array.from({ length: step.scale ?? 5 }, (_, index) => ({
        value: String(index + 1),
        label: String(index + 1),
      }));
    default:
      return [];
  }
}

function choicesIn(choices: Ask['choices'], { process }: World, labels: (key: string) => Texts): Pick[] {
  if (choices === 'themes') return process.themes;
  if (choices === 'places') return process.places ?? [];
  if (choices !== 'topics') return choices ?? [];
  const themes = process.themes.filter(({ value }) => value !== REMINDERS);
  return [...themes, { value: REMINDERS, label: labels('topic_reminders') }];
}

const OPENING = 'flow:';
export const opening = (flow: string): string => OPENING + flow;
/** The flow that a menu's button begins; null for any other. */
export const openedBy = (data: string): string | null => (data.startsWith(OPENING) ? data.slice(OPENING.length) : null);

/** The buttons of a question: `nonce:what`, short, and of no use to anybody else or at any other step. */
export function buttons(
  step: Ask,
  picks: Pick[],
  open: Open,
  language: string,
  order: string[],
  phrase: PhraseFor,
): Choice[] {
  const data = (what: string) => `${open.nonce}:${what}`;
  const paged = picks.length > PAGE + 1;
  const from = paged ? open.page * PAGE : 0;
  const shown = paged ? picks.slice(from, from + PAGE) : picks;
  const list = shown.map((pick, index): Choice => {
    const at = paged ? from + index : index;
    const label = textFor(pick.label, language, order);
    if (pick.opens !== undefined) return { label, data: opening(pick.opens) };
    if (pick.stands !== undefined) return { label, data: pick.stands };
    if (step.ask !== 'choices') return { label, data: data(`o${at}`) };
    // What a press does is said in the button: pressed twice by a nervous thumb, it still does it once.
    return open.picked.includes(pick.value)
      ? { label: ticked(label), data: data(`r${at}`) }
      : { label, data: data(`a${at}`) };
  });
  if (paged && from + PAGE < picks.length) list.push({ label: phrase('more'), data: data(`p${open.page + 1}`) });
  if (paged && open.page > 0) list.push({ label: phrase('previous'), data: data(`p${open.page - 1}`) });
  if (step.ask === 'choices') list.push({ label: phrase('done'), data: data('d') });
  if (step.skip) list.push({ label: phrase('skip'), data: data('s') });
  return list;
}

export function readButton(step: Ask, picks: Pick[], open: Open, what: string, known: KnownNow): AnswerReading | null {
  if (what === 's' && step.skip) return { kind: 'skipped' };
  if (what === 'd' && step.ask === 'choices') return donePicking(step, open.picked, known);
  if (!/^[opar]\d{1,4}$/.test(what)) return null;
  const index = Number(what.slice(1));
  if (what[0] === 'p') return index * PAGE < picks.length ? { kind: 'page', page: index } : null;
  const pick = picks[index];
  if (!pick || (what[0] === 'o') === (step.ask === 'choices')) return null;
  if (what[0] === 'o') return choose(step, pick, open, known);
  const others = open.picked.filter((value) => value !== pick.value);
  return { kind: 'picked', picked: what[0] === 'a' ? [...others, pick.value] : others };
}

function choose(step: Ask, pick: Pick, open: Open, known: KnownNow): AnswerReading {
  if (step.ask === 'choices') {
    const picked = open.picked.includes(pick.value)
      ? open.picked.filter((value) => value !== pick.value)
      : [...open.picked, pick.value];
    return { kind: 'picked', picked };
  }
  if (step.ask === 'yesno') return checked(step, pick.value === 'yes', known);
  if (step.ask === 'rating') return checked(step, Number(pick.value), known);
  return { kind: 'answer', value: pick.value, next: pick.next };
}

const donePicking = (step: Ask, picked: string[], known: KnownNow): AnswerReading =>
  picked.length === 0 && step.skip ? { kind: 'skipped' } : checked(step, picked, known);

/** How typed words are understood beside the labels of a question. */
export interface Understanding {
  /** Words for the buttons below a question, in every language, as `plain` makes them. */
  skip: readonly string[];
  done: readonly string[];
  /** Whether they can be what somebody is called. */
  isName: (words: string) => boolean;
  /** Which of these the whole of the words means. */
  intentOf: (words: string, among: readonly Intent[]) => Intent | null;
  /** Which of these options the words choose. */
  choiceOf: (words: string, options: readonly Option[], how: Hearing) => number | null;
}
const BY_LABELS: Understanding = {
  skip: [],
  done: [],
  isName: () => true,
  intentOf: () => null,
  choiceOf: () => null,
};

const PASSES: readonly Intent[] = ['none', 'decline'];

/** A typed reply: the number of an option, its label in any language, or the thing asked for. */
export function readText(
  step: Ask,
  picks: Pick[],
  open: Open,
  text: string,
  known: KnownNow,
  understood: Understanding = BY_LABELS,
): AnswerReading {
  const words = text.trim();
  if (step.skip && understood.skip.includes(plain(words))) return { kind: 'skipped' };
  if (step.ask === 'choices' && understood.done.includes(plain(words))) return donePicking(step, open.picked, known);
  if (isUnseen(words)) return { kind: 'wrong', key: 'wrong_empty' };
  const reading = picks.length > 0 ? readPick(step, picks, open, words, known, understood) : null;
  if (reading && reading.kind !== 'wrong') return reading;
  if (step.skip && understood.intentOf(words, PASSES)) return { kind: 'skipped' };
  if (reading) return reading;
  switch (step.ask) {
    case 'number':
      return readNumber(step, words, known);
    case 'date':
      return readDate(step, words, known);
    case 'media':
      return { kind: 'wrong', key: 'wrong_media' };
    default:
      // Whoever says it once more means it.
      if (step.check?.name && open.tries === 0 && !understood.isName(words))
        return { kind: 'wrong', key: 'wrong_name' };
      return checked(step, text, known);
  }
}

/** An answer given before the question was asked, by a form or the application: the value itself, or typed words. */
export function readGiven(step: Ask, picks: Pick[], open: Open, given: Answer, known: KnownNow): AnswerReading {
  if (typeof given !== 'string') return { kind: 'answer', value: given };
  const pick = picks.find((candidate) => candidate.value === given);
  const reading = pick ? choose(step, pick, open, known) : readText(step, picks, open, given, known);
  return reading.kind === 'picked' ? checked(step, reading.picked, known) : reading;
}

function readPick(
  step: Ask,
  picks: Pick[],
  open: Open,
  words: string,
  known: KnownNow,
  { choiceOf }: Understanding,
): AnswerReading {
  const found = findPick(picks, words) ?? meantPick(step, picks, words, choiceOf);
  if (found) return choose(step, found, open, known);
  const parts = step.ask === 'choices' ? words.split(/[,;\n]+/, picks.length + 1) : [];
  const several = parts.length > picks.length ? [] : parts.map((part) => findPick(picks, part));
  if (several.length > 1 && several.every((pick) => pick !== undefined))
    return checked(step, [...new Set(several.map((pick) => pick.value))], known);
  return { kind: 'wrong', key: 'wrong_choice', values: { count: picks.length } };
}

/** The option that these words name, by its label in any language or by its number. */
export function findPick(picks: Pick[], words: string): Pick | undefined {
  if (picks.length === 0) return undefined;
  const wanted = plain(words);
  if (wanted === '') return undefined;
  const exact = picks.find((pick) => labelsOf(pick.label).some((label) => plain(label) === wanted));
  return exact ?? (/^\d{1,4}$/.test(wanted) ? picks[Number(wanted) - 1] : undefined);
}

/** "Yes, I agree" is the button "I agree". Of many things to choose from nobody means one but by its name. */
function meantPick(
  { ask, choices }: Ask,
  picks: Pick[],
  words: string,
  choiceOf: Understanding['choiceOf'],
): Pick | undefined {
  if (ask === 'choices' || ask === 'place' || ask === 'rating' || typeof choices === 'string') return undefined;
  const options = picks.map(({ label, means = [], said = {} }) => ({
    intents: means,
    phrases: [...labelsOf(label), ...Object.values(said).flatMap(listed)],
  }));
  const index = choiceOf(words, options, ask === 'consent' ? 'whole' : 'near');
  return index === null ? undefined : picks[index];
}

const labelsOf = (label: Texts): string[] => (typeof label === 'string' ? [label] : Object.values(label));

/** `1,000` and `1.000` are a thousand in one country or another, and nowhere in a chat are they one. */
const GROUPED = /^[-+]?[1-9]\d{0,2}([.,]\d{3})+$/;

function readNumber(step: Ask, words: string, known: KnownNow): AnswerReading {
  const bare = words.replace(/[\s'’]/g, '');
  const digits = GROUPED.test(bare) ? bare.replace(/[.,]/g, '') : bare.replace(',', '.');
  const number = /^[-+]?\d{1,15}(\.\d{1,10})?$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(number) ? checked(step, number, known) : { kind: 'wrong', key: 'wrong_number' };
}

/** 2027-03-31, 31.3.2027, 31/03/2027: day before month, as everywhere but in one country. */
function readDate(step: Ask, words: string, known: KnownNow): AnswerReading {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  const local = /^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$/.exec(words);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : local ? [local[3], local[2], local[1]] : [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real =
    date.getUTCFullYear() === Number(year) &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day);
  return real ? checked(step, date.toISOString().slice(0, 10), known) : { kind: 'wrong', key: 'wrong_date' };
}

export function readMedia(step: Ask, attachment: Attachment): AnswerReading {
  if (step.ask !== 'media' && !step.media) return { kind: 'wrong', key: 'wrong_no_media' };
  const allowed = step.media ?? ['photo', 'voice', 'document'];
  return allowed.includes(attachment.kind)
    ? { kind: 'answer', value: attachment }
    : { kind: 'wrong', key: 'wrong_media' };
}

function checked(step: Ask, value: Answer, known: KnownNow): AnswerReading {
  if (typeof value === 'string' && value.length > MOST_TEXT)
    return { kind: 'wrong', key: 'wrong_too_long', values: { max: MOST_TEXT } };
  const { min, max, where } = step.check ?? {};
  const size = min === undefined && max === undefined ? 0 : measure(value);
  if (min !== undefined && before(size, min))
    return { kind: 'wrong', key: 'wrong_too_little', values: { min: String(min) } };
  if (max !== undefined && before(max, size))
    return { kind: 'wrong', key: 'wrong_too_much', values: { max: String(max) } };
  if (where !== undefined && evaluate(where, { ...known(), value }) !== true)
    return { kind: 'wrong', key: 'wrong_answer' };
  return { kind: 'answer', value };
}

/** Characters as people count them, picks, the number itself, or the ISO date. */
function measure(value: Answer): number | string {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? value : charactersIn(value.trim());
  return 0;
}

function before(left: number | string, right: number | string): boolean {
  if (typeof left === typeof right) return left < right;
  return typeof left === 'number' || typeof right === 'number' ? Number(left) < Number(right) : false;
}
