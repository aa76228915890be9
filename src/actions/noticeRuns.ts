import type { Clock } from '../core/clock.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import type { When } from '../notices/dates.ts';
import { heldUntil, KINDS } from '../notices/kinds.ts';
import { type Notice, type NoticeChange, type NoticeStatus, type Retry, recipientsIn } from '../notices/notice.ts';
import { outlookOf } from '../notices/outlook.ts';
import type { Queue } from '../notices/queue.ts';
import { existing } from '../notices/records.ts';
import type { ScheduledNotice } from '../notices/scheduledNews.ts';
import { type Actor, actorName } from '../people/actor.ts';
import { isOrganizer } from '../people/member.ts';
import type { MembersChat } from '../people/memberNews.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { expectShown, type ShownState } from './agreed.ts';
import { held } from './heldNotice.ts';
import type { Perform } from './perform.ts';
import { Refused } from './refused.ts';
import type { ActionName } from './table.ts';
import type { Writes } from './writes.ts';

export interface RunActionParts {
  perform: Perform;
  process: () => Promise<ProcessDefinition>;
  queue: Pick<Queue, 'startNotice' | 'retryReplies'>;
  /** What an organizer is told in that chat of what was scheduled elsewhere. */
  scheduledNews(news: ScheduledNotice, chat: MembersChat): Promise<OutboundMessage>;
  clock: Clock;
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

/** How notices go out. Each throws Refused where it may not be done, and UserError where it cannot. */
export interface RunActions {
  /**
   * Sends it at `when`, but not before the hold is over.
   * @throws UserError for an invalid or past moment, and for a question that is closed by then
   */
  schedule(actor: Actor, id: string, when?: When, shown?: ShownState): Promise<Scheduled>;
  /** Lets a notice to many begin; the hold starts again now. */
  approve(actor: Actor, id: string, shown?: ShownState): Promise<NoticeStatus>;
  change(actor: Actor, id: string, change: NoticeChange): Promise<NoticeStatus>;
  /** Sends failed and uncertain messages again, all or some; gives the number. `shown`: how many they were. */
  retry(actor: Actor, id: string, which?: Retry, shown?: Pick<ShownState, 'recipients'>): Promise<number>;
}

export const createRunActions = (parts: RunActionParts): RunActions => ({
  schedule: scheduleWith(parts),
  approve: approveWith(parts),
  change: changeWith(parts),
  retry: retryWith(parts),
});

const scheduleWith =
  (parts: RunActionParts): RunActions['schedule'] =>
  async (actor, id, when = {}, shown = {}) => {
    const limits = { ...parts, process: await parts.process() };
    return parts.perform(actor, {
      name: 'notices.schedule',
      on: id,
      find: held(id),
      async act({ notice }, writes, after) {
        const { notices } = writes;
        const recipients = recipientsIn(await notices.count(notice));
        expectShown(shown, notice, recipients);
        const { at, again, approval } = outlookOf(notice, recipients, when, limits);
        const moment = { at: again ? null : at, zone: when.zone ?? null, own: when.at === undefined };
        await notices.schedule(id, { ...moment, by: actorName(actor), recipients, approval });
        if (approval === null && !again) after(() => hint(id, at.getTime(), parts));
        if (!again) await tellOrganizers(actor, { notice, at, recipients }, { ...parts, writes, after });
        return { at, recipients, approval };
      },
      detail: ({ at, recipients, approval }) => ({ at: at.toISOString(), recipients, approval }),
    });
  };

/** In the chat it can be held back: what was scheduled elsewhere is told there, as long as that can be. */
async function tellOrganizers(
  { member, through }: Actor,
  scheduled: Omit<ScheduledNotice, 'name'>,
  {
    writes: { members, memberNews },
    after,
    ...parts
  }: RunActionParts & { writes: Writes; after: (work: () => void) => void },
): Promise<void> {
  const now = parts.clock();
  if ((through !== 'terminal' && through !== 'console') || scheduled.at.getTime() <= now) return;
  const all = await members.list();
  const name = all.find(({ id }) => id === member)?.name ?? member;
  const chats = await memberNews.chatsOf(all.filter(isOrganizer).map(({ id }) => id));
  const told = await Promise.all(
    chats.map(async (chat) => ({
      ...chat,
      payload: [stored(await parts.scheduledNews({ ...scheduled, name }, chat))],
    })),
  );
  const deliveries = await memberNews.tell(told, new Date(now));
  if (deliveries.length > 0) after(() => parts.queue.retryReplies(deliveries));
}

const approveWith =
  (parts: RunActionParts): RunActions['approve'] =>
  (actor, id, shown = {}) =>
    parts.perform(actor, {
      name: 'notices.approve',
      on: id,
      find: held(id),
      agreed: ({ notice }, writes) => expectApprovable(notice, shown, writes),
      async act({ notice }, { notices }, after) {
        const earliest = heldUntil(notice.kind, Number.POSITIVE_INFINITY, parts.clock(), parts.holdSeconds);
        await notices.approve(id, actorName(actor), new Date(earliest));
        const { at } = notice;
        if (at !== null) after(() => hint(id, Math.max(earliest, at.getTime()), parts));
        return existing(id, await notices.status(id));
      },
    });

const CHANGES: Record<NoticeChange, ActionName> = {
  pause: 'notices.pause',
  resume: 'notices.resume',
  cancel: 'notices.cancel',
};

const changeWith =
  ({ perform, queue }: RunActionParts): RunActions['change'] =>
  (actor, id, change) =>
    perform(actor, {
      name: CHANGES[change],
      on: id,
      find: held(id),
      async act(_, { notices }, after) {
        await notices.change(id, change, actorName(actor));
        if (change === 'resume') after(() => queue.startNotice(id, 0));
        return existing(id, await notices.status(id));
      },
    });

const retryWith =
  ({ perform, queue }: RunActionParts): RunActions['retry'] =>
  (actor, id, which = {}, shown = {}) =>
    perform(actor, {
      name: 'notices.retry',
      on: id,
      find: held(id),
      agreed: async ({ notice }, { notices }) =>
        expectShown(shown, notice, (await notices.retryable(id, which)).messages),
      async act(_, { notices }, after) {
        const count = await notices.retry(id, which, actorName(actor));
        if (count > 0) after(() => queue.startNotice(id, 0));
        return count;
      },
      detail: (messages) => ({ messages }),
    });

const hint = (id: string, at: number, { queue, clock }: Pick<RunActionParts, 'queue' | 'clock'>): void =>
  queue.startNotice(id, Math.max(0, at - clock()));

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
