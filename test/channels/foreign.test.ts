import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import type { Channel } from '../../src/core/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { useProxy } from '../../src/core/useProxy.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { channelOptions } from '../support/slack.ts';

const PAGE = '<html><body>Access denied by policy</body></html>';

async function serving(answer: RequestListener, connect?: string): Promise<string> {
  const server = createServer(answer);
  server.on('connect', (_, socket) => socket.end(connect));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const always = (status: number, body: string) => serving((_, response) => response.writeHead(status).end(body));

type At = (root: string, proxy?: string) => Promise<Channel>;
const telegramAt: At = async (apiRoot, proxy) =>
  createTelegramChannel({ token: '4711:x', apiRoot, proxy: proxy ?? null, clock: systemClock, log: silentLog });
const slackAt: At = async (root) => {
  const sandbox = await startSlackSandbox();
  onTestFinished(() => sandbox.close());
  return createSlackChannel({ ...(await channelOptions(sandbox, 'http')), apiUrl: `${root}/api/` });
};

describe.each([
  ['Telegram', telegramAt],
  ['Slack', slackAt],
])('an answer that is not one of %s', (_, at) => {
  test.each([200, 400, 401, 403, 404, 413, 502])('says nothing of the person: %i', async (status) => {
    for (const body of [PAGE, 'Forbidden', '', '{"error":{"message":"denied"}}']) {
      const channel = await at(await always(status, body));
      await expect(channel.send('1', say('Hello')), body).rejects.toMatchObject({
        code: 'unavailable',
        detail: expect.not.stringContaining('denied'),
      });
    }
  });
});

test.each([
  ['Telegram', telegramAt],
  ['Slack', slackAt],
])('too many calls is told by whoever stands before %s too', async (_, at) => {
  const channel = await at(await always(429, PAGE));
  await expect(channel.send('1', say('Hello'))).rejects.toMatchObject({ code: 'slow_down' });
});

test.each([403, 407])('a proxy that lets nobody through leaves people reachable: %i', async (status) => {
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));
  const proxy = await serving(
    () => undefined,
    `HTTP/1.1 ${status} No\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`,
  );
  const telegram = await telegramAt('https://api.telegram.org', proxy);
  await expect(telegram.send('1', say('Hello'))).rejects.toMatchObject({ retryable: true });
  await useProxy({ url: proxy, except: '127.0.0.1' });
  const slack = await slackAt('https://slack.com');
  await expect(slack.send('D1', say('Hello'))).rejects.toMatchObject({ retryable: true });
});

/** Knows every file by its id, and answers for the file itself what it is given. */
async function fileServer(answer: RequestListener): Promise<string> {
  const result = { file_id: 'F1', file_unique_id: 'u', file_path: 'documents/F1' };
  return serving((request, response) =>
    request.url?.endsWith('/getFile') ? response.end(JSON.stringify({ ok: true, result })) : answer(request, response),
  );
}

describe.each([
  ['Telegram', telegramAt, () => 'F1'],
  ['Slack', slackAt, (root: string) => `${root}/files-pri/F1`],
])('a file of %s', (_, at, refAt) => {
  test.each([
    [401, 'unauthorized'],
    [403, 'unavailable'],
    [404, 'rejected'],
    [410, 'rejected'],
    [429, 'slow_down'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('that is answered with %i is %s', async (status, code) => {
    const root = await fileServer((_, response) => response.writeHead(status).end(PAGE));
    await expect((await at(root)).download(refAt(root))).rejects.toMatchObject({ code });
  });

  test('is read no further than to the limit, where its length is not said', async () => {
    const root = await fileServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    await expect((await at(root)).download(refAt(root))).rejects.toMatchObject({ code: 'rejected' });
  });
});
