import { ANSWERS, type EventAnswer } from '../../process/events/attendance.ts';
import { afterFirst, comparable, type Intent, type Intents, leftOf, MOST_COVERED, mentions } from './intents.ts';
import { choiceOf, type Option } from './meant.ts';
import { hasWords } from './words.ts';

/** What somebody says of coming to a meeting. */
export interface Coming {
  /** Null: yes as well as no. */
  answer: EventAnswer | null;
  /** They speak of nothing else; otherwise it may belong to another thing. */
  isPlain: boolean;
  /** What they say besides, which may be an idea; null: nothing. */
  besides: string | null;
}

const OF_COMING: Record<EventAnswer, readonly Intent[]> = {
  yes: ['coming', 'agree'],
  maybe: ['may_come'],
  no: ['not_coming', 'decline'],
};
const OPTIONS = ANSWERS.map((answer): Option => ({ intents: OF_COMING[answer], phrases: [] }));
const NAMED = { coming: 'yes', may_come: 'maybe', not_coming: 'no' } as const;
const NAMES = Object.keys(NAMED) as (keyof typeof NAMED)[];
/** Who has more to say has an idea. */
const MOST_SAID = 15;
const LEADS: readonly Intent[] = ['agree', 'decline', 'thanks', 'greeting'];

const SENTENCES = /[^.!…。！\n]+[.!…。！\n]*/gu;
/** Fewer words are no idea. */
const LEAST_BESIDE = 4;

/** Null: these words say nothing of it. Why somebody does not come is no idea. */
export function comingIn(intents: Intents, text: string): Coming | null {
  const sentences = text.match(SENTENCES) ?? [];
  for (let count = 1; count < sentences.length; count++) {
    const coming = comingOf(intents, sentences.slice(0, count).join(''));
    const besides = sentences.slice(count).join('').trim();
    if (coming && coming.answer !== 'no' && isBesides(intents, besides)) return { ...coming, besides };
  }
  return comingOf(intents, text);
}

const isBesides = (intents: Intents, words: string): boolean =>
  hasWords(words, LEAST_BESIDE) &&
  !NAMES.some((name) => mentions(intents, words, name, 'anywhere')) &&
  !['beside_coming' as const, 'thanks' as const].some((name) => mentions(intents, words, name, 'beginning'));

function comingOf(intents: Intents, text: string): Coming | null {
  const words = comparable(text);
  if (words === '' || words.length > MOST_COVERED) return null;
  const index = choiceOf(intents, text, OPTIONS, 'whole');
  const found = namedIn(intents, text);
  // Words are counted last: that takes longest, and few speak of it.
  const named = found !== null && hasWords(text, MOST_SAID + 1) ? null : found;
  if (index === null && named === null) return null;
  if (saysBoth(intents, words)) return { answer: null, isPlain: false, besides: null };
  if (index !== null) return { answer: ANSWERS[index] ?? null, isPlain: named !== null, besides: null };
  return named && { answer: NAMED[named], isPlain: false, besides: null };
}

const BETWEEN_CLAUSES = /[.,;:!?…。！？，、؟،؛\n]+/u;

/** "I'm coming, with my wife" names it, and "I'm coming from a village without water" names something else. */
function namedIn(intents: Intents, text: string): (typeof NAMES)[number] | null {
  const lead = [intents.filler, ...LEADS.map((each) => intents.of[each])];
  for (const clause of text.split(BETWEEN_CLAUSES)) {
    const words = comparable(clause);
    const found = afterFirst(intents, words, NAMES, lead);
    if (found) return isOfComing(intents, leftOf([intents.filler], found.rest)) ? found.name : null;
    if (leftOf(lead, words) !== '') return null;
  }
  return null;
}

const isOfComing = (intents: Intents, rest: string): boolean =>
  rest === '' || mentions(intents, rest, 'beside_coming', 'beginning');

const saysBoth = (intents: Intents, words: string): boolean => {
  const rest = leftOf([intents.of.not_coming], words);
  return rest !== words && mentions(intents, rest, 'coming', 'anywhere');
};
