import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Attachment, InboundContent } from '../../domain/inbound.ts';
import { IDEA_FORM, LINK, SHARE_IDEA } from './render.ts';
import { clean, plain } from './text.ts';

const text = z.string();
const file = z.object({ url_private: text.optional(), mimetype: text.optional(), name: text.nullish(), size: z.number().optional() });
const said = z.object({
  user: text.optional(),
  bot_id: text.nullish(),
  text: text.optional(),
  ts: text.optional(),
  edited: z.unknown().optional(),
  files: z.array(z.unknown()).optional(),
});
const event = said.extend({
  type: text,
  subtype: text.optional(),
  channel: text.optional(),
  channel_type: text.optional(),
  tab: text.optional(),
  event_ts: text.optional(),
  message: said.optional(),
});
const id = z.object({ id: text });
const option = z.object({ value: text });
const state = z.record(text, z.record(text, z.object({ value: text.nullish(), selected_option: option.nullish(), selected_options: z.array(option).nullish() })));
const bodies = {
  event: z.object({ event_id: text, event }),
  action: z.object({
    type: z.literal('block_actions'),
    user: id,
    channel: id.nullish(),
    trigger_id: text.optional(),
    container: z.object({ message_ts: text.optional() }).optional(),
    actions: z.array(z.object({ type: text, action_id: text, value: text.optional(), selected_option: option.nullish(), action_ts: text.optional() })).min(1),
  }),
  form: z.object({ type: z.literal('view_submission'), user: id, view: z.object({ id: text, callback_id: text, state: z.object({ values: state }) }) }),
  command: z.object({ command: text, text: text.optional(), user_id: text, trigger_id: text }),
};
type Event = z.infer<typeof event>;

/** Whose workspace and which bot this is: its own messages come back to it. */
export interface Installation {
  team: string;
  botUser: string;
}

export interface Parsed {
  /** Unique for ever, the team included. */
  id: string;
  user: string;
  /** The person's direct message channel; null where Slack does not tell. */
  address: string | null;
  /** More than one when a message brings several files. */
  contents: InboundContent[];
  at: number;
  /** Set when the person asked for the modal: to be opened with it within 3 seconds; the content is for when it cannot be. */
  modalTrigger?: string;
}

/** A request of Slack as the application knows it; null for what no person did, or what needs no answer. Never throws. */
export function parse(raw: unknown, own: Installation, now: number): Parsed | null {
  const inEvent = bodies.event.safeParse(raw);
  if (inEvent.success) return fromEvent(inEvent.data.event, `slack:${own.team}:${inEvent.data.event_id}`, own, now);
  const action = bodies.action.safeParse(raw);
  if (action.success) return fromAction(action.data, own, now);
  const form = bodies.form.safeParse(raw);
  if (form.success) return fromForm(form.data, own, now);
  const command = bodies.command.safeParse(raw);
  if (!command.success) return null;
  const { user_id: user, trigger_id } = command.data;
  return { id: `slack:${own.team}:command:${trigger_id}`, user, address: null, contents: [slash(plain(command.data.text ?? ''))], at: now };
}

function fromEvent(happened: Event, id: string, own: Installation, now: number): Parsed | null {
  const source = happened.subtype === 'message_changed' ? happened.message : happened;
  if (!source?.user || source.user === own.botUser || source.user === 'USLACKBOT' || source.bot_id) return null;
  if (happened.type === 'message' && happened.channel_type !== 'im') return null;
  const contents = contentsOf(happened);
  if (contents.length === 0) return null;
  return { id, user: source.user, address: happened.channel ?? null, contents, at: moment(happened.event_ts ?? happened.ts, now) };
}

