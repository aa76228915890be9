import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
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

/** A Redis of the test's own, to be taken down. */
export interface OwnRedis {
  url: string;
  stop(): Promise<void>;
  /** Up again, at the same port. */
  start(): Promise<void>;
  /** It accepts connections and answers nobody, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

/** @param password what it asks of its clients */
export async function redisServer(password?: string): Promise<OwnRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearback-redis-'));
  const port = await freePort();
  const asked = password === undefined ? [] : ['--requirepass', password];
  const begin = () => spawn('redis-server', ['--port', String(port), '--dir', folder, '--save', '', ...asked]);
  let server = begin();
  onTestFinished(async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  });
  await ready(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => end(server),
    async start() {
      server = begin();
      await ready(server);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
  };
}

/** A Redis of the test's own; gives its address. */
export const ownRedis = async (): Promise<string> => (await redisServer()).url;

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (data) => String(data).includes('Ready to accept') && resolve());
    server.on('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

/** Below those that systems give away: nobody takes it while this Redis is down. */
const PORTS = [12_000, 20_000] as const;

function freePort(): Promise<number> {
  const port = randomInt(...PORTS);
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(freePort()))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}
