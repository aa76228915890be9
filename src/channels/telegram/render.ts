import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import type { OutboundFile, OutboundMessage } from '../../domain/message.ts';
import { MOST_CAPTION, TELEGRAM_LIMITS } from './limits.ts';

/** One call: a text, or a document with its caption. */
export interface Part {
  text: string;
  entities: MessageEntity[];
  keyboard: InlineKeyboardButton[][];
  file?: OutboundFile;
}

/** Text with entities, never markup that would be parsed: whatever people wrote arrives as they wrote it. */
export function render(message: OutboundMessage): Part[] {
  const { text, entities } = joined(message);
  const parts = split(text, TELEGRAM_LIMITS.text).map(
    (piece): Part => ({ text: piece.text, entities: cut(entities, piece.from, piece.text.length), keyboard: [] }),
  );
  const { file } = message;
  const last = parts.at(-1);
  const captioned = file !== undefined && last !== undefined && last.text.length <= MOST_CAPTION;
  if (!last || (file && !captioned)) parts.push({ text: '', entities: [], keyboard: [], ...(file && { file }) });
  else if (file) last.file = file;
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, keyboard: keyboardOf(message) } : part));
}

const keyboardOf = ({ choices = [], links = [] }: OutboundMessage): InlineKeyboardButton[][] => [
  ...choices.map((choice) => [{ text: shortened(choice.label), callback_data: choice.data }]),
  ...links.map((link) => [{ text: shortened(link.label), url: link.url }]),
];

function joined(message: OutboundMessage): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  let text = '';
  for (const block of message.blocks) {
    if (block.text === '') continue;
    if (text !== '') text += '\n\n';
    const place = { offset: text.length, length: block.text.length };
    if (block.kind === 'quote') entities.push({ type: 'blockquote', ...place });
    if (block.kind === 'heading') entities.push({ type: 'bold', ...place });
    text += block.text;
  }
  // Telegram refuses the whole message for half a character; the replacement is as long as what it replaces.
  return { text: text.toWellFormed(), entities };
}

/** Offsets are in UTF-16 units on both sides. */
function cut(entities: MessageEntity[], from: number, length: number): MessageEntity[] {
  return entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, from + length);
    return end > start ? [{ ...entity, offset: start - from, length: end - start } as MessageEntity] : [];
  });
}

/**
 * Pieces of at most `most` UTF-16 units, cut after a paragraph, a line, a sentence or a word and only else inside one.
 * Blanks around a piece are left out, as Telegram would; a piece of blanks alone would be refused.
 */
export function split(text: string, most: number): { from: number; text: string }[] {
  const pieces: { from: number; text: string }[] = [];
  for (let from = 0; from < text.length; ) {
    const length = text.length - from <= most ? text.length - from : cutAt(text.slice(from, from + 2 * most), most);
    const piece = text.slice(from, from + length);
    const kept = piece.trim();
    if (kept !== '') pieces.push({ from: from + piece.indexOf(kept), text: kept });
    from += length;
  }
  return pieces;
}

const isBlank = (character = ''): boolean => /\s/.test(character);

/** In order of preference: whether a paragraph, a line, a sentence, a word ends at this character. */
const ENDS: ((text: string, at: number) => boolean)[] = [
  (text, at) => text[at] === '\n' && text[at - 1] === '\n',
  (text, at) => text[at] === '\n',
  (text, at) => '。！？'.includes(text[at] ?? '') || ('.!?…'.includes(text[at] ?? '') && isBlank(text[at + 1])),
  (text, at) => isBlank(text[at]) || isBlank(text[at + 1]),
];

/** Where to cut `window`, which is longer than a piece may be: most of the piece should be used. */
function cutAt(window: string, most: number): number {
  for (const ends of ENDS) {
    for (let at = most - 1; at > most / 2; at--) if (ends(window, at)) return at + 1;
  }
  const start = new Intl.Segmenter().segment(window).containing(most)?.index ?? most;
  // One character can be as long as somebody heaps accents on it: then only its halves are held together.
  return start > 0 ? start : isLowHalf(window[most]) ? most - 1 : most;
}

const isLowHalf = (unit = ''): boolean => unit >= '\uDC00' && unit <= '\uDFFF';

function shortened(label: string): string {
  const most = TELEGRAM_LIMITS.buttonLabel;
  if (label.length <= most) return label;
  const characters = [...new Intl.Segmenter().segment(label)].map((segment) => segment.segment);
  return characters.length <= most ? label : `${characters.slice(0, most - 1).join('')}…`;
}
