import { comparable, covers, type Intents, leftOf, mentions } from './intents.ts';
import { isSpeech } from './talk.ts';
import { hasWords } from './words.ts';

/** A yes to taking part, and what somebody says in the same breath. */
export interface AgreedAndMore {
  agreed: string;
  more: string;
}

const CLAUSES = /[^.,;:!…。！，、،؛\n]+/gu;
const ENDS_SENTENCE = /[.!…。！\n]/u;
/** Nobody says yes in more words. */
const MOST_BEFORE = 6;

/**
 * Null: it is no yes, or nothing besides. "Yes, my street is dark" may be no answer to what was asked: a bare yes counts before
 * an "and" or the end of a sentence alone, and none does before an "if" or a "but".
 */
export function agreedAndMore(intents: Intents, text: string): AgreedAndMore | null {
  for (const { index, 0: clause } of text.matchAll(CLAUSES)) {
    const words = comparable(clause);
    if (isCourteous(intents, words) || isYes(intents, words)) continue;
    const from = index + (jointIn(intents, clause) ?? 0);
    const agreed = text.slice(0, from).trim();
    if (!isYes(intents, comparable(agreed)) || !isApart(intents, agreed, text.slice(from))) return null;
    const more = withoutJoint(intents, text.slice(from).trim());
    return isSpeech(more) && !mentions(intents, more, 'limiting', 'beginning') ? { agreed, more } : null;
  }
  return null;
}

const aroundIn = ({ filler, of }: Intents) => [filler, of.thanks, of.greeting];
const isCourteous = (intents: Intents, words: string): boolean => leftOf(aroundIn(intents), words) === '';
const isYes = (intents: Intents, words: string): boolean => covers([intents.of.agree], aroundIn(intents), words);

/** Where "ok and my street" goes on with an "and"; null: nowhere. */
function jointIn(intents: Intents, clause: string): number | null {
  const blanks = [...clause.matchAll(/\s+/g)].slice(0, MOST_BEFORE);
  const joint = blanks.find(
    ({ index, 0: blank }) =>
      isYes(intents, comparable(clause.slice(0, index))) && joins(intents, clause.slice(index + blank.length)),
  );
  return joint?.index ?? null;
}

const joins = (intents: Intents, words: string): boolean => mentions(intents, words, 'joining', 'beginning');

const isApart = (intents: Intents, agreed: string, rest: string): boolean =>
  joins(intents, rest.trim()) || ENDS_SENTENCE.test(agreed.at(-1) ?? '') || hasWords(agreed, 2);

/** "And also" joins as "and" does. */
function withoutJoint(intents: Intents, more: string): string {
  const [, first = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(more) ?? [];
  const isJoint = first !== '' && covers([intents.of.joining], [intents.filler], comparable(first));
  return isJoint ? withoutJoint(intents, rest) : more;
}
