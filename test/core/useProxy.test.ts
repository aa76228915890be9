import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { driver } from '../../src/channels/telegram/driver.ts';
import { readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { proxyFor } from '../../src/core/proxy.ts';
import { useProxy } from '../../src/core/useProxy.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { channelOptions, shippedSurfaces } from '../support/slack.ts';

/** A proxy that lets nobody through, and keeps whom it was asked for. @param says nothing: it hangs up without a word */
async function closedProxy(says = 'HTTP/1.1 503 Service Unavailable\r\n\r\n') {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end(says);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const TOKENS = { TELEGRAM_BOT_TOKEN: '4711:x', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

it.each([undefined, ''])('asks the proxy once to reach Telegram, also where it answers %j', async (says) => {
  const { asked, url } = await closedProxy(says);
  const { telegram } = readConfig({ ...TOKENS, HTTPS_PROXY: url });
  if (!telegram) throw new Error('Telegram is not set.');
  const channel = driver.create(telegram, {
    ...{ publicUrl: '', leads: () => async () => false, commands: () => [], surfaces: await shippedSurfaces() },
    ...{ clock: Date.now, log: silentLog },
  });
  await expect(channel.send('1', say('Hello'))).rejects.toMatchObject({ code: 'not_connected' });
  expect(asked).toEqual(['api.telegram.org:443']);
});

it('reaches Slack through the proxy', async () => {
  const before = getGlobalDispatcher();
  onTestFinished(() => setGlobalDispatcher(before));
  const { asked, url } = await closedProxy();
  const { proxy, slack } = readConfig({ ...TOKENS, https_proxy: url, NO_PROXY: 'localhost' });
  await useProxy(proxy);
  const sandbox = await startSlackSandbox();
  const options = { ...(await channelOptions(sandbox, 'socket')), ...slack, perSecond: 1 };
  await expect(createSlackChannel(options).identify()).rejects.toThrow('SLACK_API_URL');
  expect(asked).toEqual(['slack.com:443']);
  await sandbox.close();
});

it('reaches directly what is excepted, and what is not encrypted', () => {
  const proxy = { url: 'http://proxy', except: 'example.org, .slack.com *.telegram.org,own:8443' };
  const direct = ['https://example.org', 'https://wss.slack.com', 'https://api.telegram.org', 'https://own:8443'];
  for (const address of [...direct, 'http://localhost:1']) expect(proxyFor(address, proxy)).toBeNull();
  for (const address of ['https://example.com', 'https://notexample.org', 'https://own'])
    expect(proxyFor(address, proxy)).toBe('http://proxy');
  expect(proxyFor('https://example.com', { ...proxy, except: '*' })).toBeNull();
});
