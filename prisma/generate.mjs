// Writes Prisma's client into src/store/generated after each install, without downloading anything.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Under a name of its own: as `prisma`, the client would carry it into production as a peer, with 220 MB.
const cli = locate('prisma-cli/build/index.js');
// An install that leaves Prisma's command out brings the written client along.
if (cli) {
  // Prisma insists on a schema engine that `generate` never runs: any file that exists keeps it from fetching one.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const done = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], { cwd: root, env, encoding: 'utf8' });
  if (done.status !== 0) {
    console.error(`prisma generate failed.\n${done.error ?? ''}${done.stdout}${done.stderr}`);
    process.exitCode = 1;
  }
}

function locate(module) {
  try {
    return createRequire(import.meta.url).resolve(module);
  } catch {
    return null;
  }
}
