import { createIndexer } from '../contributions/searchIndex.ts';
import type { Spoken } from '../conversation/liveScript.ts';
import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Ambient, Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createEditApplier } from '../delivery/applyEdits.ts';
import { createDeliverer, type Deliverer } from '../delivery/deliver.ts';
import type { Pause } from '../delivery/localRateLimit.ts';
import { type ButtonMarker, createButtonMarker } from '../delivery/markUsed.ts';
import type { ClaimedDelivery, Rendered } from '../delivery/ports.ts';
import { createRounds } from '../delivery/rounds.ts';
import { eachInTurn, startNotice, sweep } from '../delivery/sweep.ts';
import { renderDue, renderNotices } from '../notices/announce.ts';
import type { Outdated } from '../notices/edits.ts';
import { renderEventChanges } from '../notices/eventChange.ts';
import { KINDS, type Kind } from '../notices/kinds.ts';
import type { Queue } from '../notices/queue.ts';
import { renderSeatNews } from '../notices/seatNews.ts';
import { sweepEdits } from '../notices/sweepEdits.ts';
import type { Planner } from '../planning/planner.ts';
import { renderTimelineChanges } from '../planning/timelineNotices.ts';
import { promoteSeats } from '../process/events/waitingList.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../process/process.ts';
import { keptSince } from '../process/retention.ts';
import type { Handlers } from '../queue/jobs/list.ts';
import { createQueue } from '../queue/queue.ts';
import { renderResponses } from '../responses/release.ts';
import { type Database, isOutage } from '../store/database.ts';
import { createDeliveries } from '../store/deliveries.ts';
import type { Stores } from './stores.ts';

export interface DeliveryParts extends Ambient {
  db: Database;
  stores: Stores;
  redisUrl: string | null;
  channels: ReadonlyMap<ChannelName, Channel>;
  spoken: Spoken;
  secret: string;
  planner: Pick<Planner, 'reconcile'>;
  approvalAbove: number;
  log: Log;
  /** How it waits for a platform's rate; left out: really. */
  pause?: Pause;
  /** Between two answers to whoever hurries; left out: so much that everybody else's have room. */
  hurriedGapMs?: number;
  /** Who does the jobs; left out: BullMQ. */
  queueOf?: (handlers: Handlers) => Queue;
}

const SWEEP_EVERY_MS = 3_000;
const RETENTION_EVERY_MS = 3_600_000;
const INDEX_EVERY_MS = 1_000;

export interface Outbound {
  deliverer: Deliverer;
  marker: ButtonMarker;
  queue: Queue;
  /** What is due, and what was left behind; the started queue sees to it every few seconds. */
  sweep(): Promise<void>;
}

