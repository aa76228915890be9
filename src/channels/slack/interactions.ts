import { createHash } from 'node:crypto';
import type { InboundContent } from '../../domain/inbound.ts';
import { ORGANIZE } from '../../domain/places.ts';
import { clean, literal } from './literal.ts';
import { type Parsed, parsed, threadOf } from './parsed.ts';
import type { Press, Slash, Submission } from './payloads.ts';
import { HOME_IDEA, IDEA_FORM, PANEL } from './views.ts';

export function ofPress(given: Press, now: number): Parsed | null {
  const { team, user, trigger_id: trigger, container, channel, view, actions } = given;
  const [first] = actions;
  if (!first) return null;
  const home = first.action_id === HOME_IDEA;
  const data = first.value ?? first.selected_option?.value;
  if (data === undefined && !home) return null;
  const content: InboundContent = home
    ? { kind: 'command', name: 'idea', argument: '' }
    : { kind: 'choice', data: clean(data ?? ''), messageId: container?.message_ts ?? null };
  const chat = container?.channel_id ?? channel?.id ?? '';
  const unique = `${trigger}:${first.action_ts ?? ''}`;
  const address = chat.startsWith('D') ? chat : '';
  const thread = threadOf({ ts: container?.message_ts, thread_ts: container?.thread_ts });
  const made = parsed({ team: team.id, user: user.id, unique, at: now, content, address, name: user.name, thread });
  if (home) return { ...made, opens: { what: 'form', trigger }, ...(data && { language: data }) };
  if (view?.callback_id !== PANEL || !view.id) return made;
  const panel = { view: view.id, ...(view.hash && { hash: view.hash }) };
  return { ...made, panel, ...(view.private_metadata && { language: view.private_metadata }) };
}

/** The same modal sent again with the same words is a repeat, though each sending has a trigger of its own. */
export function ofSubmission({ team, user, trigger_id, view }: Submission, now: number): Parsed | null {
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
  const content = { kind: 'form' as const, form: IDEA_FORM, fields };
  const made = parsed({ team: team.id, user: user.id, unique, at: now, content, name: user.name });
  return { ...made, ...(view.private_metadata && { language: view.private_metadata }) };
}

export function ofSlash({ text = '', team_id, user_id, trigger_id: trigger }: Slash, now: number): Parsed {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(literal(text).trim()) ?? [];
  const name = word.toLowerCase() || 'start';
  const content = {
    kind: 'command' as const,
    name,
    argument: rest,
    ...(rest !== '' && { words: `${word} ${rest}` }),
  };
  const made = parsed({ team: team_id, user: user_id, unique: trigger, at: now, content });
  return name === ORGANIZE ? { ...made, opens: { what: 'panel', trigger } } : made;
}
