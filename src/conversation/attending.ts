import { REMINDERS, wantsTopic } from '../people/preferences.ts';
import { eventAction } from '../process/events/attendance.ts';
import { isCancelled, isOver } from '../process/events/event.ts';
import { threadTerms } from '../responses/thread.ts';
import { done, type Interpretation, type TurnContext } from './context.ts';
import { type Coming, comingIn } from './flow/coming.ts';
import type { Said } from './threads.ts';
import type { Invitation } from './turn.ts';

/** An event's button. No words are kept, so nobody is asked for consent. */
export async function attended(action: string, context: TurnContext): Promise<Interpretation> {
  const { known, base, processContext, language, phrase, pressEvent } = context;
  const message = await pressEvent({
    action,
    identityId: known.id,
    key: known.key,
    update: base.updateId,
    at: new Date(base.at),
    language,
    phrases: (key, values) => phrase(key, language, values),
    process: processContext.process,
    processId: processContext.processId,
    closed: processContext.closed,
    isReminded: (await context.timelineNumber()) !== null && wantsTopic(known, REMINDERS),
  });
  return done({ messages: [message] });
}

/**
 * Who says in words whether they come to what they were invited to has pressed its button; of who says both it is asked, by the
 * invitation. Null: the words are not about it.
 */
export async function hearComing(content: Said, context: TurnContext): Promise<Interpretation | null> {
  if (content.kind !== 'text' || content.forwarded !== undefined) return null;
  const coming = comingIn(context.registry.intents, content.text);
  const invited = coming && (await context.subjects.invitation(context.known.id));
  if (!coming || !invited || !isToCome(invited, context) || !(await isMeant(coming, invited, context))) return null;
  const pressed = await attended(eventAction(invited.event, invited.process, coming.answer ?? undefined), context);
  return coming.besides === null
    ? pressed
    : { ...besides(coming.besides, content.messageId, context), ...changeOf(pressed) };
}

const changeOf = ({ change = {} }: Interpretation) => ({ change });

/** What may be an idea is asked about. */
const besides = (said: string, messageId: string | null, { known }: TurnContext) => ({
  kind: 'input' as const,
  input: {
    kind: 'begin' as const,
    flow: known.consentVersion === null ? 'welcome' : 'loose',
    answers: { said, unclear: 'words' },
    messageId,
    spoken: true as const,
  },
});

function isToCome({ event: id, process: number }: Invitation, { processContext, now }: TurnContext): boolean {
  const { process, processId, closed } = processContext;
  const event = process.events.find((each) => each.id === id);
  if (closed || number !== processId || !event || isCancelled(event)) return false;
  return !isOver(event, process.timeZone, now);
}

/** A yes belongs to the newest that asks for one; who speaks of coming and nothing else may do so later, too. */
async function isMeant({ isPlain }: Coming, { at }: Invitation, context: TurnContext): Promise<boolean> {
  const { known, session, saidAt, subjects, processContext } = context;
  if (session?.open && session.seenAt >= at) return false;
  if (isPlain) return true;
  if (saidAt - at > threadTerms(processContext.process).goOnHours * 3_600_000) return false;
  return (await subjects.recent(known.id, new Date(at + 1))).length === 0;
}
