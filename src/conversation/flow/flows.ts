import type { FlowRegistry } from './flowRegistry.ts';

/** Begun by the application alone, with answers that only it can give. */
const INNER = new Set(['loose', 'question', 'respond', 'edit', 'withdraw']);

/** Whether a person may begin it by its name: as a command, or from a deep link. */
export const isOpenTo = (registry: FlowRegistry, flow: string): boolean =>
  !INNER.has(flow) && registry.get(flow) !== undefined;