/** What a person writes. Others are notes of Slack itself: joins, deletions, previews. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

function contentsOf(happened: Event): InboundContent[] {
  if (happened.type === 'app_home_opened') return happened.tab === 'home' ? [{ kind: 'opened', place: 'home' }] : [];
  if (happened.type !== 'message') return [{ kind: 'unsupported', what: 'event' }];
  if (happened.subtype === 'message_changed') return edited(happened.message);
  if (!WRITTEN.has(happened.subtype)) return [];
  const words = plain(happened.text ?? '');
  const messageId = happened.ts ?? null;
  if (happened.files && happened.files.length > 0)
    return happened.files.map((one, index) => {
      const attachment = attachmentOf(one);
      return attachment ? { kind: 'media', attachment, caption: index === 0 ? words : '', messageId } : { kind: 'unsupported', what: 'file' };
    });
  if (words.trim() === '') return [{ kind: 'unsupported', what: 'message' }];
  return [typedCommand(words) ?? { kind: 'text', text: words, messageId }];
}

/** Slack also calls it a change when it adds a preview of a link: only `edited` is the person's doing. */
function edited(message: Event['message']): InboundContent[] {
  if (!message?.ts || message.edited === undefined || message.text === undefined) return [];
  return [{ kind: 'edited', text: plain(message.text), messageId: message.ts }];
}

function attachmentOf(raw: unknown): Attachment | null {
  const read = file.safeParse(raw);
  if (!read.success || !read.data.url_private) return null;
  const { url_private: ref, mimetype: mime = null, name, size = null } = read.data;
  const kind = mime?.startsWith('image/') ? 'photo' : mime?.startsWith('audio/') ? 'voice' : 'document';
  return { kind, ref, mime, name: name ? clean(name) : null, size };
}

const COMMAND = /^([a-z0-9_]{1,32})(?:\s+([\s\S]*))?$/i;

/** Slack's client keeps a leading slash to itself, but not after a space or on every device. */
function typedCommand(words: string): InboundContent | null {
  const found = words.trim().startsWith('/') ? COMMAND.exec(words.trim().slice(1)) : null;
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() } : null;
}

function slash(words: string): InboundContent {
  const found = COMMAND.exec(words.trim().replace(/^\//, ''));
  if (!found) return { kind: 'command', name: words.trim() === '' ? 'start' : 'help', argument: '' };
  return { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() };
}

function fromAction(body: z.infer<typeof bodies.action>, { team }: Installation, now: number): Parsed | null {
  const action = body.actions[0];
  if (!action || action.action_id.startsWith(LINK)) return null;
  const shares = action.action_id === SHARE_IDEA;
  const data = action.value ?? action.selected_option?.value;
  return {
    id: `slack:${team}:action:${body.user.id}:${action.action_ts ?? body.trigger_id ?? now}`,
    user: body.user.id,
    address: body.channel?.id.startsWith('D') ? body.channel.id : null,
    contents: [
      shares
        ? { kind: 'command', name: 'idea', argument: '' }
        : data === undefined
          ? { kind: 'unsupported', what: 'action' }
          : { kind: 'choice', data: clean(data), messageId: body.container?.message_ts ?? null },
    ],
    at: moment(action.action_ts, now),
    ...(shares && body.trigger_id && { modalTrigger: body.trigger_id }),
  };
}

/** The same modal sent again with the same words is a repeat; with other words it is something new. */
function fromForm({ user, view }: z.infer<typeof bodies.form>, { team }: Installation, now: number): Parsed {
  const fields = Object.fromEntries(Object.entries(view.state.values).flatMap(([name, inputs]) => fieldOf(name, Object.values(inputs)[0])));
  const words = createHash('sha256').update(JSON.stringify(fields)).digest('base64url').slice(0, 16);
  const content: InboundContent = view.callback_id === IDEA_FORM ? { kind: 'form', form: IDEA_FORM, fields } : { kind: 'unsupported', what: 'form' };
  return { id: `slack:${team}:form:${view.id}:${words}`, user: user.id, address: null, contents: [content], at: now };
}

type Input = z.infer<typeof state>[string][string];

function fieldOf(name: string, input: Input | undefined): [string, string][] {
  const value = input?.value ?? input?.selected_option?.value ?? input?.selected_options?.map((one) => one.value).join(',');
  return value ? [[name, clean(value)]] : [];
}

/** Slack's time stamps are seconds with a fraction. */
function moment(ts: string | undefined, now: number): number {
  const ms = Math.floor(Number(ts) * 1000);
  return ts !== undefined && Number.isSafeInteger(ms) && ms > 0 ? ms : now;
}
