import type { Clock, Ids } from '../core/clock.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import { expectTimely, overtakenDraft, type When } from '../notices/dates.ts';
import { type NoticeDraft, readDraft } from '../notices/file.ts';
import { heldUntil, KINDS } from '../notices/kinds.ts';
import {
  BLANK_NOTICE,
  type Notice,
  type NoticeChange,
  type NoticeStatus,
  type Retry,
  recipientsIn,
} from '../notices/notice.ts';
import { outlookOf } from '../notices/outlook.ts';
import type { Queue } from '../notices/queue.ts';
import { existing } from '../notices/records.ts';
import { unansweredDraft } from '../notices/repeat.ts';
import { type Actor, actorName, OPERATOR } from '../people/actor.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { expectShown, type ShownState } from './agreed.ts';
import { nothing, type Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { ActionName } from './table.ts';
import type { Writes } from './writes.ts';

export interface NoticeActionParts {
  perform: Perform;
  process: () => Promise<ProcessDefinition>;
  queue: Pick<Queue, 'startNotice' | 'retryReplies'>;
  clock: Clock;
  ids: Ids;
  /** How long a notice can still be called back before its first message goes. */
  holdSeconds: number;
  /** More recipients than this need a second member's approval. */
  approvalAbove: number;
}

export interface Scheduled {
  /** When the first message goes, or would go once it is approved. */
  at: Date;
  recipients: number;
  approval: 'needed' | null;
}

/** What members and operators do with notices. Each throws Refused where it may not be done, and Mistake where it cannot. */
export interface NoticeActions {
  /** @throws UserError that names every wrong place of the draft, and what of it time has overtaken */
  create(actor: Actor, draft: unknown, file?: NoticeFile | null): Promise<{ id: string }>;
  /** Puts copies on their way to whoever tries it out: at once, and outside its audience. */
  test(actor: Actor, id: string, copies: readonly TestCopy[]): Promise<TestCopy[]>;
  /** A draft of the same words, to those who had the notice and have not answered. */
  repeat(actor: Actor, id: string): Promise<{ id: string; draft: NoticeDraft }>;
  /** Never sooner than the hold from now. @throws UserError for a moment that is not one or has passed, and for what could not be answered then */
  schedule(actor: Actor, id: string, when?: When, shown?: ShownState): Promise<Scheduled>;
  /** Lets a notice to many begin; the hold counts again from here. */
  approve(actor: Actor, id: string, shown?: ShownState): Promise<NoticeStatus>;
  change(actor: Actor, id: string, change: NoticeChange): Promise<NoticeStatus>;
  /** Sends failed and uncertain messages again, by choice only some; gives how many. */
  retry(actor: Actor, id: string, which?: Retry): Promise<number>;
}

const CHANGES: Record<NoticeChange, ActionName> = {
  pause: 'notices.pause',
  resume: 'notices.resume',
  cancel: 'notices.cancel',
};

export function createNoticeActions(parts: NoticeActionParts): NoticeActions {
  const { perform, process, queue, clock, ids } = parts;
  const hint = (id: string, at: number) => queue.startNotice(id, Math.max(0, at - clock()));

  async function keep(draft: NoticeDraft, actor: Actor, { notices }: Writes): Promise<{ id: string }> {
    const id = Buffer.from(ids.bytes(6)).toString('hex');
    await notices.create({ ...BLANK_NOTICE, id, createdBy: actorName(actor), ...draft }, new Date(clock()));
    return { id };
  }

  return {
    async create(actor, draft, file = null) {
      const definition = await process();
      return perform(actor, {
        name: 'notices.create',
        on: ({ id }) => id,
        find: nothing,
        async act(_, writes) {
          const read = readDraft(draft, definition.timeZone);
          expectTimely(overtakenDraft(read, definition, clock()));
          return keep(await withFile(read, file, writes), actor, writes);
        },
      });
    },
    repeat: (actor, id) =>
      perform(actor, {
        name: 'notices.repeat',
        on: (made: { id: string }) => made.id,
        find: held(id),
        async act({ notice }, writes) {
          const draft = unansweredDraft(notice);
          return { ...(await keep(draft, actor, writes)), draft };
        },
        detail: () => ({ of: id }),
      }),
    test: (actor, id, copies) =>
      perform(actor, {
        name: 'notices.test',
        on: id,
        find: held(id),
        async act(_, { testSends }, after) {
          const sent: TestCopy[] = [];
          const deliveries: string[] = [];
          for (const copy of copies) {
            const delivery = await testSends.put(copy.identityId, [stored(copy.message)]);
            if (delivery !== null) deliveries.push(delivery);
            if (delivery !== null) sent.push(copy);
          }
          after(() => queue.retryReplies(deliveries));
          return sent;
        },
        detail: (sent) => ({ copies: sent.length }),
      }),
    async schedule(actor, id, when = {}, shown = {}) {
      const definition = await process();
      return perform(actor, {
        name: 'notices.schedule',
        on: id,
        find: held(id),
        act: ({ notice }, writes, after) => schedule(notice, { actor, when, shown, definition, writes, after }),
        detail: ({ at, recipients, approval }) => ({ at: at.toISOString(), recipients, approval }),
      });
    },
    approve: (actor, id, shown = {}) =>
      perform(actor, {
        name: 'notices.approve',
        on: id,
        find: held(id),
        agreed: ({ notice }, writes) => expectApprovable(notice, shown, writes),
        async act({ notice }, { notices }, after) {
          const earliest = heldUntil(notice.kind, Number.POSITIVE_INFINITY, clock(), parts.holdSeconds);
          await notices.approve(id, actorName(actor), new Date(earliest));
          const { at } = notice;
          if (at !== null) after(() => hint(id, Math.max(earliest, at.getTime())));
          return existing(id, await notices.status(id));
        },
      }),
    change: (actor, id, change) =>
      perform(actor, {
        name: CHANGES[change],
        on: id,
        find: held(id),
        async act(_, { notices }, after) {
          await notices.change(id, change, actorName(actor));
          if (change === 'resume') after(() => queue.startNotice(id, 0));
          return existing(id, await notices.status(id));
        },
      }),
    retry: (actor, id, which = {}) =>
      perform(actor, {
        name: 'notices.retry',
        on: id,
        find: held(id),
        async act(_, { notices }, after) {
          const count = await notices.retry(id, which, actorName(actor));
          if (count > 0) after(() => queue.startNotice(id, 0));
          return count;
        },
        detail: (messages) => ({ messages }),
      }),
  };

  async function schedule(notice: Notice, doing: Scheduling): Promise<Scheduled> {
    const { actor, when, shown, definition, writes, after } = doing;
    const { id } = notice;
    const recipients = recipientsIn(await writes.notices.count(notice));
    expectShown(shown, notice, recipients);
    const { at, again, approval } = outlookOf(notice, recipients, when, { ...parts, process: definition });
    const moment = { at: again ? null : at, zone: when.zone ?? null, own: when.at === undefined };
    await writes.notices.schedule(id, { ...moment, by: actorName(actor), recipients, approval });
    if (approval === null && !again) after(() => hint(id, at.getTime()));
    return { at, recipients, approval };
  }
}

interface Scheduling {
  actor: Actor;
  when: When;
  shown: ShownState;
  definition: ProcessDefinition;
  writes: Writes;
  after: (work: () => void) => void;
}

/** A file that a notice brings, before it is kept. */
export interface NoticeFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

/** With the id of its file, which is kept with it. */
export async function withFile(draft: NoticeDraft, file: NoticeFile | null, { notices }: Writes): Promise<NoticeDraft> {
  if (file === null) return draft;
  const { name, mime } = file;
  return { ...draft, attachment: { name, mime, file: await notices.keepFile(file) } };
}

/** A notice as one reader gets it, for trying it out. */
export interface TestCopy {
  identityId: string;
  message: OutboundMessage;
}

/** How a notice stands, as far as the table asks. Whoever wrote it may be the operator who has scheduled it. */
export const standingOf = ({ kind, state, scheduledBy, createdBy }: NoticeStanding): Standing => ({
  ...{ kind, state },
  firsts: scheduledBy === null || scheduledBy === OPERATOR ? [scheduledBy, createdBy] : [scheduledBy],
});
export type NoticeStanding = Pick<Notice, 'kind' | 'state' | 'scheduledBy' | 'createdBy'>;

/** A notice, held until the action is done. */
export const held =
  (id: string) =>
  async ({ notices }: Writes): Promise<Standing & { notice: Notice }> => {
    const notice = existing(id, await notices.hold(id));
    return { notice, ...standingOf(notice), called: `Notice ${id}` };
  };

async function expectApprovable(notice: Notice, shown: ShownState, { notices }: Writes): Promise<void> {
  const { id, approval, approvedBy } = notice;
  if (approval !== 'needed')
    throw new Refused(
      'state',
      `Notice ${id} does not wait for approval${approvedBy ? `: ${approvedBy} has given it` : ''}.`,
    );
  // A release has its recipients from the beginning; every other notice finds them when it begins.
  const open = KINDS[notice.kind].reaches === 'made_for' ? existing(id, await notices.status(id)).open : null;
  expectShown(shown, notice, open ?? recipientsIn(await notices.count(notice)));
}
