import {
  comparable,
  covers,
  type Intent,
  type Intents,
  leftOf,
  MOST_COVERED,
  mentions,
  type Phrases,
  phrasesOf,
} from './intents.ts';

/** One of the answers that a question offers: what it is called, and what else means it. */
export interface Option {
  intents: readonly Intent[];
  phrases: readonly string[];
}

/** Whether the whole of the words must be of an answer, as where somebody agrees to something; or most of them. */
export type Hearing = 'whole' | 'near';

/** What stands around an answer and changes nothing of it. */
const AROUND: readonly Intent[] = ['thanks', 'greeting', 'goodbye'];

/** Which of the answers that a question offers these words choose; null: none, or nobody knows which. */
export function choiceOf(intents: Intents, text: string, options: readonly Option[], how: Hearing): number | null {
  const words = comparable(text);
  if (words === '' || words.length > MOST_COVERED) return null;
  const around = [intents.filler, ...AROUND.map((each) => intents.of[each])];
  const chosen = options.map((option) => covers(phrasesFor(intents, option), around, words));
  const isSure = chosen.filter(Boolean).length === 1;
  if (isSure || how === 'whole') return isSure ? chosen.indexOf(true) : null;
  const near = options.map((option) => isNear(intents, option, words, around));
  return near.filter(Boolean).length === 1 ? near.indexOf(true) : null;
}

/** What a member says to something of theirs that they have been shown: it shall go, or shall not. */
const VERDICTS: readonly { verdict: 'yes' | 'no'; option: Option }[] = [
  { verdict: 'yes', option: { intents: ['agree', 'sends'], phrases: [] } },
  { verdict: 'no', option: { intents: ['decline', 'hold', 'not_so'], phrases: [] } },
];

/** Null: neither, or both. */
export function verdictIn(intents: Intents, text: string): 'yes' | 'no' | null {
  const options = VERDICTS.map(({ option }) => option);
  const index = choiceOf(intents, text, options, 'whole');
  return index === null ? null : (VERDICTS[index]?.verdict ?? null);
}

const phrasesFor = (intents: Intents, { intents: means, phrases }: Option) => [
  phrasesOf(phrases),
  ...means.map((each) => intents.of[each]),
];

/** A bare yes or no among other words may belong to any of them. */
const BARE: readonly Intent[] = ['agree', 'decline', 'thanks'];

/** "I tell you that I disagree": most of it is the answer, and the rest takes nothing back. */
function isNear(intents: Intents, option: Option, words: string, around: readonly Phrases[]): boolean {
  const named = phrasesFor(intents, { ...option, intents: option.intents.filter((each) => !BARE.includes(each)) });
  if (leftOf(named, words) === words) return false;
  const rest = leftOf([...named, ...around], words);
  return rest.length * 2 <= words.length && !mentions(intents, rest, 'decline', 'anywhere');
}
