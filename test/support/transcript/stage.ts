import { readFile } from 'node:fs/promises';
import { DateTime } from 'luxon';
import { openActions } from '../../../src/compose/actions.ts';
import { openBase } from '../../../src/compose/base.ts';
import { composeService } from '../../../src/compose/service.ts';
import { readConfig } from '../../../src/config.ts';
import { readScript } from '../../../src/conversation/liveScript.ts';
import type { Ids } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { createStops } from '../../../src/core/shutdown.ts';
import { createWeb, listen } from '../../../src/interfaces/web/server.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { freshDatabaseUrl } from '../database.ts';
import { allFine } from '../health.ts';
import { inTime, timeOf } from '../time.ts';
import { ENDLESS } from '../wait.ts';
import { jobsInHand } from './jobs.ts';
import { openPlatform } from './platforms.ts';
import type { Platform } from './read.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

const EXAMPLE = 'flows/example.process.yaml';
const exampleFile = await readFile(EXAMPLE, 'utf8');
const example = parseProcess(exampleFile, EXAMPLE);
const script = await readScript('flows');

/** Steps in which time passes: short ones at first, for what waits seconds; then no longer ones than this. */
const FIRST_STEP_MS = 2_000;
const LONGEST_STEP_MS = 6 * 3_600_000;

/**
 * The parts of the service as `main` composes them, on a new database, one platform's stand-in, and a time of its own: nothing
 * runs by itself. Whoever is on the stage settles what was said, and lets time pass.
 * @param begins local time of the example process
 */
export async function openStage(platform: Platform, begins: string) {
  const stops = createStops();
  const url = await freshDatabaseUrl();
  await inTime(url, DateTime.fromISO(begins, { zone: example.timeZone }).toJSDate());
  const far = await openPlatform(platform, () => time.clock());
  stops.add(far.close);
  const config = readConfig({ DATABASE_URL: url, PORT: '0', NOTICE_HOLD_SECONDS: '0', ...far.env });
  const opened = await openBase(config, silentLog, { service: true });
  stops.add(opened.close);
  const time = await timeOf(opened.db);
  const jobs = jobsInHand(time.clock);
  const core = { ...opened, queue: jobs.queue };
  const around = { clock: time.clock, ids: seededIds(), pause: time.pause, queueOf: jobs.queueOf, patience: ENDLESS };
  const { channels, outbound, receiver, planner, view, content } = await composeService(
    core,
    script,
    { config, log: silentLog, stops },
    around,
  );
  const actions = openActions(core.db, {
    ...{ queue: jobs.queue, planner, process: view.process, clock: time.clock, ids: around.ids },
    ...{ holdSeconds: 0, approvalAbove: config.approvalAbove, threadMessages: content.threadMessages },
    rejectedNews: content.rejectedNews,
    scheduledNews: content.scheduledNews,
    asideNews: content.asideNews,
  });
  await actions.process.apply(atTerminal(), example);
  for (const channel of channels.values()) {
    stops.add(() => channel.stop());
    await channel.identify();
    await channel.start(receiver.receive, receiver.keepUnreadable);
  }
  const routes = [...channels.values()].flatMap((channel) => channel.routes);
  const server = await listen(createWeb({ routes, health: allFine }), '127.0.0.1', 0);
  stops.add(() => server.close());
  far.webhooks.urls = routes.map(({ path }) => `${server.url}${path}`);

  /** Until nothing is in hand any more. */
  async function settle(): Promise<void> {
    await receiver.idle();
    await content.tellMembers();
    await delivered();
  }

  async function delivered(): Promise<void> {
    do {
      await receiver.idle();
      await outbound.deliverer.idle();
      await outbound.marker.idle();
      for (const channel of channels.values()) await channel.idle?.();
    } while (await jobs.work());
  }

  /** One round of all that the service does every few seconds. */
  async function lookRound(): Promise<void> {
    await receiver.tick(0);
    await settle();
    await content.tellWhatWaits();
    await outbound.sweep();
    for (const channel of channels.values()) await channel.lookAfterHomes?.();
    await delivered();
  }

  return {
    db: core.db,
    core,
    far,
    clock: time.clock,
    /** What organizers and the forum do. */
    actions,
    process: view.process,
    /** As it was applied last. */
    processFile: exampleFile,
    settle,
    /** Lets time pass, in which everything is done that comes due. */
    async pass(ms: number): Promise<void> {
      const end = time.clock() + ms;
      for (let step = FIRST_STEP_MS; time.clock() < end; step = Math.min(step * 2, LONGEST_STEP_MS)) {
        await time.pause(Math.min(step, end - time.clock()));
        await lookRound();
      }
    },
    /** So much later by the clock; nobody looks round. */
    wait: time.pause,
    close: stops.run,
  };
}

/** The same numbers for every transcript. */
function seededIds(): Ids {
  let state = 1;
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => next() >>> 24);
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return {
    bytes,
    uuid() {
      const hex = Buffer.from(bytes(16)).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
