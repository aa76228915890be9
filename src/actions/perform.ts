import type { Clock } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, actorName } from '../people/actor.ts';
import { refusalOf, type Standing } from './permission.ts';
import { DoneBefore, Refused } from './refused.ts';
import type { ActionName } from './table.ts';
import type { ActionStore, CoreWrites, Writes } from './writes.ts';

/** One thing to be done for an actor. */
export interface Action<Subject extends Standing, Result, W extends CoreWrites = Writes> {
  name: ActionName | ((subject: Subject) => ActionName);
  /** The subject that the audit names. */
  on: string | null | ((result: Result) => string | null);
  /** What it is done to, held until it is done. @throws UserError when there is none */
  find(writes: W): Promise<Subject>;
  /** Whether that is what its actor was shown, and has agreed to. @throws Refused when it is not */
  agreed?(subject: Subject, writes: W): Promise<void>;
  /** Does it. `after`: work for when it is committed; if that is lost, a sweep makes up for it. */
  act(subject: Subject, writes: W, after: (work: () => void) => void): Promise<Result>;
  /** The result, if the same request has done it before; left out: DoneBefore is thrown. */
  again?(writes: W): Promise<Result>;
  /** For the audit: counts and the like, nothing personal. */
  detail?(result: Result): Record<string, unknown>;
}

/**
 * Does something for an actor: checks the table, the state of its subject, what they agreed to and whether it takes a second
 * member, and does it with its entry in the audit in one transaction. What is refused leaves an entry as well.
 * @throws Refused, DoneBefore where the actor's request was done before, and whatever UserError the action throws
 */
export type Perform<W extends CoreWrites = Writes> = <S extends Standing, R>(
  actor: Actor,
  action: Action<S, R, W>,
) => Promise<R>;

/**
 * Whether it would be refused by the table as things stand, for callers that ask before it is done: before a person types a
 * number in vain. @throws Refused, and leaves an entry
 */
export type Expect<W extends CoreWrites = Writes> = <S extends Standing>(
  actor: Actor,
  name: ActionName,
  find?: (writes: W) => Promise<S>,
  on?: string,
) => Promise<void>;

/** For actions without a subject that has states. */
export const nothing = async (): Promise<Standing> => ({});

export interface PerformParts<W extends CoreWrites = Writes> {
  store: ActionStore<W>;
  clock: Clock;
}

export const createPerform = <W extends CoreWrites = Writes>(
  parts: PerformParts<W>,
): { perform: Perform<W>; expect: Expect<W> } => ({
  perform: performWith(parts),
  expect: expectWith(parts),
});

const performWith =
  <W extends CoreWrites>(parts: PerformParts<W>): Perform<W> =>
  async (actor, action) => {
    const followUps: (() => void)[] = [];
    const tried: { name: ActionName | null } = { name: typeof action.name === 'string' ? action.name : null };
    const result = await parts.store
      .transaction((writes) => done(actor, action, writes, { tried, followUps, clock: parts.clock }))
      .catch((error: unknown) => {
        if (error instanceof DoneBefore && action.again) return parts.store.transaction(action.again);
        return refused(error, actor, { name: tried.name, on: typeof action.on === 'string' ? action.on : null }, parts);
      });
    for (const work of followUps) work();
    return result;
  };

interface Doing {
  /** What is asked for, once that is known. */
  tried: { name: ActionName | null };
  followUps: (() => void)[];
  clock: Clock;
}

/** Does it with its entry, within the transaction of `writes`. */
async function done<S extends Standing, R, W extends CoreWrites>(
  actor: Actor,
  action: Action<S, R, W>,
  writes: W,
  { tried, followUps, clock }: Doing,
): Promise<R> {
  if (actor.request !== undefined && (await writes.audit.isDone(actor.request))) throw new DoneBefore();
  const subject = await action.find(writes);
  const name = typeof action.name === 'string' ? action.name : action.name(subject);
  tried.name = name;
  await expectAllowed(actor, name, subject, writes);
  await action.agreed?.(subject, writes);
  const result = await action.act(subject, writes, (work) => followUps.push(work));
  const entry = {
    subject: typeof action.on === 'function' ? action.on(result) : action.on,
    detail: action.detail?.(result) ?? null,
    request: actor.request ?? null,
  };
  // Another with the same request may have come first since we looked.
  if (!(await writes.audit.add({ ...whoDid(actor, name, clock), outcome: 'done', ...entry }))) throw new DoneBefore();
  return result;
}

const expectWith =
  <W extends CoreWrites>(parts: PerformParts<W>): Expect<W> =>
  (actor, name, find, on) =>
    parts.store
      .transaction(async (writes) => expectAllowed(actor, name, (await find?.(writes)) ?? {}, writes))
      .catch((error: unknown) => refused(error, actor, { name, on: on ?? null }, parts));

/** Rethrows the error; a refusal is entered in the audit first. */
async function refused<W extends CoreWrites>(
  error: unknown,
  actor: Actor,
  { name, on: subject }: { name: ActionName | null; on: string | null },
  { store, clock }: PerformParts<W>,
): Promise<never> {
  if (error instanceof UserError && !(error instanceof DoneBefore) && name !== null) {
    const detail = { reason: error instanceof Refused ? error.reason : 'mistake' };
    const entry = { ...whoDid(actor, name, clock), subject, outcome: 'refused', detail, request: null } as const;
    await store.transaction(({ audit }) => audit.add(entry));
  }
  throw error;
}

const whoDid = (actor: Actor, action: ActionName, clock: Clock) => ({
  at: new Date(clock()),
  actor: actorName(actor),
  interface: actor.through,
  action,
});

async function expectAllowed(actor: Actor, name: ActionName, subject: Standing, writes: CoreWrites): Promise<void> {
  const member = actor.member === null ? null : await writes.members.find(actor.member);
  const refusal = refusalOf(name, actor, member, subject);
  if (refusal) throw refusal;
}
