import type { Button, KnownBlock } from '@slack/web-api';
import type { Block, Choice, OutboundFile, OutboundMessage } from '../../core/message.ts';
import { fitted, split } from '../../core/split.ts';
import { isUnseen } from '../../core/unseen.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import {
  BUTTONS_A_BLOCK,
  MOST_ALT,
  MOST_BLOCKS,
  MOST_BUTTONS_SHOWN,
  MOST_CONTEXT,
  MOST_HEADER,
  MOST_OPTIONS,
  MOST_SECTION,
  SLACK_LIMITS,
} from './limits.ts';

export interface SlackPart {
  /** For notifications and screen readers; the only text of ours that Slack reads as markup, so it is escaped. */
  text: string;
  blocks: KnownBlock[];
}

const MOST_FALLBACK = 2000;
/** Longer quotations stand in a section: Slack folds that by itself, and never the small print of the others. */
const FOLDED_FROM = 400;

/** docs.slack.dev/messaging/formatting-message-text: these three, and only these, make Slack act on a text. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Our own words as Slack's people have to type them. */
export type Slashed = (text: string) => string;

/** Slack has one command of ours: what flows call `/mine` is `/hearback mine` here. */
export function slashing(commands: readonly string[]): Slashed {
  if (commands.length === 0) return (text) => text;
  const names = commands.map((name) => name.replace(/\W/g, '\\$&')).join('|');
  const typed = new RegExp(`(?<![\\w/])/(${names})(?![\\w-])`, 'g');
  return (text) => text.replace(typed, '/hearback $1');
}

/** Plain text everywhere: nothing people wrote is taken for a mention, a link or formatting, nor do their asterisks vanish. */
export function render(message: OutboundMessage, slashed: Slashed): SlackPart[] {
  const body = message.blocks.flatMap((block) => blocksOf(block, slashed));
  const labels = (message.choices ?? []).map((choice) => choice.label).join(' · ');
  const otherwise = labels || message.file?.name || '…';
  return grouped([...body, ...imagesOf(message)], actionsOf(message)).map((blocks) => {
    const words = blocks.map(wordsOf).filter(Boolean).join('\n\n');
    return { text: escaped(split(words || otherwise, MOST_FALLBACK)[0]?.text ?? ''), blocks };
  });
}

/** Slack fetches it and shows it below the words. */
function imagesOf({ file }: OutboundMessage): KnownBlock[] {
  const image_url = imageAt(file);
  if (!file || image_url === null) return [];
  return [{ type: 'image', image_url, alt_text: label(file.name, MOST_ALT).text }];
}

const imageAt = (file: OutboundFile | undefined): string | null =>
  file && 'url' in file && isImage(file) ? file.url : null;

export const isImage = ({ mime }: OutboundFile): boolean => mime.startsWith('image/');

export function blocksOf(block: Block, slashed: Slashed): KnownBlock[] {
  const said = wellFormed(block.text);
  if (isUnseen(said)) return [];
  if (block.kind === 'quote' && said.length <= FOLDED_FROM)
    return split(said, MOST_CONTEXT).map((piece) => ({ type: 'context', elements: [plain(piece.text)] }));
  const text =
    block.kind === 'quote' ? said : slashedAround(said, block.kind === 'text' ? (block.said ?? []) : [], slashed);
  if (block.kind === 'heading' && text.length <= MOST_HEADER) return [{ type: 'header', text: plain(text) }];
  return split(text, MOST_SECTION).map((piece) => ({ type: 'section', text: plain(piece.text) }));
}

/** What people said within our words stays as they said it. */
function slashedAround(text: string, [first, ...others]: readonly string[], slashed: Slashed): string {
  if (first === undefined) return slashed(text);
  const words = wellFormed(first);
  return text
    .split(words)
    .map((piece) => slashedAround(piece, others, slashed))
    .join(words);
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: false });

/** A label of at most `most` UTF-16 units, cut between characters; never empty, for Slack refuses empty texts. */
export const label = (text: string, most = SLACK_LIMITS.buttonLabel) =>
  plain(isUnseen(text) ? '…' : fitted(wellFormed(text).trim(), most));

export function actionsOf({ choices = [], links = [], file }: OutboundMessage): KnownBlock[] {
  const toFetch = file && 'url' in file && !isImage(file) ? [{ label: file.name, url: file.url }] : [];
  const all = [...links, ...toFetch];
  const toOpen = all.map((link, index): Button => ({ ...button(link.label, `link:${index}`), url: link.url }));
  if (choices.length > MOST_BUTTONS_SHOWN) return [...lists(choices), ...rows(toOpen)];
  const toPress = choices.map(
    (choice, index): Button => ({ ...button(choice.label, `choice:${index}`), value: choice.data }),
  );
  return rows([...toPress, ...toOpen]);
}

const button = (text: string, action_id: string): Button => ({ type: 'button', action_id, text: label(text) });

const rows = (buttons: Button[]): KnownBlock[] =>
  chunks(buttons, BUTTONS_A_BLOCK).map((elements) => ({ type: 'actions', elements }));

const lists = (choices: Choice[]): KnownBlock[] =>
  chunks(choices, MOST_OPTIONS).map((group, index) => {
    const options = group.map((choice) => ({ text: label(choice.label), value: choice.data }));
    const select = { type: 'static_select' as const, action_id: `choices:${index}`, placeholder: plain('…'), options };
    return { type: 'actions', elements: [select] };
  });

function chunks<T>(list: T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** As few messages as hold the blocks; the actions stand together, at the end of the last. */
function grouped(body: KnownBlock[], actions: KnownBlock[]): KnownBlock[][] {
  const groups: KnownBlock[][] = [];
  let room = 0;
  for (const blocks of [...body.map((block) => [block]), ...(actions.length > 0 ? [actions] : [])]) {
    const last = groups.at(-1);
    const length = blocks.reduce((sum, block) => sum + wordsOf(block).length + 2, 0);
    if (last && last.length + blocks.length <= MOST_BLOCKS && length <= room) {
      last.push(...blocks);
      room -= length;
    } else {
      groups.push([...blocks]);
      room = SLACK_LIMITS.text - length;
    }
  }
  return groups;
}

function wordsOf(block: KnownBlock): string {
  if (block.type === 'section' || block.type === 'header') return block.text?.text ?? '';
  if (block.type === 'context') return block.elements.map((each) => ('text' in each ? each.text : '')).join(' ');
  return '';
}
