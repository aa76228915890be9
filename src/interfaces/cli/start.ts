import type { Command } from 'commander';
import { channelsIn } from '../../channels/registry.ts';
import { type Config, readConfig } from '../../config.ts';
import { keepHeapSmall } from '../../core/heap.ts';
import { createLog } from '../../core/pinoLog.ts';
import { commandNamed } from './commands.ts';
import { askedToEnd, during, untilAskedToEnd } from './ending.ts';
import { firstSteps } from './firstSteps.ts';

/** `start`: the service, until it is told to end. */
export function addStartCommand(program: Command): void {
  commandNamed(program, 'start').action(() => serve(readConfig()));
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  if (channelsIn(config).length === 0)
    process.stderr.write(
      `${['No platform is set up: only members come in, by the console.', ...firstSteps()].join('\n')}\n`,
    );
  keepHeapSmall();
  // Loaded when there is something to start: a setting that was forgotten is reported at once.
  const { startService } = await import('../../main.ts');
  await during(startService(config, log, askedToEnd), (service) => service.stop(), untilAskedToEnd);
}
