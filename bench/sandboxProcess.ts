import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { startTelegramSandbox } from '../src/sandbox/telegram.ts';
import type { Faults } from '../src/sandbox/telegramApi.ts';

export interface SandboxOptions {
  users: number;
  faults?: Partial<Faults>;
}

const { users, faults } = JSON.parse(process.argv[2] ?? '{}') as SandboxOptions;

// Node's server hangs up on connections that are idle for five seconds. When that meets a request already under way,
// the call fails, on either side, and here is nobody to try it again.
subscribe('http.server.request.start', (message) => {
  (message as { server: Server }).server.keepAliveTimeout = 600_000;
});

const sandbox = await startTelegramSandbox();
Object.assign(sandbox.faults, faults);
for (let id = 1; id <= users; id++) sandbox.user(id);
process.on('disconnect', () => process.exit());
process.send?.(sandbox.url);
