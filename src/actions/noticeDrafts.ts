import type { Clock, Ids } from '../core/clock.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import { expectTimely, overtakenDraft } from '../notices/dates.ts';
import { type NoticeDraft, readDraft } from '../notices/file.ts';
import { BLANK_NOTICE } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import { unansweredDraft } from '../notices/repeat.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { held, type NoticeFile, withFile } from './heldNotice.ts';
import { nothing, type Perform } from './perform.ts';
import type { Writes } from './writes.ts';

export interface DraftActionParts {
  perform: Perform;
  process: () => Promise<ProcessDefinition>;
  queue: Pick<Queue, 'retryReplies'>;
  clock: Clock;
  ids: Ids;
}

/** A notice as one reader gets it, for trying it out. */
export interface TestCopy {
  identityId: string;
  message: OutboundMessage;
}

/** What is done with notices before they go. Each throws Refused where it may not be done, and UserError where it cannot. */
export interface DraftActions {
  /** @throws UserError that names every mistake in the draft, and everything in it that is in the past */
  create(actor: Actor, draft: unknown, file?: NoticeFile | null): Promise<{ id: string }>;
  /** Makes a draft with the same words, to those who had the notice and have not answered. */
  repeat(actor: Actor, id: string): Promise<{ id: string; draft: NoticeDraft }>;
  /** Sends copies at once, outside the notice's audience; gives those that went on their way. */
  test<C extends TestCopy>(actor: Actor, id: string, copies: readonly C[]): Promise<C[]>;
}

export const createDraftActions = (parts: DraftActionParts): DraftActions => ({
  create: createWith(parts),
  repeat: repeatWith(parts),
  test: testWith(parts),
});

const createWith =
  (parts: DraftActionParts): DraftActions['create'] =>
  async (actor, draft, file = null) => {
    const definition = await parts.process();
    return parts.perform(actor, {
      name: 'notices.create',
      on: ({ id }) => id,
      find: nothing,
      async act(_, writes) {
        const read = readDraft(draft, definition.timeZone);
        expectTimely(overtakenDraft(read, definition, parts.clock()));
        return keep(await withFile(read, file, writes), actor, writes, parts);
      },
    });
  };

const repeatWith =
  (parts: DraftActionParts): DraftActions['repeat'] =>
  (actor, id) =>
    parts.perform(actor, {
      name: 'notices.repeat',
      on: (made: { id: string }) => made.id,
      find: held(id),
      async act({ notice }, writes) {
        const draft = unansweredDraft(notice);
        return { ...(await keep(draft, actor, writes, parts)), draft };
      },
      detail: () => ({ of: id }),
    });

const testWith =
  ({ perform, queue }: DraftActionParts): DraftActions['test'] =>
  (actor, id, copies) =>
    perform(actor, {
      name: 'notices.test',
      on: id,
      find: held(id),
      async act(_, { testSends }, after) {
        const sent: (typeof copies)[number][] = [];
        const deliveries: string[] = [];
        for (const copy of copies) {
          const delivery = await testSends.put(copy.identityId, [stored(copy.message)]);
          if (delivery === null) continue;
          deliveries.push(delivery);
          sent.push(copy);
        }
        after(() => queue.retryReplies(deliveries));
        return sent;
      },
      detail: (sent) => ({ copies: sent.length }),
    });

async function keep(
  draft: NoticeDraft,
  actor: Actor,
  { notices }: Writes,
  { ids, clock }: Pick<DraftActionParts, 'ids' | 'clock'>,
): Promise<{ id: string }> {
  const id = Buffer.from(ids.bytes(6)).toString('hex');
  await notices.create({ ...BLANK_NOTICE, id, createdBy: actorName(actor), ...draft }, new Date(clock()));
  return { id };
}
