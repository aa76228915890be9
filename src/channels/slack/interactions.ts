import { createHash } from 'node:crypto';
import type { InboundContent } from '../../core/inbound.ts';
import { ORGANIZE } from '../../core/surfaces.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { literal, withEmoji } from './literal.ts';
import { type FormOpening, type ParsedPayload, parsed, threadOf } from './parsed.ts';
import type { Press, Slash, Submission } from './payloads.ts';
import type { PayloadReading } from './reading.ts';
import { HOME_IDEA, HOME_ORGANIZE, IDEA_FORM, PANEL } from './views.ts';

/** What the buttons of the Home view open, and what they say where that is not to be had. */
const HOME: Record<string, { command: string; opens: FormOpening['what'] }> = {
  [HOME_IDEA]: { command: 'idea', opens: 'form' },
  [HOME_ORGANIZE]: { command: ORGANIZE, opens: 'panel' },
};

export function ofPress(given: Press, reading: PayloadReading): ParsedPayload | null {
  const { user, trigger_id: trigger = '', container, channel, view, actions } = given;
  const [first] = actions;
  if (!first) return null;
  const home = Object.hasOwn(HOME, first.action_id) ? HOME[first.action_id] : undefined;
  const data = first.value ?? first.selected_option?.value;
  if (data === undefined && !home) return null;
  const content: InboundContent = home
    ? { kind: 'command', name: home.command, argument: '' }
    : {
        kind: 'choice',
        data: data ?? '',
        messageId: container?.message_ts ?? null,
        ...(given.message && { shown: wellFormedIn(given.message) }),
      };
  const chat = container?.channel_id ?? channel?.id ?? '';
  const unique = trigger ? `${trigger}:${first.action_ts ?? ''}` : `${user.id}:${first.action_ts ?? reading.now}`;
  const address = chat.startsWith('D') ? chat : '';
  const thread = threadOf({ ts: container?.message_ts, thread_ts: container?.thread_ts });
  const made = parsed(reading, { user: user.id, unique, at: reading.now, content, address, name: user.name, thread });
  if (home)
    return { ...made, ...(trigger && { opens: { what: home.opens, trigger } }), ...(data && { language: data }) };
  if (view?.callback_id !== PANEL || !view.id || content.kind !== 'choice') return made;
  const panel = { view: view.id, ...(view.hash && { state: view.hash }) };
  const inPanel = { ...made, inbound: { ...made.inbound, content: { ...content, panel } } };
  return { ...inPanel, ...(view.private_metadata && { language: view.private_metadata }) };
}

const wellFormedIn = (given: unknown): unknown =>
  JSON.parse(JSON.stringify(given), (_, value) => (typeof value === 'string' ? wellFormed(value) : value));

/** The same modal sent again with the same words is a repeat, though each sending has a trigger of its own. */
export function ofSubmission(
  { user, trigger_id = '', view }: Submission,
  reading: PayloadReading,
): ParsedPayload | null {
  if (view.callback_id !== IDEA_FORM) return null;
  const fields = Object.fromEntries(
    Object.entries(view.state.values).flatMap(([name, inputs]) => {
      const [given] = Object.values(inputs);
      const value = given?.value ? withEmoji(given.value) : given?.selected_option?.value;
      return value ? [[wellFormed(name), value]] : [];
    }),
  );
  const words = createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
  const unique = view.id ? `${view.id}:${words}` : trigger_id || `${user.id}:${words}`;
  const content = { kind: 'form' as const, form: IDEA_FORM, fields };
  const made = parsed(reading, { user: user.id, unique, at: reading.now, content, name: user.name });
  return { ...made, ...(view.private_metadata && { language: view.private_metadata }) };
}

export function ofSlash(
  { text = '', user_id: user, trigger_id: trigger = '' }: Slash,
  reading: PayloadReading,
): ParsedPayload {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(literal(text, reading).trim()) ?? [];
  const name = word.toLowerCase() || 'start';
  const content = {
    kind: 'command' as const,
    name,
    argument: rest,
    ...(rest !== '' && { words: `${word} ${rest}` }),
  };
  const unique = trigger || `${user}:${reading.now}`;
  const made = parsed(reading, { user, unique, at: reading.now, content });
  return name === ORGANIZE && trigger ? { ...made, opens: { what: 'panel', trigger } } : made;
}
