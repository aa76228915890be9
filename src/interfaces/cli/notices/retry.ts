import { UserError } from '../../../core/errors.ts';
import type { Retry, RetryFigures } from '../../../notices/notice.ts';
import { atTerminal } from '../../../people/actor.ts';
import { agreeByCount } from '../ask.ts';
import { counted, grouped } from '../words.ts';
import { reasonWords } from './reasons.ts';
import type { Doing, NoticesContext } from './wiring.ts';

export interface RetryOptions extends Doing {
  failed?: boolean;
  uncertain?: boolean;
  reason?: string[];
  yes?: boolean;
}

/** Sends what failed or is in doubt once more, when its number has been typed. */
export async function retry(context: NoticesContext, id: string, options: RetryOptions): Promise<void> {
  const { as, json, yes } = options;
  const actor = atTerminal(as);
  await context.actions.expectNotice(actor, 'notices.retry', id);
  const which = await whichOf(context, id, options);
  const figures = await context.retryable(id, which);
  if (!yes && figures.messages > 0) await agreeByCount(figures.messages, question(figures), context.terminal, json);
  const again = await context.actions.notices.retry(actor, id, which, yes ? {} : { recipients: figures.messages });
  const twice = Math.min(again, figures.twice);
  context.print(json ? JSON.stringify({ again, twice }) : outcomeWords({ messages: again, twice }));
}

async function whichOf(
  context: NoticesContext,
  id: string,
  { failed, uncertain, reason }: RetryOptions,
): Promise<Retry> {
  const states = [...(failed ? (['failed'] as const) : []), ...(uncertain ? (['uncertain'] as const) : [])];
  if (reason) await checkReasons(context, id, reason);
  return { ...(states.length > 0 && { states }), ...(reason && { reasons: reason }) };
}

const question = ({ messages, twice }: RetryFigures): string =>
  `${counted(messages, 'message goes', 'messages go')} out again.${twiceWords(twice)} Type the number to send:`;

function outcomeWords({ messages, twice }: RetryFigures): string {
  if (messages === 0) return 'Nothing is sent again: no message of it failed so, or its people cannot be reached now.';
  return `${counted(messages, 'message is', 'messages are')} sent again.${twiceWords(twice)}`;
}

const twiceWords = (twice: number): string =>
  twice === 0 ? '' : ` ${grouped(twice)} of them may have had it before, and get it twice then.`;

/** @throws UserError for a reason for which nothing of it failed: it is most likely misspelt */
async function checkReasons({ records }: NoticesContext, id: string, wanted: string[]): Promise<void> {
  const { reasons } = await records.status(id);
  const there = [...Object.keys(reasons.failed ?? {}), ...Object.keys(reasons.uncertain ?? {})];
  const unknown = wanted.filter((reason) => !there.includes(reason));
  if (unknown.length === 0) return;
  const list = there.map((reason) => `${reason} (${reasonWords(reason)})`).join(', ') || 'none';
  throw new UserError(`--reason: nothing of notice ${id} failed for ${unknown.join(', ')}. Its reasons are: ${list}.`);
}
