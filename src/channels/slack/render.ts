import type { ActionsBlock, Button, HomeView, KnownBlock, ModalView, PlainTextElement, StaticSelect } from '@slack/types';
import type { Block, OutboundMessage } from '../../domain/message.ts';
import {
  MOST_ACTIONS,
  MOST_BLOCKS,
  MOST_BLOCKS_IN_VIEW,
  MOST_BUTTONS_SHOWN,
  MOST_IN_CONTEXT,
  MOST_IN_HEADER,
  MOST_IN_LABEL,
  MOST_IN_SECTION,
  MOST_IN_TITLE,
  MOST_OPTIONS,
  SLACK_LIMITS,
} from './limits.ts';
import { clean, escaped, fitted, split } from './text.ts';

/** Names that come back in interactions; parse knows them. */
export const SHARE_IDEA = 'share_idea';
export const IDEA_FORM = 'idea';
export const LINK = 'link:';

export interface Part {
  /** What notifications and screen readers say. */
  text: string;
  blocks: KnownBlock[];
}

/**
 * A message as Block Kit. All text is plain_text and escaped, so that nothing people wrote is taken for a mention,
 * a link or formatting. A file with a URL becomes a button: Slack does not fetch files.
 */
export function render(message: OutboundMessage): Part[] {
  const body = message.blocks.flatMap(bodyOf);
  const { file } = message;
  const links = [...(message.links ?? []), ...(file && 'url' in file ? [{ label: file.name, url: file.url }] : [])];
  const actions = [...choiceBlocks(message.choices ?? []), ...linkBlocks(links)];
  const parts = packed(body, actions);
  if (parts.length === 0 && file && 'bytes' in file) return [];
  const labels = [...(message.choices ?? []), ...links].map((action) => action.label).join(' · ');
  return (parts.length > 0 ? parts : [[]]).map((blocks) => ({ text: fallback(blocks, labels), blocks }));
}

const literal = (text: string, most: number): PlainTextElement => ({ type: 'plain_text', text: fitted(text, most), emoji: false });
const whole = (piece: string): PlainTextElement => ({ type: 'plain_text', text: escaped(piece), emoji: false });

function bodyOf(block: Block): KnownBlock[] {
  const text = clean(block.text);
  if (text.trim() === '') return [];
  if (block.kind === 'heading' && escaped(text).length <= MOST_IN_HEADER) return [{ type: 'header', text: whole(text) }];
  if (block.kind === 'quote') return split(text, MOST_IN_CONTEXT).map((piece) => ({ type: 'context', elements: [whole(piece)] }));
  return split(text, MOST_IN_SECTION).map((piece) => ({ type: 'section', text: whole(piece), expand: true }));
}

function choiceBlocks(choices: { label: string; data: string }[]): ActionsBlock[] {
  if (choices.length === 0) return [];
  if (choices.length <= MOST_BUTTONS_SHOWN)
    return [{ type: 'actions', elements: choices.map(({ label, data }, index): Button => ({ ...button(label, `choice:${index}`), value: data })) }];
  return chunks(choices, MOST_OPTIONS).map((group, index): ActionsBlock => {
    const options = group.map(({ label, data }) => ({ text: literal(label, SLACK_LIMITS.buttonLabel), value: data }));
    const select: StaticSelect = { type: 'static_select', action_id: `choices:${index}`, placeholder: literal('…', 150), options };
    return { type: 'actions', elements: [select] };
  });
}

const linkBlocks = (links: { label: string; url: string }[]): ActionsBlock[] =>
  chunks(links, MOST_ACTIONS).map((group, block) => ({
    type: 'actions',
    elements: group.map(({ label, url }, index): Button => ({ ...button(label, `${LINK}${block * MOST_ACTIONS + index}`), url })),
  }));

const button = (label: string, action_id: string): Button => ({ type: 'button', action_id, text: literal(label, SLACK_LIMITS.buttonLabel) });

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** As few messages as hold the blocks; the actions stand together, at the end of the last. */
function packed(body: KnownBlock[], actions: KnownBlock[]): KnownBlock[][] {
  const parts: KnownBlock[][] = [];
  let room = 0;
  for (const group of [...body.map((block) => [block]), actions].filter((blocks) => blocks.length > 0)) {
    const last = parts.at(-1);
    const size = group.reduce((sum, block) => sum + wordsOf(block).length, 0);
    if (last && last.length + group.length <= MOST_BLOCKS && size <= room) {
      last.push(...group);
      room -= size;
    } else {
      parts.push([...group]);
      room = SLACK_LIMITS.text - size;
    }
  }
  return parts;
}

function wordsOf(block: KnownBlock): string {
  if (block.type === 'section' || block.type === 'header') return block.text?.text ?? '';
  if (block.type === 'context') return block.elements.map((element) => ('text' in element ? element.text : '')).join(' ');
  return '';
}

/** Escaped already, for it is made of escaped blocks; cut where no entity stands. */
function fallback(blocks: KnownBlock[], labels: string): string {
  const words = blocks.map(wordsOf).filter(Boolean).join('\n\n');
  if (words === '') return fitted(labels, MOST_IN_SECTION);
  return words.length <= MOST_IN_SECTION ? words : `${words.slice(0, MOST_IN_SECTION - 1).replace(/&[a-z]{0,3}$/, '').toWellFormed()}…`;
}

/** The App Home tab: the button to share an idea, then what the application shows. */
export function homeView(blocks: Block[], shareIdea: string): HomeView {
  const share: KnownBlock = { type: 'actions', elements: [{ ...button(shareIdea, SHARE_IDEA), style: 'primary' }] };
  return { type: 'home', blocks: [share, ...blocks.flatMap(bodyOf)].slice(0, MOST_BLOCKS_IN_VIEW) };
}

/** One question of the modal; `name` is the name of the idea flow's answer. */
export interface ModalField {
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
  multiline?: boolean;
  /** A list to pick from instead of a text. At most 100. */
  choices?: { label: string; value: string }[];
}

export interface IdeaModal {
  /** Cut at 24 characters, like the labels of the two buttons. */
  title: string;
  submit: string;
  close: string;
  fields: ModalField[];
}

export function ideaModal({ title, submit, close, fields }: IdeaModal): ModalView {
  return {
    type: 'modal',
    callback_id: IDEA_FORM,
    title: literal(title, MOST_IN_TITLE),
    submit: literal(submit, MOST_IN_TITLE),
    close: literal(close, MOST_IN_TITLE),
    blocks: fields.map((field) => ({
      type: 'input',
      block_id: field.name,
      optional: field.optional ?? false,
      label: literal(field.label, MOST_IN_LABEL),
      ...(field.hint && { hint: literal(field.hint, MOST_IN_LABEL) }),
      element: inputOf(field),
    })),
  };
}

function inputOf(field: ModalField) {
  if (!field.choices) return { type: 'plain_text_input' as const, action_id: 'value', multiline: field.multiline ?? false };
  const options = field.choices.slice(0, MOST_OPTIONS).map(({ label, value }) => ({ text: literal(label, SLACK_LIMITS.buttonLabel), value }));
  return { type: 'static_select' as const, action_id: 'value', placeholder: literal('…', 150), options };
}
