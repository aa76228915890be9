import type { ChannelName } from '../core/channel.ts';
import type { OutboundMessage } from '../core/message.ts';
import { render as renderSlack, slashing } from './slack/render.ts';
import { render as renderTelegram } from './telegram/render.ts';

/** A message as a platform will show it. */
export interface MessagePreview {
  /** One after the other; `blocks` where the platform stacks them. */
  messages: { text: string; characters: number; blocks: number | null }[];
  /** Below the last message, row by row. */
  buttons: string[][];
}

type SlackBlock = ReturnType<typeof renderSlack>[number]['blocks'][number];

/** What the platform's own renderer makes of a message; nothing is sent. @param commands what people can type, by name */
export function previewMessage(
  channel: ChannelName,
  message: OutboundMessage,
  commands: readonly string[] = [],
): MessagePreview {
  return channel === 'slack' ? onSlack(message, commands) : onTelegram(message);
}

function onTelegram(message: OutboundMessage): MessagePreview {
  const parts = renderTelegram(message);
  const messages = parts.map(({ text }) => ({ text, characters: text.length, blocks: null }));
  return { messages, buttons: parts.at(-1)?.keyboard.map((row) => row.map(({ text }) => text)) ?? [] };
}

function onSlack(message: OutboundMessage, commands: readonly string[]): MessagePreview {
  const parts = renderSlack(message, slashing(commands));
  const messages = parts.map(({ blocks }) => {
    const text = blocks.flatMap(wordsOf).join('\n\n');
    return { text, characters: text.length, blocks: blocks.length };
  });
  return { messages, buttons: parts.at(-1)?.blocks.flatMap(labelsOf) ?? [] };
}

function wordsOf(block: SlackBlock): string[] {
  if (block.type === 'section' || block.type === 'header') return [block.text?.text ?? ''];
  return block.type === 'context' ? block.elements.flatMap((each) => ('text' in each ? [each.text] : [])) : [];
}

/** Many choices are a list to open. */
function labelsOf(block: SlackBlock): string[][] {
  if (block.type !== 'actions') return [];
  return [
    block.elements.flatMap((element) => {
      if (element.type === 'button') return [element.text.text];
      return element.type === 'static_select' ? (element.options ?? []).map(({ text }) => text.text) : [];
    }),
  ];
}
