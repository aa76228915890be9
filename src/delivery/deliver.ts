import type { Channel, ChannelName } from '../core/channel.ts';
import type { Clock, Ids } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { type NoticeMessage, revived } from '../core/message.ts';
import type { Slice } from '../notices/queue.ts';
import { createAttempts } from './attempt.ts';
import { createBackoff } from './backoff.ts';
import { createLeases, LEASE_MS } from './leases.ts';
import { later, sent, skipped, startOf } from './outcomes.ts';
import { createOutcomeWriter } from './outcomeWriter.ts';
import { createPerChatQueue } from './perChatQueue.ts';
import type { ClaimedDelivery, ClaimedReply, Deliveries, Outcome } from './ports.ts';
import { chunkFor, createRateLimiter, type Pause, safeRate, systemPause } from './rateLimiter.ts';
import { createReplyRate, type ReplyRate } from './replyRate.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** Reservations further ahead than this are not made: what is reserved and not used is lost to everybody. */
const HORIZON_MS = 1_000;
/** A worker waits this long in place; for longer waits the job goes back to the queue. */
const PATIENCE_MS = 1_500;
/** Claiming begins this much before the first message may go. */
const CLAIM_AHEAD_MS = 60;
/** The longest for which a job waits in the queue for what is left of it. */
const LONGEST_SLEEP_MS = 10_000;
/** Whoever is so far ahead of the pace of answers has written three in a moment; theirs come one after the other. */
const UNHURRIED_MS = 3_000;
const HURRIED_GAP_MS = 350;
/** Replies that wait when everything ends may still go for so long; the rest is for whoever comes next. */
const FAREWELL_MS = 3_000;

export interface DeliverParts {
  deliveries: Deliveries;
  rateLimit: SharedRateLimit;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** What is left to send of notices, by delivery id; one that is missing has nothing to say any more. */
  render: (rows: ClaimedDelivery[]) => Promise<Map<string, NoticeMessage[]>>;
  /** Whether what could not be written may be written in a moment. */
  isOutage: (error: unknown) => boolean;
  clock: Clock;
  ids: Ids;
  log: Log;
  pause?: Pause;
}

export interface Deliverer {
  /** Works through a slice at the channel's rate. Says when what is left of it may be tried again. */
  deliver(slice: Pick<Slice, 'channel' | 'ids'>, signal?: AbortSignal): Promise<{ againInMs: number | null }>;
  /** Sends the replies of committed turns, as fast as the platform takes them; resolves when their outcomes are written. */
  sendClaimed(replies: ClaimedReply[]): Promise<void>;
  /** Claims and sends replies that an earlier attempt left behind. */
  retryReplies(ids: string[], signal?: AbortSignal): Promise<void>;
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
  /** Gives back what has to wait longer than a moment; resolves when nothing is in hand. */
  stop(): Promise<void>;
}

export const rateLimitKey = (channel: ChannelName): string => `bulk:${channel}`;

