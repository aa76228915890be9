import { followedBy, type Part, type Words, wordsOf } from '../../contributions/parts.ts';
import type { Answer, Input, Session } from './types.ts';

/** The words of an answer, and which messages they came with. */
export function wordsIn({ answers, parts = [] }: Session, name: string): Words {
  const text = Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (typeof text !== 'string') return { text: '', parts: [] };
  return { text, parts: parts.filter(({ field }) => field === name).map(({ field: _, ...part }) => part) };
}

/** Puts these in the place of whatever the answer was. */
export function setWords(session: Session, name: string, { text, parts }: Words): void {
  session.answers[name] = text;
  session.parts = [...partsBeside(session, name), ...parts.map((part) => ({ ...part, field: name }))];
}

/** Puts them behind what is there. @param between left out: a paragraph each */
export const addWords = (session: Session, name: string, more: Words, between?: string): void =>
  setWords(session, name, followedBy(wordsIn(session, name), more, between));

/** Which message the words of another answer came with. */
export const partsBeside = ({ parts = [] }: Session, name: string) => parts.filter(({ field }) => field !== name);

/** Which message the words of one of these answers came with, that were said before anything asked for them. */
export const partsOfSaid = (answers: Session['answers'], messageId: string | null, name = 'said'): Part[] =>
  wordsOf(textIn(answers[name]), messageId).parts.map((part) => ({ ...part, field: name }));

const textIn = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : '');

export const messageIn = (input: Input): string | null => ('messageId' in input ? (input.messageId ?? null) : null);
