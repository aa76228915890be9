import type { HttpRoute } from '../../core/channel.ts';
import { CONSOLE, ORGANIZE } from '../../core/surfaces.ts';
import type { ChannelDriver } from '../kind.ts';
import { createSlackChannel, type SlackChannel } from './channel.ts';
import { download } from './send.ts';
import type { SlackSettings } from './settings.ts';

export const driver: ChannelDriver<SlackSettings> = {
  create({ messagesPerSecond, ...tokens }, { commands, surfaces, clock, log }) {
    const channel = createSlackChannel({
      ...tokens,
      // In no menu, and still a command: where it is named, it is written as Slack's people have to type it.
      commands: () => [...commands(), ORGANIZE, CONSOLE],
      surfaces,
      perSecond: messagesPerSecond,
      clock,
      log,
    });
    return { ...channel, routes: routesOf(channel) };
  },
  fetcher: (settings) => ({ download: (ref) => download(ref, settings) }),
};

export const routesOf = ({ handleHttp }: Pick<SlackChannel, 'handleHttp'>): HttpRoute[] => [
  { path: '/slack/events', answer: handleHttp },
];
