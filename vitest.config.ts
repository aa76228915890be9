import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/order.ts';
import { temporaryRoom } from './test/support/room.ts';
import { FAR_MS } from './test/support/wait.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts', 'test/support/server.ts'],
    env: { TMPDIR: temporaryRoom() },
    pool: 'forks',
    // Nothing of ours is kept in modules: what a worker has loaded serves all its files.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // Much of what the tests wait for is time: on two cores three more workers fill it.
    maxWorkers: 5,
    // They end what hangs and nothing else; a wait that is in vain says so before.
    testTimeout: 2 * FAR_MS,
    hookTimeout: 2 * FAR_MS,
    expect: { poll: { timeout: FAR_MS, interval: 20 } },
  },
});
