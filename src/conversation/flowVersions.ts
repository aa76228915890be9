import type { z } from 'zod';
import type { Log } from '../core/log.ts';
import { type FlowRegistry, withOlder } from './flow/flowRegistry.ts';
import { type Flow, flowSchema } from './flow/source/schema.ts';
import type { Session } from './flow/types.ts';

/** The flows of this deployment, and whatever older versions people are still under way in. */
export interface FlowVersions {
  /** The registry in which these sessions, as they were stored, can go on; older versions are fetched once and kept. */
  registryFor(session: Session | null, others?: readonly Session[]): Promise<FlowRegistry>;
}

/** Gives registries whose every version is kept before anybody begins it. @param current the flows that are in force */
export function createFlowVersions(current: () => FlowRegistry, versions: FlowVersionStore, log: Log): FlowVersions {
  const older = createOlder(versions, log);
  let newest: { registry: FlowRegistry; kept: Promise<void> } | null = null;
  let whole: FlowRegistry | null = null;

  /** Many turns ask for it at once when a flow comes into force: it is kept once for all of them. */
  async function inForce(): Promise<FlowRegistry> {
    const registry = current();
    if (registry !== newest?.registry) newest = { registry, kept: keep(registry) };
    await newest.kept;
    return whole ?? bound(registry);
  }

  function keep(registry: FlowRegistry): Promise<void> {
    const defined = registry.flows.map((flow) => ({ flow: flow.flow, version: flow.version, definition: flow }));
    return versions.keep(defined).then(
      () => void bound(registry),
      (error: unknown) => {
        newest = null;
        throw error;
      },
    );
  }

  function bound(registry: FlowRegistry): FlowRegistry {
    whole = withOlder(registry, older.known());
    return whole;
  }

  return {
    async registryFor(session, others = []) {
      const registry = await inForce();
      const frames = [session, ...others].flatMap((each) => (Array.isArray(each?.stack) ? each.stack : []));
      const missing = frames.filter(({ flow, version }) => !registry.get(flow, version));
      if (missing.length === 0) return registry;
      await older.fetch(missing);
      return bound(newest?.registry ?? current());
    },
  };
}

/** The older versions that somebody was found in the middle of. */
function createOlder(versions: Pick<FlowVersionStore, 'find'>, log: Log) {
  const known = new Map<string, Flow>();
  const unreadable = new Set<string>();

  /** It is looked for again with each turn of those who are in the middle of it. */
  function tellOnce(flow: string, version: string, { issues: [first] }: z.ZodError): void {
    const name = `${flow}@${version}`;
    if (unreadable.has(name)) return;
    unreadable.add(name);
    const facts = { flow, version, at: first?.path.join('.') ?? '' };
    log.warn('A version of a flow that somebody is in the middle of cannot be read', facts);
  }

  return {
    known: () => [...known.values()],
    async fetch(missing: { flow: string; version: string }[]): Promise<void> {
      for (const { flow, version, definition } of await versions.find(missing)) {
        const read = flowSchema.safeParse(definition);
        if (read.success) known.set(`${flow}@${version}`, read.data);
        else tellOnce(flow, version, read.error);
      }
    },
  };
}

interface KeptVersion {
  flow: string;
  version: string;
  definition: unknown;
}

/** Flow definitions by name and version, as JSON: whoever reads them checks their shape. */
export interface FlowVersionStore {
  /** A version that is there already stays as it is. */
  keep(versions: KeptVersion[]): Promise<void>;
  /** Those that are there. */
  find(versions: { flow: string; version: string }[]): Promise<KeptVersion[]>;
}
