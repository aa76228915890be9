import type { KnownBlock } from '@slack/web-api';
import type { Block, OutboundMessage } from '../../domain/message.ts';
import { plainText } from '../../domain/message.ts';
import { shortened, split } from '../../domain/split.ts';
import { BUTTONS_A_BLOCK, MOST_BLOCKS, MOST_CHARACTERS, MOST_HEADER, SLACK_LIMITS } from './limits.ts';

export interface Part {
  /** For notifications and screen readers. */
  text: string;
  blocks: KnownBlock[];
}

/** docs.slack.dev/messaging/formatting-message-text: these three, and only these, make Slack act on a text. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Plain text wherever nothing has to be formatted; people's words are escaped in every other place. */
export function render(message: OutboundMessage): Part[] {
  const blocks = [...message.blocks.flatMap(blocksOf), ...buttonsOf(message)];
  const fallback = escaped(split(plainText(message) || message.choices?.[0]?.label || '…', 2000)[0]?.text ?? '');
  return grouped(blocks).map((group, index) => ({ text: index === 0 ? fallback : '…', blocks: group }));
}

export function blocksOf(block: Block): KnownBlock[] {
  if (block.text.trim() === '') return [];
  if (block.kind === 'quote')
    return pieces(block.text, quoted).map((text) => ({
      type: 'section',
      text: { type: 'mrkdwn', text, verbatim: true },
    }));
  if (block.kind === 'heading' && block.text.length <= MOST_HEADER)
    return [{ type: 'header', text: plain(block.text) }];
  return pieces(slashed(block.text), (text) => text).map((text) => ({ type: 'section', text: plain(text) }));
}

/** Slack has one command of ours: what flows call `/mine` is `/hearback mine` here. */
const slashed = (text: string): string =>
  text.replace(
    /(?<![\w/])\/(start|stop|help|back|cancel|language|mine|privacy|idea|timeline|comment)\b/g,
    '/hearback $1',
  );

export const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: false });

const quoted = (text: string): string =>
  escaped(text)
    .split(/\r\n|\r|\n/)
    .map((line) => `>${line}`)
    .join('\n');

/** Written pieces that each fit a section; escaping makes text longer, so a piece is halved until it fits. */
function pieces(text: string, write: (text: string) => string, most = SLACK_LIMITS.text): string[] {
  return split(text, most).flatMap((piece) => {
    const written = write(piece.text);
    return written.length <= SLACK_LIMITS.text ? [written] : pieces(piece.text, write, Math.floor(most / 2));
  });
}

function buttonsOf({ choices = [], links = [], file }: OutboundMessage): KnownBlock[] {
  const all = [...links, ...(file && 'url' in file ? [{ label: file.name, url: file.url }] : [])];
  const label = (text: string) => plain(shortened(text, SLACK_LIMITS.buttonLabel));
  const buttons = [
    ...choices.map((choice, index) => ({
      type: 'button' as const,
      action_id: `choice:${index}`,
      text: label(choice.label),
      value: choice.data,
    })),
    ...all.map((link, index) => ({
      type: 'button' as const,
      action_id: `link:${index}`,
      text: label(link.label),
      url: link.url,
    })),
  ];
  const rows = Math.ceil(buttons.length / BUTTONS_A_BLOCK);
  return Array.from({ length: rows }, (_, row) => ({
    type: 'actions',
    elements: buttons.slice(row * BUTTONS_A_BLOCK, (row + 1) * BUTTONS_A_BLOCK),
  }));
}

function grouped(blocks: KnownBlock[]): KnownBlock[][] {
  const groups: KnownBlock[][] = [];
  let characters = 0;
  for (const block of blocks) {
    const length = 'text' in block && typeof block.text === 'object' ? block.text.text.length : 0;
    const last = groups.at(-1);
    if (!last || last.length === MOST_BLOCKS || characters + length > MOST_CHARACTERS) {
      groups.push([block]);
      characters = length;
    } else {
      last.push(block);
      characters += length;
    }
  }
  return groups;
}
