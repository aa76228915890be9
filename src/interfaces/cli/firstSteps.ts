import { CHANNEL_KINDS } from '../../channels/registry.ts';
import { commandLine } from '../../core/commandLine.ts';

/** What to do while no platform is set up: a line for each way. */
export const firstSteps = (): string[] => [
  `To see it at work without one: ${commandLine('demo')}`,
  ...CHANNEL_KINDS.map(({ title, setUp }) => `${title}: ${setUp}`),
];
