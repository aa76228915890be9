import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import type { OutboundMessage } from '../../domain/message.ts';
import { shortened, split } from '../../domain/split.ts';
import { TELEGRAM_LIMITS } from './limits.ts';

export interface Part {
  text: string;
  entities: MessageEntity[];
  keyboard: InlineKeyboardButton[][];
}

/** Text with entities, never markup that would be parsed: whatever people wrote arrives as they wrote it. */
export function render(message: OutboundMessage): Part[] {
  const { text, entities } = joined(message);
  const pieces = split(text, TELEGRAM_LIMITS.text);
  const keyboard: InlineKeyboardButton[][] = [
    ...(message.choices ?? []).map((choice) => [
      { text: shortened(choice.label, TELEGRAM_LIMITS.buttonLabel), callback_data: choice.data },
    ]),
    ...(message.links ?? []).map((link) => [
      { text: shortened(link.label, TELEGRAM_LIMITS.buttonLabel), url: link.url },
    ]),
  ];
  return pieces.map((piece, index) => ({
    text: piece.text,
    entities: cut(entities, piece.from, piece.text.length),
    keyboard: index === pieces.length - 1 ? keyboard : [],
  }));
}

function joined(message: OutboundMessage): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  let text = '';
  for (const block of message.blocks) {
    if (block.text === '') continue;
    if (text !== '') text += '\n\n';
    if (block.kind === 'quote') entities.push({ type: 'blockquote', offset: text.length, length: block.text.length });
    if (block.kind === 'heading') entities.push({ type: 'bold', offset: text.length, length: block.text.length });
    text += block.text;
  }
  return { text, entities };
}

function cut(entities: MessageEntity[], from: number, length: number): MessageEntity[] {
  return entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, from + length);
    return end > start ? [{ ...entity, offset: start - from, length: end - start } as MessageEntity] : [];
  });
}
