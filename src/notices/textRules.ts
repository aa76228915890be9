import { isUnseen } from '../core/unseen.ts';

/** The longest text: three of Telegram's longest messages. */
const MOST_CHARACTERS = 10_000;
/** The longest label that both platforms show whole. */
const MOST_LABEL = 64;

const UNWRITABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|\ufffd/u;

/** Why a notice's text would not arrive as written, and the remedy; null when it will. */
export function textObjection(text: string): string | null {
  const broken = UNWRITABLE.exec(text);
  if (broken) {
    const line = text.slice(0, broken.index).split('\n').length;
    const code = (broken[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `line ${line} of it has an invalid character (U+${code}). Delete it, or copy the text again`;
  }
  if (isUnseen(text)) return 'has nothing in it that can be seen. Write a text';
  if (text.length > MOST_CHARACTERS)
    return `has ${text.length} characters, at most ${MOST_CHARACTERS} are sent. Shorten it, or link to the whole`;
  return null;
}

/** The same for the label of a button, which platforms cut where it is too long. */
export function labelObjection(label: string): string | null {
  if (label.length > MOST_LABEL)
    return `has ${label.length} characters, at most ${MOST_LABEL} fit on a button. Shorten it`;
  if (/[\r\n]/.test(label)) return 'has several lines, a button has one. Write it in one line';
  return textObjection(label);
}
