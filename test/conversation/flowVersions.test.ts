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
