import { ANY, goodFor } from '../core/agreedCount.ts';
import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import type { NoticeMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import type { Releasable, ReleaseFigures, ReleaseScope, ResponseStore } from './ports.ts';
import { RELEASE_HELD_FROM, responseMessages } from './response.ts';

export interface Releasing {
  responses: ResponseStore;
  clock: Clock;
  ids: Ids;
  /** Tells the queue that a notice has pending deliveries. If the hint is lost, the sweep makes up for it. */
  hint(noticeId: string): void;
  /** How long a release to many can still be called back before its first message goes; default none. */
  holdSeconds?: number;
  /** More recipients than this need a second member's approval; default none does. */
  approvalAbove?: number | null;
  /** The member who releases, for the record. */
  by?: string | null;
  /** What they were shown and agreed to; left out: whatever waits. */
  agreed?: Pick<Releasable, 'mark' | 'recipients'> | null;
  /** Which waiting responses; all when left out. */
  scope?: ReleaseScope;
  /** The first message goes then, and never before the hold is over; left out: at once. */
  from?: Date | null;
}

export interface Released extends ReleaseFigures {
  /** Null when nothing waited for release. */
  notice: string | null;
  /** When the first message goes, where that is not at once. */
  at: Date | null;
  /** A second member has to approve it before anything goes. */
  approval: 'needed' | null;
}

/** What waits is no longer what was agreed to. */
export class CountChanged extends UserError {
  constructor({ responses, recipients }: ReleaseFigures) {
    super(
      `Nothing was released: what waits has changed since it was asked. Responses by now: ${responses}; people: ${recipients}. Do it again, and agree to that.`,
    );
  }
}

/** Makes one response notice of everything in the scope that is decided and not yet released. @throws CountChanged */
export async function releaseResponses(parts: Releasing): Promise<Released> {
  const { responses, clock, ids, hint, by = null, scope = {} } = parts;
  const now = clock();
  const id = ids.uuid();
  const { holdSeconds = 0, approvalAbove = null } = parts;
  const from = parts.from && parts.from.getTime() > now ? parts.from : null;
  const hold = holdSeconds > 0 ? { from: RELEASE_HELD_FROM, until: new Date(now + holdSeconds * 1000) } : null;
  const { mark = null, recipients } = parts.agreed ?? {};
  const meant = { mark, recipients: recipients === undefined ? ANY : goodFor(recipients) };
  const terms = { from, hold, approvalAbove, ...meant };
  const made = await responses.release({ id, at: new Date(now), by, scope, ...terms });
  const { approval, notBefore, refused, ...figures } = made;
  if (figures.responses === 0) return { ...figures, notice: null, at: null, approval: null };
  if (refused) throw new CountChanged(figures);
  // A notice for later is started by the sweep.
  if (figures.recipients > 0 && approval === null && notBefore === null) hint(id);
  return { ...figures, notice: id, at: notBefore, approval };
}

/** A delivery of a response notice, with what is known of its reader. */
export interface ResponseDelivery {
  id: string;
  identityKey: string;
  language: string | null;
  messagesDone: number;
}

export interface ResponseRendering {
  responses: ResponseStore;
  /** Signs the buttons. */
  secret: string;
  /** The frame in a language, or in the nearest that there is. */
  phrasesIn(language: string | null): Phrases;
}

/**
 * What is left to send of each delivery, by its id: one message for each decision, after an overview when there are
 * several. An empty list: nothing is left to say, because later responses have been released meanwhile.
 */
export async function renderResponses(
  deliveries: readonly ResponseDelivery[],
  { responses, secret, phrasesIn }: ResponseRendering,
): Promise<Map<string, NoticeMessage[]>> {
  const items = await responses.load(deliveries.map((delivery) => delivery.id));
  return new Map(
    deliveries.map(({ id, identityKey, language, messagesDone }) => {
      const sign = (action: string) => signAction(secret, identityKey, action);
      return [id, responseMessages(items.get(id) ?? [], phrasesIn(language), sign, { goesOn: messagesDone > 0 })];
    }),
  );
}