export function createDeliverer(parts: DeliverParts): Deliverer {
  const { deliveries, rateLimit, clock, ids, log, pause = systemPause } = parts;
  const outcomeWriter = createOutcomeWriter((outcomes) => deliveries.settle(outcomes), parts.isOutage, pause, log);
  const rateLimiter = createRateLimiter(clock, pause);
  const backoff = createBackoff(clock);
  const lanes = createPerChatQueue(clock, pause);
  const leases = createLeases(deliveries, clock, log);
  const rates = new Map<ChannelName, ReplyRate>();
  const leaving = new AbortController();
  const { attempt, askAboutBlock } = createAttempts({
    ...{ rateLimit, backoff, leases, rateOf, leaving: leaving.signal, clock, ids, pause, log },
    keyOf: rateLimitKey,
  });

  async function deliver(slice: Pick<Slice, 'channel' | 'ids'>, signal?: AbortSignal) {
    const channel = parts.channels.get(slice.channel);
    if (!channel) return { againInMs: null };
    const rate = safeRate(channel.limits.perSecond);
    // The rate is for what goes out: of a notice that was cancelled or paused, none of it is used up.
    let left = await deliveries.due(slice.ids);
    const held: Promise<number>[] = [];
    while (left.length > 0 && !signal?.aborted) {
      const turn = await rateLimit.take(
        rateLimitKey(slice.channel),
        Math.min(left.length, chunkFor(rate)),
        rate,
        HORIZON_MS,
      );
      if (turn.granted === 0 && turn.waitMs > PATIENCE_MS) {
        await settleCalls(channel, held, 1000 / rate);
        return { againInMs: turn.waitMs };
      }
      const start = clock() + turn.waitMs;
      if (turn.waitMs > CLAIM_AHEAD_MS) await pause(turn.waitMs - (turn.granted > 0 ? CLAIM_AHEAD_MS : 0));
      if (turn.granted === 0) continue;
      const claimed = await deliverChunk(channel, left.splice(0, turn.granted), start, 1000 / rate, held);
      if (claimed < turn.granted) left = await deliveries.due(left);
    }
    await settleCalls(channel, held, 1000 / rate);
    const wait = await deliveries.nextDue(slice.ids);
    // Further off the sweep finds them: a job that sleeps until the morning would keep its name from others of its slice.
    return { againInMs: wait !== null && wait <= LONGEST_SLEEP_MS ? wait : null };
  }

  /** Gives how many could be claimed. Whoever has to wait for their own chat joins `held`; the others do not wait for them. */
  async function deliverChunk(
    channel: Channel,
    chunk: string[],
    start: number,
    gapMs: number,
    held: Promise<number>[],
  ): Promise<number> {
    const rows = await claim(chunk);
    const messages = await rendered(rows);
    const work: Promise<number>[] = [];
    const fires = rows.map((row) => () => {
      const apart = lanes.isBusy(laneOf(row), gapOf(row, channel)) ? held : work;
      apart.push(finish(row, channel, messages.get(row.id) ?? []));
    });
    await rateLimiter.run(rateLimitKey(channel.name), start, gapMs, fires);
    await settleCalls(channel, work, gapMs);
    return rows.length;
  }

  /** A message in several parts was several calls: the others wait for it. */
  async function settleCalls(channel: Channel, work: Promise<number>[], gapMs: number): Promise<void> {
    const calls = (await Promise.all(work)).reduce((sum, count) => sum + count, 0);
    if (calls > work.length)
      await rateLimit.take(rateLimitKey(channel.name), calls - work.length, 1000 / gapMs, Number.MAX_SAFE_INTEGER);
  }

  async function claim(chunk: string[]): Promise<ClaimedDelivery[]> {
    const rows = await deliveries.claim(chunk, ids.uuid(), LEASE_MS);
    leases.take(rows);
    return rows;
  }

  /** When a notice cannot be rendered, its rows go back untouched: the fault is ours, the job is tried again. */
  async function rendered(rows: ClaimedDelivery[]): Promise<Map<string, NoticeMessage[]>> {
    const ready = new Map(rows.flatMap((row) => (row.payload ? [[row.id, unsent(row)] as const] : [])));
    const open = rows.filter((row) => !row.payload);
    if (open.length === 0) return ready;
    try {
      return new Map([...ready, ...(await parts.render(open))]);
    } catch (error) {
      await Promise.all(rows.map((row) => settle(later(row, startOf(row), PATIENCE_MS, null))));
      throw error;
    }
  }

  /** Sends one delivery and writes its outcome; gives the number of calls that were answered. */
  async function finish(
    row: ClaimedDelivery,
    channel: Channel,
    messages: NoticeMessage[],
    signal?: AbortSignal,
  ): Promise<number> {
    const outcome =
      messages.length === 0
        ? empty(row)
        : await lanes.run(laneOf(row), gapOf(row, channel), () => attempt(row, channel, messages, signal));
    await settle(outcome);
    return Math.max(1, outcome.refs.length);
  }

  /** Replies go at once, but to whoever sends a flood: theirs leave room for everybody else's. */
  function gapOf({ noticeId, pacedUntil = 0 }: ClaimedDelivery, { limits }: Channel): number {
    if (noticeId !== null) return limits.chatGapMs;
    return pacedUntil - clock() > UNHURRIED_MS ? HURRIED_GAP_MS : 0;
  }

  async function settle(outcome: Outcome): Promise<void> {
    try {
      await outcomeWriter.settle(outcome);
    } catch (error) {
      // The lease runs out and the sweep takes the row up with a doubt: it is not lost.
      log.error('An outcome could not be written', { delivery: outcome.id }, error);
    } finally {
      leases.drop(outcome.id);
    }
  }

  function rateOf({ name, limits }: Channel): ReplyRate {
    const bulkKey = rateLimitKey(name);
    const silence = () => backoff.ask(bulkKey);
    const perSecond = safeRate(limits.perSecond);
    const made =
      rates.get(name) ?? createReplyRate({ rateLimit, rateLimiter, bulkKey, perSecond, silence, clock, pause, log });
    rates.set(name, made);
    return made;
  }

  async function sendRows(rows: ClaimedDelivery[], signal?: AbortSignal): Promise<void> {
    await Promise.all(
      rows.map(async (row) => {
        const channel = parts.channels.get(row.channel);
        if (!channel) return settle(later(row, startOf(row), PATIENCE_MS, 'no_channel'));
        askAboutBlock(rateLimitKey(row.channel));
        const messages = unsent(row);
        const calls = await finish(row, channel, messages, signal);
        // A long message was several calls.
        if (calls > messages.length) rateOf(channel).spent(calls - messages.length);
      }),
    );
  }

  async function sendClaimed(replies: ClaimedReply[]): Promise<void> {
    const rows = replies.map(claimedReply);
    leases.take(rows);
    await sendRows(rows);
  }

  return {
    deliver,
    sendClaimed,
    retryReplies: async (replies, signal) => sendRows(await claim(replies), signal),
    idle: () => leases.empty(),
    async stop() {
      await Promise.race([leases.empty(), pause(FAREWELL_MS)]);
      leaving.abort();
      for (const rate of rates.values()) rate.stop();
      await leases.empty();
    },
  };
}

const laneOf = ({ channel, address }: ClaimedDelivery): string => `${channel}:${address}`;

const unsent = (row: ClaimedDelivery): NoticeMessage[] => (row.payload ?? []).slice(row.messagesDone).map(revived);

/** Where the rest of it was superseded, what has arrived is all there was to send. */
const empty = (row: ClaimedDelivery): Outcome =>
  row.messagesDone > 0 ? sent(row, startOf(row)) : skipped(row, 'nothing_to_send');

const claimedReply = ({ messages, ...reply }: ClaimedReply): ClaimedDelivery => ({
  ...reply,
  identityKey: '',
  recipient: 'person',
  noticeId: null,
  kind: null,
  onUncertain: 'resend',
  language: null,
  payload: messages,
  attempts: 1,
  doubts: 0,
  messagesDone: 0,
  partsDone: 0,
  begun: null,
});
