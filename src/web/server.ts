import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

export interface WebParts {
  telegram?: { handleWebhook(secret: string | undefined, body: unknown): Promise<number> };
  slack?: {
    handleHttp(
      headers: Record<string, string>,
      rawBody: string,
    ): Promise<{ status: number; body: string; contentType?: string }>;
  };
  /** Resolves when database and queue answer. */
  healthy: () => Promise<void>;
}

/** Larger than any update of either platform. */
const MOST_BYTES = 1024 * 1024;

export function createWeb(parts: WebParts): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.text('too large', 413) }));
  app.get('/health', async (c) => {
    try {
      await parts.healthy();
      return c.json({ ok: true });
    } catch {
      return c.json({ ok: false }, 503);
    }
  });
  const { telegram, slack } = parts;
  if (telegram) {
    app.post('/telegram/webhook', async (c) => {
      const secret = c.req.header('x-telegram-bot-api-secret-token');
      const body: unknown = await c.req.json().catch(() => null);
      return c.body(null, (await telegram.handleWebhook(secret, body)) as 200);
    });
  }
  if (slack) {
    app.post('/slack/events', async (c) => {
      const answer = await slack.handleHttp(c.req.header(), await c.req.text());
      c.header('content-type', answer.contentType ?? 'text/plain; charset=utf-8');
      return c.body(answer.body, answer.status as 200);
    });
  }
  return app;
}

export interface WebServer {
  url: string;
  close(): Promise<void>;
}

export async function listen(app: Hono, host: string, port: number): Promise<WebServer> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
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
