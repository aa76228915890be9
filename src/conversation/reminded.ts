import type { Inbound } from '../core/inbound.ts';
import { endOfQuiet } from '../core/quietHours.ts';
import { remindsOnce } from '../process/reminderRules.ts';
import { done, type Interpretation, type TurnContext } from './context.ts';
import type { Identity, TurnWrite } from './turn.ts';

/** Whoever has not said a word for so long is reminded of what they have begun. */
const AFTER_MS = 86_400_000;

/** Only what the person does themselves changes the moment. */
const NOT_THEIRS = new Set<Inbound['content']['kind']>([
  'timeout',
  'caught_up',
  'reminded',
  'left',
  'moved',
  'suggested',
]);

/**
 * When somebody is to be reminded, after this turn; null: not at all. Whoever has given something and left nothing open is
 * not, and nobody is a second time.
 */
export function remindAt({ content }: Inbound, known: Identity, write: TurnWrite, isUnfinished: boolean, now: number) {
  if (NOT_THEIRS.has(content.kind)) return write.remindAt;
  const agreed = write.consented || known.consentVersion !== null;
  if (known.reminded || !agreed || write.status !== 'active' || write.erase !== null) return null;
  const gives = write.contributions.length > 0 || write.threads.length > 0;
  const waits = isUnfinished || (!gives && (write.consented || known.remindAt !== null));
  return waits ? new Date(now + AFTER_MS).toISOString() : null;
}

/** The moment has come: whether the process, the hour and what the person wants allow it. */
export async function reminded(context: TurnContext): Promise<Interpretation> {
  const { known, own, processContext, now } = context;
  // They have said something since, so that it is not that moment any more.
  if (known.remindAt === null || known.remindAt.getTime() > now) return done();
  const { process, closed } = processContext;
  if (closed || !remindsOnce(process) || !mayBeReminded(known)) return done({ remindAt: null });
  const morning = endOfQuiet(process.quietHours, known.zone ?? process.timeZone, now);
  if (morning !== null) return done({ remindAt: new Date(morning).toISOString() });
  const { total, earlier } = await own.latest(known.contributorId, 1);
  const input = { kind: 'reminded' as const, hasGiven: total + earlier > 0 };
  return { kind: 'input', input, change: { remindAt: null } };
}

const mayBeReminded = ({ status, consentVersion, reminded: before, wants }: Identity): boolean =>
  status === 'active' && consentVersion !== null && !before && wants !== 'critical' && wants !== 'answers';
