import { addressesIn, CHANNEL_NAMES, channelsIn } from '../../channels/registry.ts';
import { type Base, openBase } from '../../compose/base.ts';
import { openReading } from '../../compose/reading.ts';
import { readConfig } from '../../config.ts';
import type { ChannelName } from '../../core/channelName.ts';
import { systemClock } from '../../core/clock.ts';
import { logOnDemand, silentLog } from '../../core/log.ts';
import { useProxy } from '../../core/useProxy.ts';
import { during } from './ending.ts';

/** Of every command that changes something. */
export const AS = 'the member who does it; left out: whoever is at the terminal, and the record calls operator';

/** Of those that show what people said, or who they are. */
export const AS_READER = 'the member who reads it; left out: whoever is at the terminal, and the record calls operator';

/** Opens what a command needs; commands speak on stdout, so that the log keeps to warnings. */
export async function wire() {
  const config = readConfig();
  const log = logOnDemand(async () => (await import('../../core/pinoLog.ts')).createLog('warn'));
  await useProxy(config.proxy);
  const core = await openBase(config, silentLog);
  const { db, views, processes } = core;
  const { flowsDir, holdSeconds, approvalAbove } = { ...config, holdSeconds: config.noticeHoldSeconds };
  return {
    ...{ views, processes, config, flowsDir, holdSeconds, approvalAbove },
    close: () => closeCore(core),
    actions: async () => (await import('../../compose/actions.ts')).openTerminalActions(core, config),
    read: openReading(db, systemClock),
    clock: systemClock,
    addresses: (start: string) => addressesIn(config, start),
    targets: () => targets(core, flowsDir),
    async channel(name: ChannelName) {
      const found = channelsIn(config).find((one) => one.name === name);
      return found ? (await found.kind.load()).fetcher(found.settings, log) : null;
    },
  };
}

/** Says why what was to go out may take a moment. */
async function closeCore({ queue, close }: Base): Promise<void> {
  await close();
  const trouble = queue.trouble();
  if (trouble)
    process.stderr.write(
      `The queue is away (${trouble}). What was done is recorded: the service finds it by itself.\n`,
    );
}

/** What buttons, links and conditions can name now. */
async function targets({ views, processes }: Base, flowsDir: string) {
  const [{ openFlowRegistry }, { isOpenTo }, { DEFAULT_PROCESS }] = await Promise.all([
    import('../../conversation/flow/source/load.ts'),
    import('../../conversation/flow/flowRegistry.ts'),
    import('../../process/process.ts'),
  ]);
  const registry = await openFlowRegistry(flowsDir);
  const flows = registry.flows.map(({ flow }) => flow).filter((flow) => isOpenTo(registry, flow));
  const notices = (await (await views.notices()).list()).map(({ id }) => id);
  return { channels: CHANNEL_NAMES, flows, process: (await processes.current()) ?? DEFAULT_PROCESS, notices };
}

/** Closes what was opened, whatever becomes of the work. */
export const withWiring = <W extends { close(): Promise<void> }>(
  wire: () => Promise<W>,
  work: (wiring: W) => Promise<void>,
): Promise<void> => during(wire(), (wiring) => wiring.close(), work);
