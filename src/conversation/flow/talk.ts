import { faqFor } from './faq.ts';
import { behind, type Intent, type Intents, intentOf, isNothingBut, mentions } from './intents.ts';
import type { Run } from './run.ts';
import type { AnswerTo, AskedBesides, Known } from './types.ts';
import { hasWords } from './words.ts';

/** What somebody says who gives nothing for the record. */
export type Talk =
  /** A short answer, by its key in messages.yaml; null: none is due. */
  | { kind: 'small'; answer: string | null }
  /** An answer to something: yes, no, the number of a button. */
  | { kind: 'nod' }
  /** They may want no more messages. */
  | { kind: 'leave' }
  /** Questions with an answer of ours; `left`: those beside them that have none. */
  | { kind: 'known'; answers: Known[]; left: string | null }
  /** Only a person can answer it. */
  | { kind: 'person' };

const COURTESIES = new Map<Intent, string | null>([
  ['thanks', 'talk_thanks'],
  ['greeting', 'talk_greeting'],
  ['goodbye', 'talk_goodbye'],
  ['laughter', null],
]);
/** To a focus question these are answers; nobody means them for an idea. */
const NODS: readonly Intent[] = ['agree', 'decline', 'none'];
const WITH_NODS: readonly Intent[] = ['understood', ...NODS];
const NUMBER = /^\s*\d{1,3}\s*[.)]?\s*$/;

/** What words are held against. */
export type Hearing = Pick<Run, 'registry' | 'world'>;

/** What is no idea but talk; null: it may be one. */
export const talkIn = (run: Hearing, said: string): Talk | null => smallTalk(run, said, true) ?? questionIn(run, said);

/** The same where nothing is asked: the number of a button answers something that is over. */
export const talkUnasked = (run: Hearing, said: string): Talk | null =>
  NUMBER.test(said) ? { kind: 'nod' } : talkIn(run, said);

/** What is talk even where words for the record are asked for: of questions only those count that we know an answer to. */
export function talkInAnswer(run: Hearing, said: string, to: AnswerTo): Talk | null {
  // Whoever asks a person is not answered by us.
  if (to === 'thread') return smallTalk(run, said, false);
  const small = smallTalk(run, said, to === 'idea');
  if (small || wantsPerson(run, said)) return small ?? { kind: 'person' };
  const asked = questionIn(run, said);
  return asked?.kind === 'person' ? null : asked;
}

/** What is said when somebody has been answered, and asked nothing back. */
export const talkAfterAnswer = (run: Hearing, said: string): Talk | null => smallTalk(run, said, true);

/** Whoever may want no more messages is asked, whatever they answer by it. */
export const leaveIn = ({ registry }: Hearing, said: string): Talk | null =>
  intentOf(registry.intents, said, ['leave']) === null ? null : { kind: 'leave' };

const NO_NAMES: readonly Intent[] = ['agree', 'decline', 'none', 'thanks', 'greeting', 'goodbye', 'laughter', 'leave'];

/** Whether these can be what somebody is called: no answer to something else, and no question. */
export const isName = ({ registry: { intents } }: Hearing, said: string): boolean =>
  intentOf(intents, said, NO_NAMES) === null && !MARK.test(said) && !mentions(intents, said, 'asking', 'anywhere');

/** Fewer words may be a greeting, or a slip of the thumb beside a button. */
const LEAST_WORDS = 3;

/** Whether these are sentences, in any script: blanks tell nothing of Chinese or Thai. */
export const isSpeech = (said: string): boolean => hasWords(said, LEAST_WORDS);

/** Why words that nothing asked for may be no idea: they are a question, or too few to tell; null: they are one. */
export function unclearIn(run: Hearing, said: string): 'question' | 'words' | null {
  if (questionIn(run, said)) return 'question';
  return isSpeech(said) && !isIntroduction(run, said) ? null : 'words';
}

/** Whoever has more words than that besides has begun to say what should change. */
const MOST_INTRODUCED = 6;

