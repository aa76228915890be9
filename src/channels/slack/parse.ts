import type { InboundContent } from '../../core/inbound.ts';
import { misshapen } from '../misshapen.ts';
import { changeOf, contentsOf } from './content.ts';
import { ofPress, ofSlash, ofSubmission } from './interactions.ts';
import { ofMembership } from './membership.ts';
import { type ParsedPayload, parsed, threadOf } from './parsed.ts';
import { changeHolding, type EventEnvelope, envelope, messageHolding, press, slash, submission } from './payloads.ts';
import type { PayloadReading } from './reading.ts';
import { isSpeaking, mayBeSpeaking } from './speaker.ts';

/**
 * A payload of Slack as the application knows it; null for anything else, and for what bots and Slack itself say.
 * @throws TypeError for a person's message of another shape than Slack documents
 */
export function parsePayload(raw: unknown, reading: PayloadReading): ParsedPayload | null {
  const event = envelope.safeParse(raw);
  if (event.success) {
    refuseMisshapen(raw, event.data, reading);
    return ofEvent(event.data, reading);
  }
  const pressed = press.safeParse(raw);
  if (pressed.success) return ofPress(pressed.data, reading);
  const submitted = submission.safeParse(raw);
  if (submitted.success) return ofSubmission(submitted.data, reading);
  const typed = slash.safeParse(raw);
  return typed.success ? ofSlash(typed.data, reading) : null;
}

function refuseMisshapen(raw: unknown, { event }: EventEnvelope, { botUser }: PayloadReading): void {
  const { type, subtype, channel_type: place = 'im' } = event;
  const isChange = subtype === 'message_changed';
  const message = isChange ? event.message : event;
  if (type !== 'message' || place !== 'im' || !message || !mayBeSpeaking(message, botUser)) return;
  const held = (isChange ? changeHolding : messageHolding).safeParse(raw);
  if (!held.success) throw misshapen(held.error);
}

function ofEvent(given: EventEnvelope, reading: PayloadReading): ParsedPayload | null {
  const { event_id, event_time, event } = given;
  const at = event_time === undefined ? reading.now : event_time * 1000;
  if (event.type !== 'message' && event.type !== 'app_home_opened') return ofMembership(given, reading, at);
  const message = event.subtype === 'message_changed' ? event.message : event;
  if (!message || !isSpeaking(message, reading.botUser)) return null;
  const { user } = message;
  const of = (content: InboundContent, index: number) => {
    const unique = index === 0 ? event_id : `${event_id}:${index + 1}`;
    return parsed(reading, { user, unique, at, content, address: event.channel, thread: threadOf(message) });
  };
  const [first, ...more] = contentsIn(event, reading).map(of);
  return first ? { ...first, ...(more.length > 0 && { more: more.map(({ inbound }) => inbound) }) } : null;
}

function contentsIn(event: EventEnvelope['event'], reading: PayloadReading): InboundContent[] {
  if (event.type === 'app_home_opened')
    return event.tab === undefined || event.tab === 'home' ? [{ kind: 'opened', place: 'home' }] : [];
  if (event.channel_type !== 'im') return [];
  if (event.subtype !== 'message_changed') return contentsOf(event, reading);
  const change = event.message ? changeOf(event.message, event.previous_message, reading) : null;
  return change ? [change] : [];
}
