import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Attachment, Inbound, InboundContent } from '../../domain/inbound.ts';
import { HOME_IDEA, IDEA_FORM } from './views.ts';

const file = z.object({
  subtype: z.string().optional(),
  url_private: z.string().optional(),
  mimetype: z.string().optional(),
  name: z.string().nullish(),
  size: z.number().optional(),
});
const said = {
  text: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  ts: z.string().optional(),
};
const envelope = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string(),
  event_time: z.number().optional(),
  event: z.object({
    ...said,
    type: z.string(),
    subtype: z.string().optional(),
    channel: z.string().optional(),
    channel_type: z.string().optional(),
    tab: z.string().optional(),
    files: z.array(file).optional(),
    message: z.object(said).optional(),
    previous_message: z.object(said).optional(),
  }),
});
const who = {
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), name: z.string().optional() }),
  trigger_id: z.string(),
};
const option = z.object({ value: z.string() });
const action = z.object({
  action_id: z.string(),
  value: z.string().optional(),
  selected_option: option.nullish(),
  action_ts: z.string().optional(),
});
const input = z.object({ value: z.string().nullish(), selected_option: option.nullish() });
const press = z.object({
  ...who,
  type: z.literal('block_actions'),
  container: z.object({ channel_id: z.string().optional(), message_ts: z.string().optional() }).optional(),
  channel: z.object({ id: z.string() }).optional(),
  actions: z.array(action).min(1),
});
const submission = z.object({
  ...who,
  type: z.literal('view_submission'),
  view: z.object({
    id: z.string().optional(),
    callback_id: z.string(),
    private_metadata: z.string().optional(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
  }),
});
const slash = z.object({
  command: z.string(),
  text: z.string().optional(),
  team_id: z.string(),
  user_id: z.string(),
  trigger_id: z.string(),
});
type Event = z.infer<typeof envelope>;

export interface Parsed {
  /** `sender.address` is empty where the payload does not name the person's chat with us. */
  inbound: Inbound;
  user: string;
  /** The further files of a message that brings several. */
  more?: Inbound[];
  /** The person asked for the modal: it opens with this within 3 seconds; the inbound is for when it cannot. */
  trigger?: string;
  /** Of the Home view or the modal that was used. */
  language?: string;
}

/** A payload of Slack as the application knows it; null for what is none, and for what bots or we ourselves said. */
export function parsePayload(raw: unknown, botUser: string, now: number): Parsed | null {
  const event = envelope.safeParse(raw);
  if (event.success) return ofEvent(event.data, botUser, now);
  const pressed = press.safeParse(raw);
  if (pressed.success) return ofPress(pressed.data, now);
  const submitted = submission.safeParse(raw);
  if (submitted.success) return ofSubmission(submitted.data, now);
  const typed = slash.safeParse(raw);
  return typed.success ? ofSlash(typed.data, now) : null;
}

function parsed(
  team: string,
  user: string,
  unique: string,
  at: number,
  content: InboundContent,
  address = '',
  name: string | null = null,
): Parsed {
  const sender = {
    key: `slack:${clean(team)}:${clean(user)}`,
    channel: 'slack' as const,
    address: clean(address),
    language: null,
    name,
  };
  return { user, inbound: { id: `slack:${clean(team)}:${clean(unique)}`, sender, content, at } };
}

function ofEvent({ team_id, event_id, event_time, event }: Event, botUser: string, now: number): Parsed | null {
  const user = event.message?.user ?? event.user;
  const content = contentOf(event);
  if (!content || !user || user === botUser || event.bot_id || event.message?.bot_id) return null;
  const at = event_time === undefined ? now : event_time * 1000;
  const of = (unique: string, what: InboundContent) => parsed(team_id, user, unique, at, what, event.channel);
  const first = of(event_id, content);
  if (content.kind !== 'media') return first;
  const more = attachmentsOf(event).slice(1);
  return {
    ...first,
    more: more.map(
      (attachment, index) => of(`${event_id}:${index + 2}`, { ...content, attachment, caption: '' }).inbound,
    ),
  };
}

function contentOf(event: Event['event']): InboundContent | null {
  if (event.type === 'app_home_opened')
    return event.tab === undefined || event.tab === 'home' ? { kind: 'opened', place: 'home' } : null;
  if (event.type !== 'message' || event.channel_type !== 'im') return null;
  if (event.subtype === 'message_changed') return edited(event);
  if (event.subtype !== undefined && !['file_share', 'me_message'].includes(event.subtype)) return null;
  const text = literal(event.text ?? '');
  const messageId = event.ts ?? null;
  const [attachment, ...others] = attachmentsOf(event);
  const album = others.length > 0 && messageId !== null ? { album: messageId } : {};
  if (attachment) return { kind: 'media', attachment, caption: text, messageId, ...album };
  if (text.trim() === '') return { kind: 'unsupported', what: 'message' };
  return typedCommand(text) ?? { kind: 'text', text, messageId };
}

/** Slack's own client keeps a leading slash to itself, but not after a space or on every device. */
function typedCommand(text: string): InboundContent | null {
  const found = /^\/([a-z0-9_]{1,32})(?:\s+([\s\S]*))?$/i.exec(text.trim());
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() } : null;
}