function isIntroduction({ registry: { intents } }: Hearing, said: string): boolean {
  const more = behind(intents, said, 'introduction');
  return more !== null && !hasWords(more, MOST_INTRODUCED + 1);
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

function smallTalk({ registry }: Hearing, said: string, withNods: boolean): Talk | null {
  const among: Intent[] = [...COURTESIES.keys(), ...(withNods ? WITH_NODS : [])];
  const { intents } = registry;
  const intent = intentOf(intents, said, ['leave', ...among]) ?? courtesyIn(intents, said, among);
  if (intent === null) return null;
  if (intent === 'leave') return { kind: 'leave' };
  return NODS.includes(intent) ? { kind: 'nod' } : { kind: 'small', answer: COURTESIES.get(intent) ?? null };
}

/** "Thank you, see you there", "ok, thanks": several of them, and nothing else. */
function courtesyIn(intents: Intents, said: string, among: readonly Intent[]): Intent | null {
  if (said.length > MOST_COURTEOUS || !isNothingBut(intents, said, ['goodbye', ...among])) return null;
  return among.find((intent) => mentions(intents, said, intent, 'anywhere')) ?? null;
}

const MOST_COURTEOUS = 120;

function questionIn(run: Hearing, said: string): Talk | null {
  if (wantsPerson(run, said)) return { kind: 'person' };
  if (askedBesides(run, said)) return null;
  if (asksForNewest(run, said)) return { kind: 'known', answers: [{ kind: 'shown', what: 'newest' }], left: null };
  if (!isQuestion(run, said)) return null;
  const asked = said.split(BETWEEN_QUESTIONS).map((one) => ({ one, known: knownFor(run, one) }));
  const answers = asked.flatMap(({ known }) => known ?? []);
  const left = asked.filter(({ known }) => known === null).map(({ one }) => one.trim());
  return answers.length > 0 ? { kind: 'known', answers, left: left.join(' ') || null } : { kind: 'person' };
}

/** "Open it on Sundays too, and when will you decide?": the question behind what is said first; null: there is none. */
export function askedBesides(run: Hearing, said: string): AskedBesides | null {
  const text = said.trim();
  if (!MARK.test(text)) return null;
  for (const cut of text.matchAll(BEFORE_QUESTION)) {
    const from = cut.index + cut[0].length;
    const asked = text.slice(from).trim();
    if (asksUs(run, asked) && isOfTheirOwn(run, text.slice(0, cut.index)))
      return { asked, known: knownFor(run, asked) };
  }
  return null;
}

/** Fewer words before a question say nothing of their own. */
const LEAST_OWN = 4;

/** Thanks, a question, or what somebody says of themselves only leads up to what they ask. */
function isOfTheirOwn({ registry: { intents } }: Hearing, before: string): boolean {
  const leadsUp = (['introduction', 'themselves'] as const).some((intent) => behind(intents, before, intent) !== null);
  return (
    hasWords(behind(intents, before, 'greeting') ?? before, LEAST_OWN) &&
    !leadsUp &&
    !/[?？؟]/u.test(before) &&
    !mentions(intents, before, 'thanks', 'beginning')
  );
}

/** Whether it ends as a question does. */
export const endsAsQuestion = (said: string): boolean => MARK.test(said);

/** Where a question can begin within what somebody says. */
const BEFORE_QUESTION = /[.!…。！，,;；:—–\n]|\s(?:and|but|also|y|e|pero|et|mais|aussi|und|aber)(?=\s)|(?=¿)/giu;

/** With the words of a question to us: what begins otherwise may be asked of nobody. */
function asksUs(run: Hearing, asked: string): boolean {
  const { intents } = run.registry;
  const words = asked.replace(/^¿\s*(?:y|e|pero)\s+/iu, '');
  const begins = (['asking', 'dates'] as const).some((intent) => mentions(intents, words, intent, 'beginning'));
  return begins && isOneQuestion(run, asked);
}

/** Behind the mark of each but the last. */
const BETWEEN_QUESTIONS = /(?<=[?？؟])(?=.*\p{L})/su;

function knownFor(run: Hearing, asked: string): Known | null {
  if (asksForNewest(run, asked)) return { kind: 'shown', what: 'newest' };
  const entry = faqFor(run.world.process.faq ?? [], asked);
  if (entry) return { kind: 'faq', entry };
  const { intents } = run.registry;
  if (mentions(intents, asked, 'privacy', 'anywhere')) return { kind: 'shown', what: 'privacy' };
  if (!asksForDates(run, asked)) return null;
  return { kind: 'shown', what: mentions(intents, asked, 'meeting', 'anywhere') ? 'meeting' : 'timeline' };
}

/** Whoever says more than this asks for something else. */
const MOST_BESIDE = 4;

function asksForNewest({ registry: { intents } }: Hearing, said: string): boolean {
  const more = behind(intents, said, 'waiting');
  return more !== null && !hasWords(more, MOST_BESIDE + 1);
}

/** "When?" alone, or of something that the dates tell: "when will the street be repaired?" is no question about them. */
const asksForDates = ({ registry: { intents } }: Hearing, said: string): boolean =>
  mentions(intents, said, 'dates', 'anywhere') && (!isSpeech(said) || mentions(intents, said, 'process', 'anywhere'));

/** A question to us is short; who has more to say has an idea, whatever mark it ends with. */
const MOST_ASKED = 20;
const MARK = /[?？؟;]\s*$/u;

/** Several of them, sent one after the other, are questions still. */
const MOST_LINES = 4;

export function isQuestion(run: Hearing, said: string): boolean {
  const lines = said.trim().split(/\n+/, MOST_LINES + 1);
  return lines.length <= MOST_LINES && lines.every((line) => isOneQuestion(run, line));
}

// Words are counted last: that takes longest, and most of what people say asks for nothing.
const isOneQuestion = ({ registry: { intents } }: Hearing, said: string): boolean =>
  (MARK.test(said) || /^\s*¿/.test(said) || mentions(intents, said, 'asking', 'beginning')) &&
  !hasWords(said, MOST_ASKED + 1);

const wantsPerson = (run: Hearing, said: string): boolean =>
  (mentions(run.registry.intents, said, 'person', 'anywhere') && !hasWords(said, MOST_ASKED + 1)) || waitsIn(run, said);

/** Nine digits or more, as people write a telephone number. */
const PHONE = /(?<!\d)\+?\d(?:[\s().-]?\d){8,14}(?!\d)/;

/** Whether somebody waits for a person, to be called or answered: such words, and a number to call, are for nobody else. */
const waitsIn = ({ registry: { intents } }: Hearing, said: string): boolean =>
  (mentions(intents, said, 'waits', 'anywhere') || PHONE.test(said)) && !hasWords(said, MOST_ASKED + 1);
