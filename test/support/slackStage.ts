import { onTestFinished } from 'vitest';
import { createSlackChannel, type SlackOptions } from '../../src/channels/slack/channel.ts';
import { routesOf } from '../../src/channels/slack/driver.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { createWeb, listen } from '../../src/interfaces/web/server.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { allFine } from './health.ts';
import { channelOptions } from './slack.ts';

/** A channel on the stand-in, not yet started; `socket` or by HTTP. Ends with the test. */
export async function stage(mode: 'socket' | 'http', more: Partial<SlackOptions> = {}) {
  const slack = await startSlackSandbox();
  const channel = createSlackChannel({ ...(await channelOptions(slack, mode)), ...more });
  const web = await listen(createWeb({ routes: routesOf(channel), health: allFine }), '127.0.0.1', 0);
  const address = `${web.url}/slack/events`;
  if (mode === 'http') slack.webhooks.urls = [address];
  onTestFinished(async () => {
    await channel.stop();
    await web.close();
    await slack.close();
  });
  return { slack, channel, address };
}

/** Takes each id once, as the application does; `failing` refuses everything. */
export function createInbox() {
  const inbox = { taken: [] as Inbound[], calls: 0, failing: false, receive };
  async function receive(inbound: Inbound): Promise<void> {
    inbox.calls += 1;
    if (inbox.failing) throw new Error('The database is away.');
    if (!inbox.taken.some(({ id }) => id === inbound.id)) inbox.taken.push(inbound);
  }
  return inbox;
}

export const spoken = ({ taken }: { taken: Inbound[] }) => taken.map(({ content }) => content);
