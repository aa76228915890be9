import type { Clock, Ids } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { type AnswerFile, type HeldThread, mayAnswer, rolesFor, takesAnswer } from '../responses/thread.ts';
import type { ThreadEnd, ThreadOf } from '../responses/threadMessages.ts';
import type { Action, Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface ThreadActionParts {
  perform: Perform;
  queue: Pick<Queue, 'retryReplies'>;
  process: () => Promise<ProcessDefinition>;
  /** What the person reads of it. */
  threadMessages(thread: ThreadOf, end: ThreadEnd): Promise<OutboundMessage[]>;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
}

/** What became of it: whether its person can be reached now. */
export interface ThreadDone {
  reference: string;
  reached: boolean;
}

/** How members answer people in plain words. */
export interface ThreadActions {
  /** The person gets it as an answer to their own words. @throws Refused where another has answered, or it has ended */
  answer(actor: Actor, reference: string, text: string, files?: readonly AnswerFile[]): Promise<ThreadDone>;
  /** Another member answers it. @throws UserError where they may not */
  handOver(actor: Actor, reference: string, to: string): Promise<{ reference: string; to: string }>;
  /** Whoever still waits is told. */
  close(actor: Actor, reference: string): Promise<ThreadDone>;
}

type Subject = Standing & { held: HeldThread };

export function createThreadActions(parts: ThreadActionParts): ThreadActions {
  const { perform } = parts;
  return {
    answer: (actor, reference, text, files = []) =>
      perform(actor, answering(actor, reference, { answered: text.trim(), files }, parts)),
    handOver: (actor, reference, to) => perform(actor, handingOver(reference, to)),
    close: (actor, reference) => perform(actor, closing(actor, reference, parts)),
  };
}

const answering = (
  actor: Actor,
  reference: string,
  end: Exclude<ThreadEnd, 'closed'>,
  parts: ThreadActionParts,
): Action<Subject, ThreadDone> => ({
  name: 'threads.answer',
  on: reference,
  find: heldBy(reference),
  agreed: async ({ held }) => expectWaiting(held, actor),
  async act({ held }, writes, after) {
    const { answered: text } = end;
    if (text === '' && end.files.length === 0)
      throw new UserError('There is nothing in the answer. Write what the person is to read.');
    const files = end.files.map((file) => ({ ...file, ref: `answer:${parts.ids.uuid()}` }));
    await writes.threads.answer(held, { by: actorName(actor), text, files, at: new Date(parts.clock()) });
    return tell(held, end, { ...parts, writes, after });
  },
  detail: ({ reached }) => ({ reached }),
});

const handingOver = (reference: string, to: string): Action<Subject, { reference: string; to: string }> => ({
  name: 'threads.hand',
  on: reference,
  find: heldBy(reference),
  async act({ held }, { members, threads }) {
    const member = await members.find(to);
    if (!member || !mayAnswer(member, held.kind)) throw new UserError(notFor(to, member !== null, held));
    await threads.assign(held.id, member.id);
    return { reference: held.reference, to: member.id };
  },
  detail: ({ to: member }) => ({ to: member }),
});

const closing = (actor: Actor, reference: string, parts: ThreadActionParts): Action<Subject, ThreadDone> => ({
  name: 'threads.close',
  on: reference,
  find: heldBy(reference),
  async act({ held }, writes, after) {
    if (held.state === 'closed') return { reference: held.reference, reached: false };
    await writes.threads.close(held.id, actorName(actor), new Date(parts.clock()));
    if (held.state === 'answered') return { reference: held.reference, reached: true };
    return tell(held, 'closed', { ...parts, writes, after });
  },
  detail: ({ reached }) => ({ reached }),
});

const heldBy =
  (reference: string) =>
  async ({ threads }: Writes): Promise<Subject> => {
    const held = await threads.hold(reference);
    if (held) return { held, thread: held.kind, called: held.reference };
    throw new UserError(
      `There is no question ${reference}. \`${commandLine('threads list')}\` shows those that there are.`,
    );
  };

/** Puts it on its way to the person whose thread it is. */
async function tell(
  held: HeldThread,
  end: ThreadEnd,
  {
    queue,
    threadMessages,
    clock,
    writes,
    after,
  }: ThreadActionParts & {
    writes: Writes;
    after: (work: () => void) => void;
  },
): Promise<ThreadDone> {
  const messages = (await threadMessages(held, end)).map(stored);
  const delivery = await writes.threads.tell(held, messages, new Date(clock()));
  if (delivery !== null) after(() => queue.retryReplies([delivery]));
  return { reference: held.reference, reached: delivery !== null };
}

/** @throws Refused */
function expectWaiting(held: HeldThread, { member }: Actor): void {
  const { state, assigned, reference } = held;
  if (takesAnswer(held, member)) return;
  if (state === 'closed')
    throw new Refused('state', `${reference} has ended and cannot be answered: its person may take it up again.`);
  throw new Refused('state', `${reference} has been answered already${assigned === null ? '' : ` by ${assigned}`}.`);
}

function notFor(to: string, there: boolean, { kind }: HeldThread): string {
  const who = `\`${commandLine('members list')}\` shows who there is.`;
  if (!there) return `There is no member "${to}". ${who}`;
  return `${to} may not answer a ${kind}: it takes a member with the role ${rolesFor(kind).join(' or ')}. ${who}`;
}
