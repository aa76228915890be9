import { commandLine } from '../../../core/commandLine.ts';
import type { UnsureMessage } from '../../../notices/notice.ts';
import { atTerminal } from '../../../people/actor.ts';
import { columns, counted } from '../words.ts';
import { reasonWords } from './reasons.ts';
import type { Doing, NoticesContext } from './wiring.ts';

/** `notices uncertain`: the people who may or may not have had a notice, or a reply. */
export async function uncertain(context: NoticesContext, id: string | undefined, { as, json }: Doing): Promise<void> {
  await context.actions.read(atTerminal(as), 'notices.uncertain', id);
  if (id !== undefined) await context.records.status(id);
  const messages = await context.unsure(id ?? null);
  context.print(json ? JSON.stringify(messages) : uncertainWords(messages, id));
}

function uncertainWords(messages: readonly UnsureMessage[], id: string | undefined): string {
  if (messages.length === 0) return id === undefined ? 'No reply is in doubt.' : `Nothing of notice ${id} is in doubt.`;
  const rows = messages.map(({ person, reason, at }) => [person, at.toISOString(), reasonWords(reason ?? '')]);
  const what = id === undefined ? counted(messages.length, 'reply', 'replies') : counted(messages.length, 'message');
  const remedy =
    id === undefined
      ? 'They are kept for a week; whoever writes again is answered as ever.'
      : `Sent again they may arrive twice: ${commandLine(`notices retry ${id} --uncertain`)}`;
  return [...columns(rows, ['person', 'given up', 'why']), `${what} may or may not have arrived. ${remedy}`].join('\n');
}
