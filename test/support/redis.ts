import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Tests that need it are skipped without it, except where everything must be there. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis && process.env.CI === 'true')
  throw new Error('redis-server is not on the PATH: install Debian’s redis-server.');

export const onRedis = `on Redis${hasRedis ? '' : ' (skipped: no redis-server on the PATH)'}`;

/** A Redis of the test's own; gives its address. */
export async function ownRedis(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearback-redis-'));
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--dir', folder, '--save', '']);
  onTestFinished(async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout.on('data', (data) => String(data).includes('Ready to accept') && resolve());
    server.on('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
  });
  return `redis://127.0.0.1:${port}`;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
