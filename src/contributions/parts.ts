import { isUnseen } from '../core/unseen.ts';

/** Which stretch of a contribution's words came with which message of its author: an edit of that message is a change of it. */
export interface Part {
  messageId: string;
  at: number;
  length: number;
  /** The field that holds it; left out: the text. */
  field?: string;
}

export interface Words {
  text: string;
  parts: Part[];
}

export const NO_WORDS: Words = { text: '', parts: [] };
const BETWEEN = '\n\n';

/** What one message says; nobody can edit what came by another way. */
export const wordsOf = (text: string, messageId: string | null): Words => ({
  text,
  parts: messageId === null ? [] : [{ messageId, at: 0, length: text.length }],
});

/** Both, one after the other. @param between left out: a paragraph each */
export function followedBy(before: Words, more: Words, between = BETWEEN): Words {
  if (more.text === '') return before;
  if (before.text === '') return { text: more.text, parts: [...before.parts, ...more.parts] };
  const from = before.text.length + between.length;
  const moved = more.parts.map((part) => (part.field === undefined ? { ...part, at: part.at + from } : part));
  return { text: before.text + between + more.text, parts: [...before.parts, ...moved] };
}

/** The words with those of this message as they are now; null where the message holds none of them, or says what it said. */
export function reworded({ text, parts }: Words, messageId: string, now: string): Words | null {
  const part = parts.find((each) => each.messageId === messageId && each.field === undefined);
  if (!part || part.at + part.length > text.length) return null;
  const before = text.slice(part.at, part.at + part.length);
  if (before.trim() === now.trim()) return null;
  return isUnseen(now) ? without({ text, parts }, part) : replaced({ text, parts }, part, now);
}

function replaced({ text, parts }: Words, part: Part, now: string): Words {
  const longer = now.length - part.length;
  return {
    text: text.slice(0, part.at) + now + text.slice(part.at + part.length),
    parts: parts.map((each) => {
      if (each === part) return { ...part, length: now.length };
      return each.field === undefined && each.at > part.at ? { ...each, at: each.at + longer } : each;
    }),
  };
}

/** Taken out, with the blank lines that set it off. */
function without({ text, parts }: Words, part: Part): Words {
  const others = parts.filter((each) => each !== part);
  const end = part.at + part.length;
  const from = part.at > 0 && text.slice(0, part.at).endsWith(BETWEEN) ? part.at - BETWEEN.length : part.at;
  const to = from === part.at && text.startsWith(BETWEEN, end) ? end + BETWEEN.length : end;
  return {
    text: text.slice(0, from) + text.slice(to),
    parts: others.map((each) =>
      each.field === undefined && each.at > part.at ? { ...each, at: each.at - (to - from) } : each,
    ),
  };
}

/** The field whose words came with this message; null: none. */
export const fieldOf = (parts: readonly Part[], messageId: string): string | null =>
  parts.find((part) => part.messageId === messageId && part.field !== undefined)?.field ?? null;
