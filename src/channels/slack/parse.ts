import type { Attachment, InboundContent } from '../../domain/inbound.ts';
import { ofPress, ofSlash, ofSubmission } from './interactions.ts';
import { clean, literal } from './literal.ts';
import { ofMembership } from './membership.ts';
import { isWritten, type Parsed, parsed, threadOf } from './parsed.ts';
import { type EventEnvelope, envelope, press, type SlackFile, slash, submission } from './payloads.ts';

type Event = EventEnvelope['event'];

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

function ofEvent(given: EventEnvelope, botUser: string, now: number): Parsed | null {
  const { team_id, event_id, event_time, event } = given;
  const at = event_time === undefined ? now : event_time * 1000;
  const user = event.message?.user ?? event.user;
  const content = contentOf(event);
  if (!content) return ofMembership(given, botUser, at);
  if (!user || user === botUser || event.bot_id || event.message?.bot_id) return null;
  const thread = threadOf(event.message ?? event);
  const of = (unique: string, what: InboundContent) =>
    parsed({ team: team_id, user, unique, at, content: what, address: event.channel, thread });
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

function contentOf(event: Event): InboundContent | null {
  if (event.type === 'app_home_opened')
    return event.tab === undefined || event.tab === 'home' ? { kind: 'opened', place: 'home' } : null;
  if (event.type !== 'message' || event.channel_type !== 'im') return null;
  if (event.subtype === 'message_changed') return edited(event);
  if (!isWritten(event.subtype)) return null;
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
function edited({ message, previous_message: before }: Event): InboundContent | null {
  if (message?.text === undefined || message.ts === undefined || message.text === before?.text) return null;
  return { kind: 'edited', text: literal(message.text), messageId: message.ts };
}

function attachmentsOf({ files = [] }: Event): Attachment[] {
  return files.flatMap((given) => {
    const { url_private: ref, mimetype: mime, name, size = null } = given;
    return ref ? [{ kind: kindOf(given), ref, mime: mime || null, name: name ? clean(name) : null, size }] : [];
  });
}

/** A clip recorded in Slack holds sound alone, though its type may say video or nothing. */
function kindOf({ subtype, mimetype = '' }: SlackFile): Attachment['kind'] {
  if (subtype === 'slack_audio' || mimetype.startsWith('audio/')) return 'voice';
  return mimetype.startsWith('image/') ? 'photo' : 'document';
}
