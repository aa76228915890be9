import { comparable, mentioned, type Phrases, phrasesOf } from './intents.ts';
import type { Faq } from './types.ts';

/** The entry that a question is about: that with most of its words in it, or asked in the same words; null: none. */
export function faqFor(faq: readonly Faq[], asked: string): Faq | null {
  const words = comparable(asked);
  const scores = faq.map((entry) => {
    const { question, known } = readyOf(entry);
    return question.has(words) ? Number.POSITIVE_INFINITY : mentioned(known, words);
  });
  const best = Math.max(0, ...scores);
  return best > 0 ? (faq[scores.indexOf(best)] ?? null) : null;
}

interface Ready {
  question: ReadonlySet<string>;
  known: Phrases;
}

/** A process is the same object from turn to turn. */
const made = new WeakMap<Faq, Ready>();

function readyOf(entry: Faq): Ready {
  const before = made.get(entry);
  if (before) return before;
  const inAll = (texts: Faq['words']) => (typeof texts === 'string' ? [texts] : Object.values(texts));
  const ready: Ready = {
    question: new Set(inAll(entry.question).map(comparable)),
    known: phrasesOf(inAll(entry.words).flatMap((list) => list.split(/[,،、，]/))),
  };
  made.set(entry, ready);
  return ready;
}
