import { faqFor } from './faq.ts';
import { type Intent, intentOf, mentions } from './intents.ts';
import type { Run } from './run.ts';
import type { AnswerTo, Faq } from './types.ts';
import { hasWords } from './words.ts';

/** What somebody says who gives nothing for the record. */
export type Talk =
  /** A short answer, by its key in messages.yaml; null: none is due. */
  | { kind: 'small'; answer: string | null }
  /** They may want no more messages. */
  | { kind: 'leave' }
  | { kind: 'faq'; entry: Faq }
  /** The dates of the process answer it. */
  | { kind: 'dates' }
  /** Only a person can answer it. */
  | { kind: 'person' };

const COURTESIES = new Map<Intent, string | null>([
  ['thanks', 'talk_thanks'],
  ['greeting', 'talk_greeting'],
  ['goodbye', 'talk_goodbye'],
  ['laughter', null],
]);
/** To a focus question these are answers; nobody means them for an idea. */
const NODS = new Map<Intent, string | null>([
  ['agree', null],
  ['decline', null],
  ['none', null],
]);
const SMALL = new Map([...COURTESIES, ...NODS]);

/** What words are held against. */
export type Hearing = Pick<Run, 'registry' | 'world'>;

/** What is no idea but talk; null: it may be one. */
export const talkIn = (run: Hearing, said: string): Talk | null => smallTalk(run, said, SMALL) ?? questionIn(run, said);

/** What is talk even where words for the record are asked for: of questions only those count that we know an answer to. */
export function talkInAnswer(run: Hearing, said: string, to: AnswerTo): Talk | null {
  // Whoever asks a person is not answered by us.
  if (to === 'thread') return smallTalk(run, said, COURTESIES);
  const small = smallTalk(run, said, to === 'idea' ? SMALL : COURTESIES);
  if (small || wantsPerson(run, said)) return small ?? { kind: 'person' };
  const asked = questionIn(run, said);
  return asked?.kind === 'person' ? null : asked;
}

/** Whoever may want no more messages is asked, whatever they answer by it. */
export const leaveIn = (run: Hearing, said: string): Talk | null => smallTalk(run, said, new Map());

/** Fewer words may be a greeting, or a slip of the thumb beside a button. */
const LEAST_WORDS = 3;

/** Whether these are sentences, in any script: blanks tell nothing of Chinese or Thai. */
export const isSpeech = (said: string): boolean => hasWords(said, LEAST_WORDS);

/** Why words that nothing asked for may be no idea: they are a question, or too few to tell; null: they are one. */
export function unclearIn(run: Hearing, said: string): 'question' | 'words' | null {
  if (questionIn(run, said)) return 'question';
  return isSpeech(said) ? null : 'words';
}

/** What words say by themselves of an answer that somebody has been given. */
export type OfAnswer = 'disagrees' | 'misunderstood' | 'answered';
const OF_ANSWER = ['misunderstood', 'disagrees', 'answered'] as const;

/** What of an answer they speak of, and whether they say nothing besides; null: of none. */
export function ofAnswerIn(
  { registry: { intents } }: Hearing,
  said: string,
): { says: OfAnswer; alone: boolean } | null {
  const says = OF_ANSWER.find((intent) => mentions(intents, said, intent, 'anywhere'));
  return says === undefined ? null : { says, alone: intentOf(intents, said, [says]) !== null };
}

function smallTalk(run: Hearing, said: string, answers: ReadonlyMap<Intent, string | null>): Talk | null {
  const intent = intentOf(run.registry.intents, said, ['leave', ...answers.keys()]);
  if (intent === null) return null;
  return intent === 'leave' ? { kind: 'leave' } : { kind: 'small', answer: answers.get(intent) ?? null };
}

function questionIn(run: Hearing, said: string): Talk | null {
  if (wantsPerson(run, said)) return { kind: 'person' };
  if (!isQuestion(run, said)) return null;
  const entry = faqFor(run.world.process.faq ?? [], said);
  if (entry) return { kind: 'faq', entry };
  return asksForDates(run, said) ? { kind: 'dates' } : { kind: 'person' };
}

/** "When?" alone, or of something that the dates tell: "when will the street be repaired?" is no question about them. */
const asksForDates = ({ registry: { intents } }: Hearing, said: string): boolean =>
  mentions(intents, said, 'dates', 'anywhere') && (!isSpeech(said) || mentions(intents, said, 'process', 'anywhere'));

/** A question to us is short; who has more to say has an idea, whatever mark it ends with. */
const MOST_ASKED = 20;
const MARK = /[?？؟;]\s*$/u;

// Words are counted last: that takes longest, and most of what people say asks for nothing.
const isQuestion = ({ registry: { intents } }: Hearing, said: string): boolean =>
  !said.trim().includes('\n') &&
  (MARK.test(said) || /^\s*¿/.test(said) || mentions(intents, said, 'asking', 'beginning')) &&
  !hasWords(said, MOST_ASKED + 1);

const wantsPerson = ({ registry: { intents } }: Hearing, said: string): boolean =>
  mentions(intents, said, 'person', 'anywhere') && !hasWords(said, MOST_ASKED + 1);
