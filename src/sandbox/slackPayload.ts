import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChatMessage } from './chat.ts';
import { bodyOf } from './http.ts';

export type SlackPayload = Record<string, unknown>;
export type SlackAnswer = SlackPayload & { ok: boolean; error?: string; retryAfter?: number };

interface SentText {
  type: string;
  text: string;
}

interface SentElement {
  type: string;
  text?: SentText | string;
  action_id?: string;
  value?: string;
  style?: string;
  url?: string;
  options?: { text: SentText; value: string }[];
}

interface SentInput {
  type: string;
  max_length?: number;
  initial_value?: string;
  initial_option?: { value: string };
  options?: { text: SentText; value: string }[];
}

export interface SentBlock {
  type: string;
  block_id?: string;
  text?: SentText;
  image_url?: string;
  alt_text?: string;
  label?: SentText;
  hint?: SentText;
  optional?: boolean;
  dispatch_action?: boolean;
  element?: SentInput;
  elements?: SentElement[];
}

export interface SentView {
  type: string;
  callback_id?: string;
  private_metadata?: string;
  title?: SentText;
  submit?: SentText;
  close?: SentText;
  blocks: SentBlock[];
}

/** A modal in one of its states. */
export type OpenView = SentView & { id: string; hash: string };

const MOST_BLOCKS = 50;

export const blocksIn = (blocks: unknown): SentBlock[] =>
  typeof blocks === 'string' ? (JSON.parse(blocks) as SentBlock[]) : [];

export const viewIn = (view: unknown): SentView => JSON.parse(String(view)) as SentView;

/** Slack's own checks, as far as messages of ours can fail them. */
export const areSound = (blocks: SentBlock[]): boolean => blocks.length <= MOST_BLOCKS && blocks.every(isSound);

function isSound({ type, text, image_url = '', alt_text = '', elements = [] }: SentBlock): boolean {
  if (type === 'image' && (!/^https?:/.test(image_url) || alt_text === '' || alt_text.length > 2000)) return false;
  const most = type === 'header' ? 150 : 3000;
  if (text && (text.text.length > most || text.text === '')) return false;
  if (elements.length > (type === 'context' ? 10 : 25)) return false;
  return elements.every((element) => {
    const label = typeof element.text === 'object' ? element.text.text : (element.text ?? '…');
    return type === 'context' || (label.length <= 75 && label !== '' && (element.options?.length ?? 1) <= 100);
  });
}

/** The same for the Home tab and modals. */
export function isSoundView({ type, title, submit, close, blocks }: SentView): boolean {
  const inputs = blocks.flatMap(({ element }) => (element ? [element] : []));
  const titles = [title, submit, close].every(
    (text) => text === undefined || (text.text.length <= 24 && text.text !== ''),
  );
  if (type === 'modal' && (!title || (inputs.length > 0 && !submit))) return false;
  return titles && blocks.length <= 100 && blocks.every(isSound) && blocks.every(isSoundQuestion);
}

function isSoundQuestion({ type, label, hint, element }: SentBlock): boolean {
  if (type !== 'input') return true;
  if (!label || !element || label.text === '' || label.text.length > 2000 || (hint?.text.length ?? 0) > 2000)
    return false;
  const { options, max_length = 3000, initial_value = '' } = element;
  if (!options) return element.type === 'plain_text_input' && max_length <= 3000 && initial_value.length <= max_length;
  const most = element.type === 'radio_buttons' ? 10 : 100;
  const fit = options.every(({ text, value }) => text.text !== '' && text.text.length <= 75 && value.length <= 150);
  return fit && options.length > 0 && options.length <= most;
}

/** What somebody types, as Slack passes it on. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As the person reads it: mentions and links that would act stand out as ⟦…⟧. */
export function shown(blocks: SentBlock[]): string {
  const texts = blocks.flatMap(({ type, text, elements = [] }): SentText[] => {
    if (type === 'context') return elements.map((element) => ({ type: element.type, text: String(element.text) }));
    return text ? [text] : [];
  });
  return texts.map(({ type, text }) => (type === 'mrkdwn' ? read(text) : text)).join('\n\n');
}

/** What stands for the picture that is shown; null for none. */
export const imageIn = (blocks: SentBlock[]): string | null =>
  blocks.find(({ type }) => type === 'image')?.alt_text ?? null;

/** A Home tab or modal from top to bottom, as the person reads it. */
export function shownView({ title, submit, close, blocks }: SentView): string {
  const ends = [submit, close].flatMap((text) => (text ? [`[ ${text.text} ]`] : []));
  return [...(title ? [`« ${title.text} »`] : []), ...blocks.map(shownBlock), ends.join(' ')]
    .filter(Boolean)
    .join('\n');
}

function shownBlock(block: SentBlock): string {
  const { type, text, label, hint, element, optional } = block;
  if (type === 'divider') return '────';
  if (type === 'header') return `# ${text?.text}`;
  if (type === 'actions')
    return buttonsIn([block])
      .map((button) => `[ ${button.label} ]`)
      .join(' ');
  if (type !== 'input') return type === 'context' ? `▏ ${shown([block])}` : shown([block]);
  const options = element?.options?.map(
    ({ text, value }) => `(${value === element.initial_option?.value ? '•' : ' '}) ${text.text}`,
  ) ?? [element?.initial_value ?? '________'];
  return [`${label?.text}${optional ? ' (optional)' : ''}`, ...options, hint?.text].filter(Boolean).join('\n');
}

const read = (mrkdwn: string): string =>
  mrkdwn
    .replace(/^>/gm, '')
    .replace(/<([^>]*)>/g, '⟦$1⟧')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

export function buttonsIn(blocks: SentBlock[]): ChatMessage['buttons'] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? (block.elements ?? []) : []));
  return elements.flatMap(({ text, value, url, options }) => {
    if (options) return options.map((option) => ({ label: option.text.text, data: option.value, url: null }));
    return [{ label: typeof text === 'object' ? text.text : '', data: value ?? null, url: url ?? null }];
  });
}

/** The fields of a call, be it JSON or a form. */
export async function payloadOf(request: IncomingMessage): Promise<SlackPayload> {
  const body = (await bodyOf(request)).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  return type.startsWith('application/json')
    ? (JSON.parse(body) as SlackPayload)
    : Object.fromEntries(new URLSearchParams(body));
}

export function reply(response: ServerResponse, { retryAfter, ...answer }: SlackAnswer): void {
  const limited = retryAfter !== undefined;
  response.writeHead(limited ? 429 : 200, {
    'content-type': 'application/json',
    ...(limited && { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify(answer));
}
