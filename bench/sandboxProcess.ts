import { type Faults, startTelegramSandbox } from '../src/sandbox/telegram.ts';

export interface SandboxOptions {
  users: number;
  faults?: Partial<Faults>;
}

const { users, faults } = JSON.parse(process.argv[2] ?? '{}') as SandboxOptions;
const sandbox = await startTelegramSandbox();
Object.assign(sandbox.faults, faults);
for (let id = 1; id <= users; id++) sandbox.user(id);
process.on('disconnect', () => process.exit());
process.send?.(sandbox.url);
