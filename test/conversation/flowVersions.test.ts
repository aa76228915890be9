import { expect, test } from 'vitest';
import { openFlowRegistry } from '../../src/conversation/flow/source/load.ts';
import type { Session } from '../../src/conversation/flow/types.ts';
import { createFlowVersions } from '../../src/conversation/flowVersions.ts';
import { type Facts, type Log, silentLog } from '../../src/core/log.ts';
import { createFlowVersionStore } from '../../src/store/flowVersions.ts';
import { freshDatabase } from '../support/database.ts';

test('a version of a flow that cannot be read is told of once, with its place, and stops nobody', async () => {
  const { pool } = await freshDatabase();
  const registry = await openFlowRegistry('flows');
  const idea = registry.get('idea') ?? expect.unreachable();
  const lines: [string, Facts | undefined][] = [];
  const log: Log = { ...silentLog, warn: (event, facts) => void lines.push([event, facts]) };
  const store = createFlowVersionStore(pool);
  await store.keep([
    { flow: 'idea', version: 'old', definition: { ...idea, version: 'old' } },
    { flow: 'idea', version: 'odd', definition: { ...idea, version: 'odd', steps: [{ id: 'one', dance: true }] } },
  ]);
  const versions = createFlowVersions(() => registry, store, log);
  const inThe = (version: string) =>
    versions.registryFor({ stack: [{ flow: 'idea', version, step: 'one' }] } as unknown as Session);
  expect((await inThe('old')).get('idea', 'old')?.steps).toEqual(idea.steps);
  expect((await inThe('odd')).get('idea', 'odd')).toBeUndefined();
  await inThe('odd');
  expect(lines).toEqual([
    [expect.stringContaining('cannot be read'), { flow: 'idea', version: 'odd', at: expect.stringMatching(/^steps/) }],
  ]);
});

test('however many turns begin at once, the flows in force are kept once, and all turns go on in the same', async () => {
  const registry = await openFlowRegistry('flows');
  let times = 0;
  const store = { keep: async () => void times++, find: async () => [] };
  const versions = createFlowVersions(() => registry, store, silentLog);
  const lent = await Promise.all(Array.from({ length: 50 }, () => versions.registryFor(null)));
  expect(times).toBe(1);
  expect(new Set(lent).size).toBe(1);
});

test('flows that could not be kept are kept by the next turn', async () => {
  const registry = await openFlowRegistry('flows');
  let times = 0;
  const keep = async () => {
    if (times++ === 0) throw new Error('away');
  };
  const versions = createFlowVersions(() => registry, { keep, find: async () => [] }, silentLog);
  await expect(versions.registryFor(null)).rejects.toThrow('away');
  expect((await versions.registryFor(null)).flows).toEqual(registry.flows);
});
