import { createHash } from 'node:crypto';
import type { InboundContent } from '../../core/inbound.ts';
import { ORGANIZE } from '../../core/surfaces.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { literal, withEmoji } from './literal.ts';
import { type FormOpening, type ParsedPayload, parsed, threadOf } from './parsed.ts';
import type { Press, Slash, Submission } from './payloads.ts';
import type { PayloadReading } from './reading.ts';
import { DECISION, HOME_IDEA, HOME_ORGANIZE, IDEA_FORM, PANEL } from './views.ts';

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
  const isWriting = view?.callback_id === DECISION;
  if (data === undefined && !home && !isWriting) return null;
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
  if (view && isWriting) return { ...made, ...decisionIn(view, false) };
  const begins = trigger && content.kind === 'choice' ? { opens: { what: 'decision' as const, trigger } } : {};
  if (view?.callback_id !== PANEL || !view.id || content.kind !== 'choice') return { ...made, ...begins };
  const panel = { view: view.id, ...(view.hash && { state: view.hash }) };
  const inPanel = { ...made, ...begins, inbound: { ...made.inbound, content: { ...content, panel } } };
  return { ...inPanel, ...(view.private_metadata && { language: view.private_metadata }) };
}

const wellFormedIn = (given: unknown): unknown =>
  JSON.parse(JSON.stringify(given), (_, value) => (typeof value === 'string' ? wellFormed(value) : value));

/** The same modal sent again with the same words is a repeat, though each sending has a trigger of its own. */
export function ofSubmission(
  { user, trigger_id = '', view }: Submission,
  reading: PayloadReading,
): ParsedPayload | null {
  if (view.callback_id !== IDEA_FORM && view.callback_id !== DECISION) return null;
  const fields = fieldsIn(view.state);
  const words = createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
  const unique = view.id ? `${view.id}:${words}` : trigger_id || `${user.id}:${words}`;
  const content = { kind: 'form' as const, form: IDEA_FORM, fields };
  const made = parsed(reading, { user: user.id, unique, at: reading.now, content, name: user.name });
  if (view.callback_id === DECISION) return { ...made, ...decisionIn(view, true) };
  return { ...made, ...(view.private_metadata && { language: view.private_metadata }) };
}

type State = Submission['view']['state'];

const fieldsIn = ({ values }: State): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, inputs]) => {
      const [given] = Object.values(inputs);
      const value = given?.value ? withEmoji(given.value) : given?.selected_option?.value;
      return value ? [[wellFormed(name), wellFormed(value)]] : [];
    }),
  );

/** The form carries its language and the button that began it. */
function decisionIn(
  { private_metadata = '', state }: { private_metadata?: string | undefined; state?: State | undefined },
  isSent: boolean,
): Pick<ParsedPayload, 'decision' | 'language'> {
  const [language = '', button = ''] = private_metadata.split(' ');
  return { language, decision: { button, fields: state ? fieldsIn(state) : {}, isSent } };
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
