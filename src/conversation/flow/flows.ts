import type { FlowRegistry } from './flowRegistry.ts';

/** Begun by the application alone, with answers that only it can give. */
const INNER = new Set(['loose', 'question', 'respond', 'edit', 'withdraw', 'stopped']);
/** What is for those as well who have stopped. */
const FOR_STOPPED = new Set(['stopped', 'privacy', 'record', 'erase']);

/** Whether a person may begin it by its name: as a command, or from a deep link. */
export const isOpenTo = (registry: FlowRegistry, flow: string): boolean =>
  !INNER.has(flow) && registry.get(flow) !== undefined;

export const isOpenToStopped = (flow: string): boolean => FOR_STOPPED.has(flow);
