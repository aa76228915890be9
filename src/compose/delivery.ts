import type { Spoken } from '../conversation/liveScript.ts';
import type { Channel, ChannelName } from '../core/channel.ts';
import { systemClock, systemIds } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createEditApplier } from '../delivery/applyEdits.ts';
import { createDeliverer, type Deliverer } from '../delivery/deliver.ts';
import type { ClaimedDelivery } from '../delivery/ports.ts';
import { createRounds } from '../delivery/rounds.ts';
import { eachInTurn, startNotice, sweep } from '../delivery/sweep.ts';
import { renderNotices } from '../notices/announce.ts';
import type { Outdated } from '../notices/edits.ts';
import { KINDS, type Kind } from '../notices/kinds.ts';
import type { Queue } from '../notices/queue.ts';
import { renderSeatNews } from '../notices/seatNews.ts';
import { sweepEdits } from '../notices/sweepEdits.ts';
import type { Planner } from '../planning/planner.ts';
import { renderTimelineChanges } from '../planning/timelineNotices.ts';
import { promoteSeats } from '../process/events/waitingList.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../process/process.ts';
import { createQueue } from '../queue/queue.ts';
import { renderResponses } from '../responses/release.ts';
import { type Database, isOutage } from '../store/database.ts';
import { createDeliveries } from '../store/deliveries.ts';
import { KEPT_MS } from '../store/retention.ts';
import type { Stores } from './stores.ts';

export interface DeliveryParts {
  db: Database;
  stores: Stores;
  redisUrl: string | null;
  channels: ReadonlyMap<ChannelName, Channel>;
  spoken: Spoken;
  /** Of the process, in the order in which a text that lacks the reader's language falls back. */
  languages: () => readonly string[];
  secret: string;
  planner: Pick<Planner, 'reconcile'>;
  approvalAbove: number;
  log: Log;
}

const SWEEP_EVERY_MS = 3_000;
const TIDY_EVERY_MS = 3_600_000;

/** The outbound way: from jobs to what has arrived. The queue, and the sweep beside it, work once it is started. */
export function composeDelivery(parts: DeliveryParts): { deliverer: Deliverer; queue: Queue } {
  const { db, stores, redisUrl, channels, approvalAbove, log } = parts;
  const { notices, attendance, revisions, rateLimit, retention } = stores;
  const deliveries = createDeliveries(db.pool, [...channels.keys()]);
  const process = async () => (await stores.processes.current()) ?? DEFAULT_PROCESS;
  const { render, renderEdited } = createRender(parts, process);
  const deliverer = createDeliverer({
    ...{ deliveries, rateLimit, channels, render, isOutage, log },
    clock: systemClock,
    ids: systemIds,
  });
  const revise = createEditApplier({ revisions, rateLimit, channels, render: renderEdited, clock: systemClock, log });
  const plan = atMostEvery(PLAN_EVERY_MS, () => parts.planner.reconcile());
  const sweepAll = () =>
    eachInTurn([
      () => sweep(sweeping()),
      plan,
      () => sweepEdits(revisions, queue),
      async () => promoteSeats(attendance, await process(), systemClock()),
    ]);
  const lanes = { redisUrl, databaseUrl: db.url, channels: [...channels.keys()] };
  const jobs = createQueue(
    lanes,
    {
      deliver: deliverer.deliver,
      retryReplies: async ({ ids }, signal) => void (await deliverer.retryReplies(ids, signal)),
      startNotice: async ({ notice }) => void (await startNotice(notice, sweeping())),
      revise,
    },
    { log, isOutage },
  );
  const rounds = createRounds(
    [
      { name: 'sweep', everyMs: SWEEP_EVERY_MS, work: sweepAll },
      { name: 'tidy', everyMs: TIDY_EVERY_MS, work: () => retention(new Date(systemClock() - KEPT_MS)) },
    ],
    { rateLimit, isOutage, log },
  );
  const queue: Queue = {
    ...jobs,
    start: () => jobs.start().then(rounds.start),
    stop: () => rounds.stop().then(jobs.stop),
  };
  const sweeping = () => ({ deliveries, notices, queue, approvalAbove, log });
  return { deliverer, queue };
}

/** The calendar is looked at so often: what it makes is made ahead of its time. */
const PLAN_EVERY_MS = 60_000;

/** One that fails is tried again at the next call. */
function atMostEvery(ms: number, work: () => Promise<void>): () => Promise<void> {
  let next = 0;
  return async () => {
    if (systemClock() < next) return;
    next = systemClock() + ms;
    await work().catch((error) => {
      next = 0;
      throw error;
    });
  };
}

/** Notices and responses as their readers get them. */
function createRender(
  { stores, channels, languages, spoken, secret }: DeliveryParts,
  process: () => Promise<ProcessDefinition>,
) {
  const { notices, responses, timelines, attendance } = stores;
  const [phrasesIn, chatIn] = [spoken.catalog('notices'), spoken.catalog('chat')];
  const chatLink = (channel: ChannelName, start: string) => channels.get(channel)?.link(start || 'welcome') ?? null;
  const openChat = (language: string | null) => phrasesIn(language)('open_chat');
  const renderingNow = () => ({ notices, secret, languages: languages(), chatLink, openChat, phrasesIn: chatIn });
  const published = { timelines, outreachIn: spoken.catalog('outreach'), clock: systemClock };
  const seats = { attendance, process, phrasesIn: chatIn, secret, clock: systemClock };
  async function render(rows: ClaimedDelivery[]) {
    const rendered = (as: Kind['rendering']) =>
      rows.filter(({ kind }) => kind !== null && KINDS[kind].rendering === as);
    const rendering = renderingNow();
    return new Map([
      ...(await renderNotices([...rendered('texts'), ...rendered('timeline')], rendering)),
      ...(await renderTimelineChanges(rendered('timeline'), { ...rendering, ...published })),
      ...(await renderSeatNews(rendered('seat'), seats)),
      ...(await renderResponses(rendered('responses'), { responses, secret, phrasesIn })),
    ]);
  }
  async function renderEdited(rows: Outdated[]) {
    const rendered = await renderNotices(rows, renderingNow());
    return new Map([...rendered].flatMap(([id, [message]]) => (message ? [[id, message] as const] : [])));
  }
  return { render, renderEdited };
}
