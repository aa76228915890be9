import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { HttpRoute } from '../../core/channel.ts';
import { UserError } from '../../core/errors.ts';
import type { Health } from '../../core/health.ts';
import { CONSOLE_PATH } from '../../people/console.ts';

export interface WebParts {
  /** Of the channels. */
  routes?: readonly HttpRoute[];
  health: () => Promise<Health>;
  /** What members work with in a browser; left out: none is served here. */
  console?: { fetch(request: Request): Response | Promise<Response> };
}

/** Larger than any update of either platform. */
const MOST_BYTES = 1024 * 1024;

export function createWeb(parts: WebParts): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.text('too large', 413) }));
  app.get('/health', async (c) => {
    const health = await parts.health();
    return c.json(health, health.ok ? 200 : 503);
  });
  const { console } = parts;
  if (console) for (const path of [CONSOLE_PATH, `${CONSOLE_PATH}/*`]) app.all(path, (c) => console.fetch(c.req.raw));
  for (const { path, answer } of parts.routes ?? [])
    app.post(path, async (c) => {
      const { status, body, contentType } = await answer(c.req.header(), await c.req.text());
      c.header('content-type', contentType ?? 'text/plain; charset=utf-8');
      return c.body(body, status as 200);
    });
  return app;
}

export interface WebServer {
  url: string;
  close(): Promise<void>;
}

/** @throws UserError when this machine does not give that host and port */
export async function listen(app: Hono, host: string, port: number): Promise<WebServer> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusedPort(error, host, port) ?? error));
    server.listen(port, host, resolve);
  });
  const address = server.address() as { port: number };
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}

/** @throws UserError when this machine would not give that host and port */
export async function tryPort(host: string, port: number): Promise<void> {
  const server = await listen(new Hono(), host, port);
  await server.close();
}

/** Somebody else has the port. */
export class PortTaken extends UserError {
  constructor(port: number) {
    super(`PORT: ${port} is in use by another program. Stop that one, or set PORT to one that is free.`);
  }
}

function refusedPort({ code }: NodeJS.ErrnoException, host: string, port: number): UserError | null {
  if (code === 'EADDRINUSE') return new PortTaken(port);
  if (code === 'EACCES')
    return new UserError(`PORT: this user may not listen on ${port}. Set PORT to one from 1024 on.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UserError(`HOST: ${host} is not an address of this machine. Set HOST to one that is, or to 0.0.0.0.`);
  return null;
}