/** Slack reports an unfolded link as a change too: only new words are an edit. */
function edited({ message, previous_message: before }: Event['event']): InboundContent | null {
  if (message?.text === undefined || message.ts === undefined || message.text === before?.text) return null;
  return { kind: 'edited', text: literal(message.text), messageId: message.ts };
}

function attachmentsOf({ files = [] }: Event['event']): Attachment[] {
  return files.flatMap((given) => {
    const { url_private: ref, mimetype: mime, name, size = null } = given;
    return ref ? [{ kind: kindOf(given), ref, mime: mime || null, name: name ? clean(name) : null, size }] : [];
  });
}

/** A clip recorded in Slack holds sound alone, though its type may say video or nothing. */
function kindOf({ subtype, mimetype = '' }: z.infer<typeof file>): Attachment['kind'] {
  if (subtype === 'slack_audio' || mimetype.startsWith('audio/')) return 'voice';
  return mimetype.startsWith('image/') ? 'photo' : 'document';
}

function ofPress(
  { team, user, trigger_id, container, channel, actions }: z.infer<typeof press>,
  now: number,
): Parsed | null {
  const [first] = actions;
  if (!first) return null;
  const home = first.action_id === HOME_IDEA;
  const data = first.value ?? first.selected_option?.value;
  if (data === undefined && !home) return null;
  const content: InboundContent = home
    ? { kind: 'command', name: 'idea', argument: '' }
    : { kind: 'choice', data: clean(data ?? ''), messageId: container?.message_ts ?? null };
  const chat = container?.channel_id ?? channel?.id ?? '';
  const unique = `${trigger_id}:${first.action_ts ?? ''}`;
  const address = chat.startsWith('D') ? chat : '';
  const made = parsed(team.id, user.id, unique, now, content, address, user.name ?? null);
  return home ? { ...made, trigger: trigger_id, ...(data && { language: data }) } : made;
}

/** The same modal sent again with the same words is a repeat, though each sending has a trigger of its own. */
function ofSubmission({ team, user, trigger_id, view }: z.infer<typeof submission>, now: number): Parsed | null {
  if (view.callback_id !== IDEA_FORM) return null;
  const fields = Object.fromEntries(
    Object.entries(view.state.values).flatMap(([name, inputs]) => {
      const [given] = Object.values(inputs);
      const value = given?.value ?? given?.selected_option?.value;
      return value ? [[name, clean(value)]] : [];
    }),
  );
  const words = createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
  const unique = view.id ? `${view.id}:${words}` : trigger_id;
  const made = parsed(team.id, user.id, unique, now, { kind: 'form', form: IDEA_FORM, fields }, '', user.name ?? null);
  return { ...made, ...(view.private_metadata && { language: view.private_metadata }) };
}

function ofSlash({ text = '', team_id, user_id, trigger_id }: z.infer<typeof slash>, now: number): Parsed {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(literal(text).trim()) ?? [];
  return parsed(team_id, user_id, trigger_id, now, {
    kind: 'command',
    name: word.toLowerCase() || 'start',
    argument: rest,
    ...(rest !== '' && { words: `${word} ${rest}` }),
  });
}

/** What the person typed: Slack wraps links and escapes three characters. */
function literal(text: string): string {
  const unmarked = text.replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) =>
    words(target, label),
  );
  return clean(
    unmarked.replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]),
  );
}

function words(target: string, label: string | undefined): string {
  if (/^[@#]/.test(target)) return label ? `${target[0]}${label}` : target;
  if (target.startsWith('!')) return label || `@${target.slice(1)}`;
  const address = target.replace(/^mailto:/, '');
  if (!label || address.includes(label)) return label || address;
  return `${label} (${address})`;
}

/** Postgres takes no NUL, and half a surrogate pair is no character. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
