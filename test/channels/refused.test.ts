import { expect, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Facts, silentLog } from '../../src/core/log.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { channelOptions } from '../support/slack.ts';

function witness() {
  const warned: { event: string; facts: Facts | undefined }[] = [];
  const log = { ...silentLog, warn: (event: string, facts?: Facts) => void warned.push({ event, facts }) };
  return { warned, log };
}

test('webhooks of whoever does not know the secret leave a line, with their number and nothing of their content', async () => {
  const { warned, log } = witness();
  const webhook = { secret: 'of-the-test', url: 'http://127.0.0.1/telegram/webhook' };
  const telegram = createTelegramChannel({ token: '4711:x', webhook, clock: systemClock, log });
  const statuses = [await telegram.handleWebhook(undefined, { text: 'Hello' }), await telegram.handleWebhook('no', {})];
  expect(statuses).toEqual([401, 401]);
  expect(warned).toEqual([{ event: 'Webhooks without the secret were refused', facts: { count: 1 } }]);
});

test('requests that Slack has not signed leave a line, with their number and nothing of their content', async () => {
  const { warned, log } = witness();
  const sandbox = await startSlackSandbox();
  const slack = createSlackChannel({ ...(await channelOptions(sandbox, 'http')), log });
  expect([(await slack.handleHttp({}, 'Hello')).status, (await slack.handleHttp({}, '')).status]).toEqual([401, 401]);
  expect(warned).toEqual([{ event: 'Requests that Slack has not signed were refused', facts: { count: 1 } }]);
  await sandbox.close();
});
