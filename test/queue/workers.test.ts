import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { JobWorker } from '../../src/queue/backend.ts';
import { createWorkers } from '../../src/queue/workers.ts';

it('takes a job that another worker has taken over for no trouble of the queue', () => {
  const reported: string[] = [];
  const nothing = async () => undefined;
  const workers = createWorkers(
    { deliver: nothing, retryReplies: nothing, revise: nothing, startNotice: nothing },
    {
      signal: new AbortController().signal,
      report: (error) => reported.push((error as Error).message),
      isOutage: () => false,
      areTablesGone: () => false,
      log: silentLog,
    },
  );
  const library = new EventEmitter();
  workers.open('telegram', () => library as unknown as JobWorker);
  for (const message of [
    'could not renew lock for job deliver-n-1',
    'Missing lock for job deliver-n-1. moveToFinished',
    'connect ECONNREFUSED',
  ])
    library.emit('error', new Error(message));
  expect(reported).toEqual(['connect ECONNREFUSED']);
});
