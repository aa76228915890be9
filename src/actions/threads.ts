import type { Clock } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { goesOnUntil, type HeldThread, mayAnswer, rolesFor, threadTerms } from '../responses/thread.ts';
import type { ThreadEnd } from '../responses/threadMessages.ts';
import type { Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface ThreadActionParts {
  perform: Perform;
  queue: Pick<Queue, 'retryReplies'>;
  process: () => Promise<ProcessDefinition>;
  /** What the person reads of it. */
  threadMessage(thread: HeldThread, end: ThreadEnd): Promise<OutboundMessage>;
  clock: Clock;
}

/** What became of it: whether its person can be reached now. */
export interface ThreadDone {
  reference: string;
  reached: boolean;
}

/** How members answer people in plain words. */
export interface ThreadActions {
  /** The person gets it as an answer to their own words. @throws Refused where another has answered, or it has ended */
  answer(actor: Actor, reference: string, text: string): Promise<ThreadDone>;
  /** Another member answers it. @throws UserError where they may not */
  handOver(actor: Actor, reference: string, to: string): Promise<{ reference: string; to: string }>;
  /** Whoever still waits is told. */
  close(actor: Actor, reference: string): Promise<ThreadDone>;
}

type Subject = Standing & { held: HeldThread };

export function createThreadActions(parts: ThreadActionParts): ThreadActions {
  const { perform, queue, clock } = parts;

  const find =
    (reference: string) =>
    async ({ threads }: Writes): Promise<Subject> => {
      const held = await threads.hold(reference);
      if (held) return { held, thread: held.kind, called: held.reference };
      throw new UserError(
        `There is no question ${reference}. \`${commandLine('threads list')}\` shows those that there are.`,
      );
    };

  async function tell(held: HeldThread, end: ThreadEnd, { threads }: Writes, after: (work: () => void) => void) {
    const now = clock();
    const until = goesOnUntil(now, threadTerms(await parts.process()));
    const messages = [stored(await parts.threadMessage(held, end))];
    const delivery = await threads.tell(held, { messages, until }, new Date(now));
    if (delivery !== null) after(() => queue.retryReplies([delivery]));
    return { reference: held.reference, reached: delivery !== null };
  }

  return {
    answer: (actor, reference, text) =>
      perform(actor, {
        name: 'threads.answer',
        on: reference,
        find: find(reference),
        agreed: async ({ held }) => expectWaiting(held, actor),
        async act({ held }, writes, after) {
          const words = text.trim();
          if (words === '') throw new UserError('There is nothing in the answer. Write what the person is to read.');
          await writes.threads.answer(held.id, { by: actorName(actor), text: words, at: new Date(clock()) });
          return tell(held, { answered: words }, writes, after);
        },
        detail: ({ reached }) => ({ reached }),
      }),
    handOver: (actor, reference, to) =>
      perform(actor, {
        name: 'threads.hand',
        on: reference,
        find: find(reference),
        async act({ held }, { members, threads }) {
          const member = await members.find(to);
          if (!member || !mayAnswer(member, held.kind)) throw new UserError(notFor(to, member !== null, held));
          await threads.assign(held.id, member.id);
          return { reference: held.reference, to: member.id };
        },
        detail: ({ to: member }) => ({ to: member }),
      }),
    close: (actor, reference) =>
      perform(actor, {
        name: 'threads.close',
        on: reference,
        find: find(reference),
        async act({ held }, writes, after) {
          if (held.state === 'closed') return { reference: held.reference, reached: false };
          await writes.threads.close(held.id, actorName(actor), new Date(clock()));
          if (held.state === 'answered') return { reference: held.reference, reached: true };
          return tell(held, 'closed', writes, after);
        },
        detail: ({ reached }) => ({ reached }),
      }),
  };
}

/** Two members do not answer the same words. @throws Refused */
function expectWaiting({ state, assigned, reference }: HeldThread, { member }: Actor): void {
  if (state === 'closed')
    throw new Refused('state', `${reference} has ended and cannot be answered: its person may take it up again.`);
  if (state === 'answered' && member !== null && assigned !== member)
    throw new Refused('state', `${reference} has been answered already${assigned === null ? '' : ` by ${assigned}`}.`);
}

function notFor(to: string, there: boolean, { kind }: HeldThread): string {
  const who = `\`${commandLine('members list')}\` shows who there is.`;
  if (!there) return `There is no member "${to}". ${who}`;
  return `${to} may not answer a ${kind}: it takes a member with the role ${rolesFor(kind).join(' or ')}. ${who}`;
}