/** The outbound way: from jobs to what has arrived. The queue, and the sweep beside it, work once it is started. */
export function composeDelivery(parts: DeliveryParts): Outbound {
  const { db, stores, redisUrl, channels, approvalAbove, clock, ids, log, pause, hurriedGapMs } = parts;
  const { notices, attendance, revisions, rateLimit, retention } = stores;
  const deliveries = createDeliveries(db.pool, [...channels.keys()]);
  const process = async () => (await stores.processes.current()) ?? DEFAULT_PROCESS;
  const { render, renderEdited } = createRender(parts, process);
  const deliverer = createDeliverer({
    ...{ deliveries, rateLimit, channels, render, isOutage, clock, ids, log },
    ...{ pause, hurriedGapMs },
  });
  const marker = createButtonMarker({ rateLimit, channels, lastOf: deliveries.lastOf, log, pause });
  const revise = createEditApplier({ revisions, rateLimit, channels, render: renderEdited, clock, log, pause });
  const plan = atMostEvery(PLAN_EVERY_MS, clock, () => parts.planner.reconcile());
  const sweepAll = () =>
    eachInTurn([
      () => sweep(sweeping()),
      plan,
      () => sweepEdits(revisions, queue),
      async () => promoteSeats(attendance, await stores.processes.now(), clock()),
    ]);
  const queues = { redisUrl, databaseUrl: db.url, channels: [...channels.keys()] };
  const { queueOf = (handlers) => createQueue(queues, handlers, { log, isOutage }) } = parts;
  const jobs = queueOf({
    deliver: deliverer.deliver,
    retryReplies: async (replies, signal) => void (await deliverer.retryReplies(replies.ids, signal)),
    startNotice: async ({ notice }) => void (await startNotice(notice, sweeping())),
    revise,
  });
  let stopping = false;
  const rounds = createRounds(
    [
      { name: 'sweep', everyMs: SWEEP_EVERY_MS, work: sweepAll },
      { name: 'index', everyMs: INDEX_EVERY_MS, work: createIndexer(stores.searchIndex, () => stopping) },
      {
        name: 'retention',
        everyMs: RETENTION_EVERY_MS,
        work: async () => retention(keptSince(await process(), clock())),
      },
    ],
    { rateLimit, isOutage, log },
  );
  const queue: Queue = {
    ...jobs,
    start: () => jobs.start().then(rounds.start),
    stop() {
      stopping = true;
      return rounds.stop().then(jobs.stop);
    },
  };
  const sweeping = () => ({ deliveries, notices, queue, approvalAbove, log });
  return { deliverer, marker, queue, sweep: sweepAll };
}

/** The calendar is looked at so often: what it makes is made ahead of its time. */
const PLAN_EVERY_MS = 60_000;

/** One that fails is tried again at the next call. */
function atMostEvery(ms: number, clock: Clock, work: () => Promise<void>): () => Promise<void> {
  let next = 0;
  return async () => {
    if (clock() < next) return;
    next = clock() + ms;
    await work().catch((error) => {
      next = 0;
      throw error;
    });
  };
}

/** Notices and responses as their readers get them. */
function createRender(
  { stores, channels, spoken, secret, clock }: DeliveryParts,
  process: () => Promise<ProcessDefinition>,
) {
  const { notices, responses, timelines, attendance } = stores;
  const [phrasesIn, chatIn] = [spoken.catalog('notices'), spoken.catalog('chat')];
  const chatLink = (channel: ChannelName, start: string) => channels.get(channel)?.link(start || 'welcome') ?? null;
  const openChat = (language: string | null) => phrasesIn(language)('open_chat');
  const how = { notices, secret, chatLink, openChat, phrasesIn: chatIn };
  async function renderingNow() {
    // Afresh: what tells of a change may go right after it.
    const { id, definition, closedAt } = await stores.processes.now();
    const process = definition ?? DEFAULT_PROCESS;
    return { ...how, process, processId: id, closed: closedAt !== null, now: clock() };
  }
  const published = { timelines, attendance, outreachIn: spoken.catalog('outreach'), clock };
  const seats = { attendance, process, phrasesIn: chatIn, secret, clock };
  async function render(rows: ClaimedDelivery[]) {
    const rendered = (as: Kind['rendering']) =>
      rows.filter(({ kind }) => kind !== null && KINDS[kind].rendering === as);
    const rendering = await renderingNow();
    return new Map<string, Rendered>([
      ...(await renderDue([...rendered('texts'), ...rendered('timeline')], rendering)),
      ...(await renderTimelineChanges(rendered('timeline'), { ...rendering, ...published })),
      ...(await renderEventChanges(rendered('event'), { ...rendering, attendance, timelines })),
      ...(await renderSeatNews(rendered('seat'), seats)),
      ...(await renderResponses(rendered('responses'), { responses, secret, phrasesIn })),
    ]);
  }
  async function renderEdited(rows: Outdated[]) {
    const rendered = await renderNotices(rows, await renderingNow());
    return new Map([...rendered].flatMap(([id, [message]]) => (message ? [[id, message] as const] : [])));
  }
  return { render, renderEdited };
}
