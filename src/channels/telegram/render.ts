import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import type { OutboundFile, OutboundMessage } from '../../core/message.ts';
import { shortened, split } from '../../core/split.ts';
import { isUnseen } from '../../core/unseen.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { MOST_CAPTION, TELEGRAM_LIMITS } from './limits.ts';

/** One call: a text, or a file with its caption. */
export interface TelegramPart {
  text: string;
  entities: MessageEntity[];
  keyboard: InlineKeyboardButton[][];
  file?: OutboundFile;
}

/** From so many characters on a quotation is folded: some five lines of a phone. */
const FOLDED_FROM = 200;

/** Text with entities, never markup that would be parsed: whatever people wrote arrives as they wrote it. */
export function render(message: OutboundMessage): TelegramPart[] {
  const { text, entities } = joined(message);
  // Telegram refuses a message in which there is nothing to be seen: such a piece would end the message in the middle.
  const pieces = split(text, TELEGRAM_LIMITS.text).filter((piece) => !isUnseen(piece.text));
  const parts = pieces.map(
    (piece): TelegramPart => ({
      text: piece.text,
      entities: cut(entities, piece.from, piece.text.length),
      keyboard: [],
    }),
  );
  const { file } = message;
  const last = parts.at(-1);
  const captioned = file !== undefined && last !== undefined && last.text.length <= MOST_CAPTION;
  if (!last || (file && !captioned)) parts.push({ text: '', entities: [], keyboard: [], ...(file && { file }) });
  else if (file) last.file = file;
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, keyboard: keyboardOf(message) } : part));
}

/** A button is never without words: nobody would see it. */
export const buttonText = (label: string): string =>
  isUnseen(label) ? '…' : shortened(wellFormed(label), TELEGRAM_LIMITS.buttonLabel);

const keyboardOf = ({ choices = [], links = [] }: OutboundMessage): InlineKeyboardButton[][] => [
  ...choices.map((choice) => [{ text: buttonText(choice.label), callback_data: choice.data }]),
  ...links.map((link) => [{ text: buttonText(link.label), url: link.url }]),
];

function joined(message: OutboundMessage): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  let text = '';
  for (const block of message.blocks) {
    const said = wellFormed(block.text);
    if (said === '') continue;
    if (text !== '') text += '\n\n';
    const place = { offset: text.length, length: said.length };
    if (block.kind === 'quote')
      entities.push({ type: said.length > FOLDED_FROM ? 'expandable_blockquote' : 'blockquote', ...place });
    if (block.kind === 'heading') entities.push({ type: 'bold', ...place });
    text += said;
  }
  return { text, entities };
}

/** Offsets are in UTF-16 units on both sides. */
function cut(entities: MessageEntity[], from: number, length: number): MessageEntity[] {
  return entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, from + length);
    return end > start ? [{ ...entity, offset: start - from, length: end - start } as MessageEntity] : [];
  });
}
