import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import type { OutboundMessage } from '../../domain/message.ts';
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
    ...(message.choices ?? []).map((choice) => [{ text: shortened(choice.label), callback_data: choice.data }]),
    ...(message.links ?? []).map((link) => [{ text: shortened(link.label), url: link.url }]),
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

/** Pieces of at most `most` UTF-16 units that together are the whole text, cut after a paragraph, a sentence or a word. */
export function split(text: string, most: number): { from: number; text: string }[] {
  const pieces: { from: number; text: string }[] = [];
  let from = 0;
  while (text.length - from > most) {
    const length = cutAt(text.slice(from, from + most));
    pieces.push({ from, text: text.slice(from, from + length) });
    from += length;
  }
  const rest = text.slice(from);
  if (rest.trim() !== '' || pieces.length === 0) pieces.push({ from, text: rest });
  return pieces;
}

/** In order of preference: where a paragraph, a line, a sentence, a word ends. */
const ENDS: ((text: string, at: number) => boolean)[] = [
  (text, at) => text.startsWith('\n\n', at - 1),
  (text, at) => text[at] === '\n',
  (text, at) => '.!?。！？'.includes(text[at] ?? ''),
  (text, at) => /\s/.test(text[at] ?? ''),
];

function cutAt(window: string): number {
  for (const ends of ENDS) {
    for (let at = window.length - 1; at > window.length / 2; at--) if (ends(window, at)) return at + 1;
  }
  return [...new Intl.Segmenter().segment(window)].at(-1)?.index || window.length;
}

function shortened(label: string): string {
  const characters = [...new Intl.Segmenter().segment(label)].map((segment) => segment.segment);
  return characters.length <= TELEGRAM_LIMITS.buttonLabel ? label : `${characters.slice(0, TELEGRAM_LIMITS.buttonLabel - 1).join('')}…`;
}
