#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { createAnnouncer } from '../app/announce.ts';
import { type Config, readConfig } from '../config.ts';
import type { ChannelName } from '../domain/channel.ts';
import { systemClock, systemIds } from '../domain/clock.ts';
import { Mistake } from '../domain/errors.ts';
import { DEFAULT_PROCESS } from '../domain/process.ts';
import { isOpenTo } from '../flow/flows.ts';
import { leavingWarnings } from '../flow/leaving.ts';
import { openBook } from '../flow/source/load.ts';
import { keepHeapSmall } from '../heap.ts';
import { createLog } from '../log.ts';
import { type Core, openCore, startService } from '../main.ts';
import { fetcher } from '../platforms.ts';
import { createMembers } from '../store/members.ts';
import { createNotices } from '../store/notices.ts';
import { createTurnStore } from '../store/turns.ts';
import { addContributionsCommands } from './contributions.ts';
import { addDemoCommand } from './demo/demo.ts';
import { addDoctorCommand, type Probes, waitingUpdates } from './doctor.ts';
import { addEventsCommands } from './events.ts';
import { addFlowsCommands } from './flows.ts';
import { addLinksCommands } from './links.ts';
import { addMembersCommands } from './members.ts';
import { addNoticesCommands } from './notices/commands.ts';
import { outreach } from './outreach.ts';
import { addProcessCommands } from './process.ts';
import { addResponsesCommands } from './responses.ts';
import { tokenProbes } from './tokens.ts';

/** Opens what a command needs; commands speak on stdout, so that the log keeps to warnings. */
async function wire() {
  const config = readConfig();
  const log = createLog('warn');
  const core = await openCore(config, log);
  const currentProcess = async () => (await core.processes.current()) ?? DEFAULT_PROCESS;
  const announcer = createAnnouncer({
    notices: createNotices(core.db.pool),
    members: createMembers(core.db.pool),
    approvalAbove: config.approvalAbove,
    process: currentProcess,
    queue: core.queue,
    clock: systemClock,
    ids: systemIds,
    holdSeconds: config.noticeHoldSeconds,
  });
  return {
    ...core,
    config,
    log,
    flowsDir: config.flowsDir,
    announcer,
    ...outreach(core, config),
    clock: systemClock,
    ids: systemIds,
    holdSeconds: config.noticeHoldSeconds,
    approvalAbove: config.approvalAbove,
    async targets() {
      const book = await openBook(config.flowsDir);
      const flows = book.flows.map(({ flow }) => flow).filter((flow) => isOpenTo(book, flow));
      const notices = (await createNotices(core.db.pool).list()).map(({ id }) => id);
      return { flows, process: await currentProcess(), notices };
    },
    hint: (notice: string) => core.queue.startNotice(notice, 0),
    channel: (name: ChannelName) => fetcher(name, config, log),
  };
}
export type Wiring = Awaited<ReturnType<typeof wire>>;

/** One look at each part; the database and the queue are opened as a command opens them. */
function probes(config: Config): Probes {
  const opened = async <T>(look: (core: Core) => Promise<T>): Promise<T> => {
    const core = await openCore(config, createLog('fatal'));
    return look(core).finally(core.close);
  };
  return {
    ...tokenProbes(config),
    database: () =>
      opened(async ({ db }) => {
        const { rows } = await db.pool.query<{ people: number }>(
          `SELECT count(*)::int AS people FROM identity WHERE kind = 'person'`,
        );
        const what = `answers and is migrated; ${rows[0]?.people ?? 0} people are known`;
        return [{ state: 'fine', what, remedy: null }, ...waitingUpdates(await createTurnStore(db.pool).countFailed())];
      }),
    queue: () =>
      opened(async ({ queue }) => {
        await queue.start();
        return config.redisUrl ? 'Redis answers' : 'lives in the database and answers';
      }),
    flows: async () => {
      const { messages } = await openBook(config.flowsDir);
      // A database that does not answer is the finding of its own probe.
      const process = await opened(({ processes }) => processes.current()).catch(() => null);
      const hints = leavingWarnings(messages, (process ?? DEFAULT_PROCESS).languages);
      const fine = { state: 'fine', what: 'all flows are sound', remedy: null } as const;
      return [fine, ...hints.map((what) => ({ state: 'hint', what, remedy: null }) as const)];
    },
  };
}

function program(): Command {
  const hearback = new Command('hearback')
    .description('Everyone who speaks hears back: outreach, input and reasoned responses for co-created action plans.')
    .exitOverride()
    .showHelpAfterError();
  hearback
    .command('start')
    .description('the service, by ROLE')
    .action(() => serve(readConfig()));
  addDoctorCommand(hearback, probes);
  addDemoCommand(hearback);
  addFlowsCommands(hearback);
  addProcessCommands(hearback, wire);
  addContributionsCommands(hearback, wire);
  addResponsesCommands(hearback, wire);
  addNoticesCommands(hearback, wire);
  addEventsCommands(hearback, wire);
  addMembersCommands(hearback, wire);
  addLinksCommands(hearback, wire);
  return hearback;
}

const STOP_WITHIN_MS = 10_000;

async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  if (!config.telegram && !config.slack)
    throw new Mistake(
      'TELEGRAM_BOT_TOKEN, SLACK_BOT_TOKEN: neither is set. Set at least one, or try `npm run demo` without any.',
    );
  keepHeapSmall();
  const service = await startService(config, log);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await service.stop();
}

/** Where the reader has seen enough (`| head`), the command finishes what it does without words. */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

export async function main(argv: string[]): Promise<number> {
  process.stdout.on('error', withoutReader);
  try {
    await program().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Mistake) process.stderr.write(`${error.message}\n`);
    else createLog('error').error('Hearback has a fault of its own', {}, error);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
