import { createHash } from 'node:crypto';
import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import type { Texts } from '../core/texts.ts';
import { closingNotice } from '../notices/closing.ts';
import { recipientsIn } from '../notices/notice.ts';
import { outlookOf } from '../notices/outlook.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../process/process.ts';
import type { StoredProcess } from '../process/stored.ts';
import type { Finalization, Override } from '../responses/finalization.ts';
import { type Gate, gateOf, owedCounts } from '../responses/gate.ts';
import { type Agreement, agreementOn } from '../responses/quorum.ts';
import { expectShown } from './agreed.ts';
import { decidingIn, opinionOf, withOpinion } from './heldProposal.ts';
import type { Action, Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface FinalizeActionParts {
  perform: Perform;
  queue: Pick<Queue, 'startNotice'>;
  clock: Clock;
  ids: Ids;
  holdSeconds: number;
  approvalAbove: number;
}

/** What everybody who took part is told, and to how many it was agreed; left out: however many they are. */
export interface ClosingMessage {
  texts: Texts;
  recipients?: number;
}

export interface Finalized {
  /** The notice that brings the closing message; null where nobody took part. */
  notice: string | null;
  recipients: number;
  at: Date | null;
  approval: 'needed' | null;
}

/** Who still has to agree to an override; once nobody has, it is done. */
export type Overridden = Pick<Agreement, 'missing'> & { finalized: Finalized | null };

/** How the current process ends well. What is owed stands in the way, unless both sides say why it must not. */
export interface FinalizeActions {
  /** @throws Refused while anything is owed, or when it is finalized already */
  finalize(actor: Actor, closing: ClosingMessage): Promise<Finalized>;
  /** `shown`: the mark of what was seen to be owed. @throws UserError without a reason, or where nothing is owed */
  override(actor: Actor, reason: string, shown?: string): Promise<Overridden>;
  /** `shown`: the mark of what is owed, with the override that was read. @throws Refused where it is another by now */
  confirmOverride(actor: Actor, closing: ClosingMessage, shown?: string): Promise<Overridden>;
}

/** Of everything that is owed, and of the override that somebody has read. */
export const gateMark = ({ owed }: Gate, override: Pick<Override, 'id'> | null = null): string =>
  createHash('sha256')
    .update(JSON.stringify([override?.id ?? null, ...owed.map(({ what, reference }) => `${what} ${reference}`)]))
    .digest('hex');

export function createFinalizeActions(parts: FinalizeActionParts): FinalizeActions {
  const { perform } = parts;
  return {
    finalize: (actor, closing) => perform(actor, finalizing(actor, closing, parts)),
    override: (actor, reason, shown) => perform(actor, overriding(actor, { reason, shown }, parts)),
    confirmOverride: (actor, closing, shown) => perform(actor, confirming(actor, { closing, shown }, parts)),
  };
}

interface Subject extends Standing {
  process: StoredProcess;
  definition: ProcessDefinition;
  gate: Gate;
  override: Override | null;
  finalized: Finalization | null;
}

/** The current process with what it owes, held so that no other is finalized or applied meanwhile. */
async function atTheGate({ processes, gate, finalizations }: Writes): Promise<Subject> {
  const process = await processes.hold();
  const definition = process.definition ?? DEFAULT_PROCESS;
  const override = await finalizations.proposed(process.id);
  const finalized = await finalizations.of(process.id);
  const firsts = override?.opinions.map(({ by }) => by) ?? [];
  return {
    process,
    definition,
    override,
    finalized,
    firsts,
    gate: gateOf(await gate.facts(process.id), definition.languages),
  };
}

/** @throws UserError */
function expectUnfinished({ process, finalized }: Subject): void {
  if (process.key === null) throw new UserError('There is no process to finalize: none was applied.');
  if (finalized) throw new Refused('state', `${process.key} is finalized already, by ${finalized.by}.`);
}

type After = (work: () => void) => void;

const finalizing = (actor: Actor, closing: ClosingMessage, parts: FinalizeActionParts): Action<Subject, Finalized> => ({
  name: 'process.finalize',
  on: null,
  find: atTheGate,
  async act(subject, writes, after) {
    const { gate, process } = subject;
    expectUnfinished(subject);
    if (!gate.passes)
      throw new Refused('state', `${process.key} is not finalized: ${gate.owed.length} still to be done. See what.`);
    return finalize(actor, subject, closing, writes, after, parts);
  },
  detail: ({ notice, recipients }) => ({ notice, recipients }),
});

const overriding = (
  actor: Actor,
  { reason, shown }: { reason: string; shown: string | undefined },
  { clock, ids }: FinalizeActionParts,
): Action<Subject, Overridden> => ({
  name: 'process.override',
  on: null,
  find: atTheGate,
  agreed: async ({ gate }) => expectSame(shown, gateMark(gate)),
  async act(subject, writes) {
    const { process, definition, gate } = subject;
    expectUnfinished(subject);
    if (reason.trim() === '') throw new UserError('An override takes a reason, which is public: --override REASON.');
    if (gate.passes) throw new UserError('Nothing is owed: it can be finalized without an override.');
    const at = new Date(clock());
    const opinions = [await opinionOf(actor, { agrees: true, words: null, at }, writes.members)];
    const override = { id: ids.uuid(), reason: reason.trim(), owed: owedCounts(gate), opinions };
    await writes.finalizations.propose(process.id, override, at);
    const { missing } = agreementOn(opinions, [], await decidingIn(definition, writes));
    return { missing, finalized: null };
  },
  detail: () => ({ reason: reason.trim() }),
});

const confirming = (
  actor: Actor,
  { closing, shown }: { closing: ClosingMessage; shown: string | undefined },
  parts: FinalizeActionParts,
): Action<Subject, Overridden & { reason: string }> => ({
  name: 'process.confirm_override',
  on: null,
  find: atTheGate,
  agreed: async ({ gate, override }) => expectSame(shown, gateMark(gate, override)),
  async act(subject, writes, after) {
    const { override, definition } = subject;
    expectUnfinished(subject);
    if (!override) throw new Refused('state', 'No override waits to be confirmed: --override REASON proposes one.');
    const { id, reason } = override;
    const said = { agrees: true, words: null, at: new Date(parts.clock()) };
    const opinions = withOpinion(override.opinions, await opinionOf(actor, said, writes.members));
    await writes.finalizations.say(id, opinions);
    const { missing } = agreementOn(opinions, [], await decidingIn(definition, writes));
    if (missing.length > 0) return { reason, missing, finalized: null };
    return { reason, missing, finalized: await finalize(actor, subject, closing, writes, after, parts) };
  },
  detail: ({ reason, finalized }) => ({ reason, finalized: finalized !== null }),
});

function expectSame(shown: string | undefined, mark: string): void {
  if (shown === undefined || shown === mark) return;
  throw new Refused(
    'agreed',
    'Nothing is done: what is owed has changed since it was shown. Look at it, and do it again.',
  );
}

/** With the closing message on its way, held and approved as every notice to so many. */
async function finalize(
  actor: Actor,
  { process, definition, override, gate }: Subject,
  { texts, recipients: agreed }: ClosingMessage,
  { finalizations, notices }: Writes,
  after: After,
  { clock, ids, queue, ...limits }: FinalizeActionParts,
): Promise<Finalized> {
  const by = actorName(actor);
  const now = new Date(clock());
  await finalizations.finalize(process.id, by, gate.passes ? null : (override?.id ?? null), now);
  const notice = closingNotice(Buffer.from(ids.bytes(6)).toString('hex'), texts, by);
  const recipients = recipientsIn(await notices.count(notice));
  expectShown(agreed === undefined ? {} : { recipients: agreed }, notice, recipients);
  if (recipients === 0) return { notice: null, recipients, at: null, approval: null };
  await notices.create(notice, now);
  const { at, approval } = outlookOf(notice, recipients, {}, { ...limits, clock, process: definition });
  await notices.schedule(notice.id, { at, zone: null, own: false, by, recipients, approval });
  if (approval === null) after(() => queue.startNotice(notice.id, Math.max(0, at.getTime() - clock())));
  return { notice: notice.id, recipients, at, approval };
}
