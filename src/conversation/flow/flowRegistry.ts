import type { Catalog } from '../../core/messageFormat.ts';
import { type Intents, readIntents } from './intents.ts';
import type { Flow, Step } from './source/schema.ts';

/** The flows that there are: the newest of each for those who begin, older versions for those who are under way. */
export interface FlowRegistry {
  /** The newest of each. */
  flows: readonly Flow[];
  /** @param version left out: the newest. */
  get(flow: string, version?: string): Flow | undefined;
  messages: Catalog;
  intents: Intents;
}

export const createFlowRegistry = (flows: readonly Flow[], messages: Catalog): FlowRegistry =>
  withOlder({ flows, messages, intents: intentsOf(messages) }, []);

/** The same with versions of its flows that are not in force any more. */
export function withOlder(registry: Omit<FlowRegistry, 'get'>, older: readonly Flow[]): FlowRegistry {
  const { flows } = registry;
  const newest = new Map(flows.map((flow) => [flow.flow, flow]));
  const pinned = new Map([...older, ...flows].map((flow) => [`${flow.flow}@${flow.version}`, flow]));
  return {
    ...registry,
    get: (flow, version) => (version === undefined ? newest.get(flow) : pinned.get(`${flow}@${version}`)),
  };
}

/** The single words that stop everything mean it among others, too: "stop please". */
function intentsOf({ intents = {}, words }: Catalog): Intents {
  const stop = Object.keys(words).filter((word) => words[word] === 'stop');
  return readIntents({ ...intents, leave: [...(intents.leave ?? []), ...stop] });
}

export const stepAt = (flow: Flow, id: string): Step | undefined => flow.steps.find((step) => step.id === id);

/** The step that follows in the file; null after the last. */
export function following(flow: Flow, id: string): string | null {
  const at = flow.steps.findIndex((step) => step.id === id);
  return (at >= 0 && flow.steps[at + 1]?.id) || null;
}

/** Begun by the application alone, with answers that only it can give. */
const INNER = new Set([
  'loose',
  'question',
  'respond',
  'edit',
  'withdraw',
  'answer',
  'member',
  'decide',
  'redecide',
  'stopped',
  'dates',
  'add',
]);
/** Those that people who have stopped can use as well. */
const FOR_STOPPED = new Set(['stopped', 'privacy', 'record', 'erase']);

/** Whether a person may begin it by its name: as a command, or from a deep link. */
export const isOpenTo = (registry: FlowRegistry, flow: string): boolean =>
  !INNER.has(flow) && registry.get(flow) !== undefined;

export const isOpenToStopped = (flow: string): boolean => FOR_STOPPED.has(flow);
