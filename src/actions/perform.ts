import type { Clock } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, type AuditEntry, actorName } from '../people/actor.ts';
import { refusalOf, type Standing } from './permission.ts';
import { DoneBefore, Refused } from './refused.ts';
import type { ActionName } from './table.ts';
import type { ActionStore, CoreWrites, Writes } from './writes.ts';

/** One thing to be done, for whoever asks for it. */
export interface Action<Subject extends Standing, Result, W extends CoreWrites = Writes> {
  name: ActionName | ((subject: Subject) => ActionName);
  /** What the audit says that it was done to. */
  on: string | null | ((result: Result) => string | null);
  /** What it is done to, held until it is done. @throws UserError when there is none */
  find(writes: W): Promise<Subject>;
  /** Whether that is what its actor was shown, and has agreed to. @throws Refused when it is not */
  agreed?(subject: Subject, writes: W): Promise<void>;
  /** Does it. `after`: what follows once it is kept, and is made good elsewhere where it is lost. */
  act(subject: Subject, writes: W, after: (work: () => void) => void): Promise<Result>;
  /** What it came to, where the same request has done it before; left out: DoneBefore is thrown. */
  again?(writes: W): Promise<Result>;
  /** For the audit: counts and the like, nothing of people. */
  detail?(result: Result): Record<string, unknown>;
}

/**
 * Does something for an actor: asks the table, how its subject stands, what they agreed to and whose word it takes, and does
 * it with its entry in the audit in one transaction. What is refused leaves an entry as well.
 * @throws Refused, DoneBefore where the actor's request was done before, and whatever UserError the action throws
 */
export type Perform<W extends CoreWrites = Writes> = <S extends Standing, R>(
  actor: Actor,
  action: Action<S, R, W>,
) => Promise<R>;

/**
 * Whether it would be refused by the table as things stand, for whoever asks before it is done: before a number is typed in
 * vain. @throws Refused, and leaves an entry
 */
export type Expect<W extends CoreWrites = Writes> = <S extends Standing>(
  actor: Actor,
  name: ActionName,
  find?: (writes: W) => Promise<S>,
  on?: string,
) => Promise<void>;

/** Of an action that is done to nothing that has states. */
export const nothing = async (): Promise<Standing> => ({});

export interface PerformParts<W extends CoreWrites = Writes> {
  store: ActionStore<W>;
  clock: Clock;
}

export function createPerform<W extends CoreWrites = Writes>({
  store,
  clock,
}: PerformParts<W>): { perform: Perform<W>; expect: Expect<W> } {
  const entryOf = (actor: Actor, name: ActionName, more: Pick<AuditEntry, 'subject' | 'outcome' | 'detail'>) => ({
    ...{ at: new Date(clock()), actor: actorName(actor), interface: actor.through, action: name, ...more },
    request: more.outcome === 'done' ? (actor.request ?? null) : null,
  });

  /** Passes the error on, once it is in the audit as far as it is a refusal. */
  async function refused(
    error: unknown,
    actor: Actor,
    name: ActionName | null,
    subject: string | null,
  ): Promise<never> {
    if (error instanceof UserError && !(error instanceof DoneBefore) && name !== null) {
      const detail = { reason: error instanceof Refused ? error.reason : 'mistake' };
      await store.transaction(({ audit }) => audit.add(entryOf(actor, name, { subject, outcome: 'refused', detail })));
    }
    throw error;
  }

  async function expectAllowed(actor: Actor, name: ActionName, subject: Standing, writes: CoreWrites): Promise<void> {
    const member = actor.member === null ? null : await writes.members.find(actor.member);
    const refusal = refusalOf(name, actor, member, subject);
    if (refusal) throw refusal;
  }

  return {
    async perform(actor, action) {
      const followUps: (() => void)[] = [];
      let name = typeof action.name === 'string' ? action.name : null;
      const result = await store
        .transaction(async (writes) => {
          if (actor.request !== undefined && (await writes.audit.isDone(actor.request))) throw new DoneBefore();
          const subject = await action.find(writes);
          name = typeof action.name === 'string' ? action.name : action.name(subject);
          await expectAllowed(actor, name, subject, writes);
          await action.agreed?.(subject, writes);
          const made = await action.act(subject, writes, (work) => followUps.push(work));
          const on = typeof action.on === 'function' ? action.on(made) : action.on;
          const detail = action.detail?.(made) ?? null;
          if (!(await writes.audit.add(entryOf(actor, name, { subject: on, outcome: 'done', detail }))))
            throw new DoneBefore();
          return made;
        })
        .catch((error: unknown) => {
          const { again } = action;
          if (error instanceof DoneBefore && again) return store.transaction(again);
          return refused(error, actor, name, typeof action.on === 'string' ? action.on : null);
        });
      for (const work of followUps) work();
      return result;
    },
    expect: (actor, name, find, on) =>
      store
        .transaction(async (writes) => expectAllowed(actor, name, (await find?.(writes)) ?? {}, writes))
        .catch((error: unknown) => refused(error, actor, name, on ?? null)),
  };
}
