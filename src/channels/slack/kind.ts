import { z } from 'zod';
import { needs, webAddress, whole } from '../../core/envKeys.ts';
import { UserError } from '../../core/errors.ts';
import type { OutboundMessage } from '../../core/message.ts';
import { type ProxySettings, proxyFor } from '../../core/proxy.ts';
import type { PlatformLink } from '../../people/posters.ts';
import type { ChannelKind, MessagePreview } from '../kind.ts';
import { type ApiAnswer, asked, call } from '../platformApi.ts';
import { render, slashing } from './render.ts';
import type { SlackSettings } from './settings.ts';

const KEYS = {
  SLACK_BOT_TOKEN: z
    .string()
    .regex(
      /^(xoxe\.)?xoxb-/,
      'is not a bot token: copy the one beginning with xoxb- from "OAuth & Permissions" of the app.',
    )
    .optional()
    .describe('Bot token, `xoxb-…`. Set: Hearback is on Slack.'),
  SLACK_API_URL: webAddress('https://slack.com/api')
    .default('https://slack.com/api')
    .describe('Another Slack API address.'),
  SLACK_APP_TOKEN: z
    .string()
    .regex(
      /^xapp-/,
      'is not an app-level token: make one beginning with xapp- at "Basic Information" with connections:write.',
    )
    .optional()
    .describe('App-level token, `xapp-…`. Set: Socket Mode, no public address needed.'),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(
      /^(?!xox|xapp-)\S+$/,
      'is not a signing secret: copy it from "Basic Information" of the app; it is not a token.',
    )
    .optional()
    .describe('Set: HTTP events at `PUBLIC_URL/slack/events`, checked against it.'),
  SLACK_MESSAGES_PER_SECOND: whole(1, 1000).default(8).describe('Most messages a second to one workspace.'),
};

const keys = z.object(KEYS);

export const slack: ChannelKind<SlackSettings> = {
  title: 'Slack',
  setUp:
    'create an app from src/channels/slack/manifest.yaml at https://api.slack.com/apps, and put its tokens into .env: SLACK_BOT_TOKEN=xoxb-… and SLACK_APP_TOKEN=xapp-…',
  keys: KEYS,
  rules: [
    ({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET }) =>
      SLACK_BOT_TOKEN && !SLACK_APP_TOKEN && !SLACK_SIGNING_SECRET
        ? 'SLACK_BOT_TOKEN: nothing says how events arrive. Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).'
        : null,
    needs('SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'),
    needs('SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'),
  ],
  settings(values: unknown, proxy: ProxySettings | null) {
    const read = values as z.output<typeof keys>;
    if (!read.SLACK_BOT_TOKEN) return null;
    return {
      botToken: read.SLACK_BOT_TOKEN,
      apiUrl: read.SLACK_API_URL,
      appToken: read.SLACK_APP_TOKEN ?? null,
      signingSecret: read.SLACK_SIGNING_SECRET ?? null,
      messagesPerSecond: read.SLACK_MESSAGES_PER_SECOND,
      proxy: proxyFor(read.SLACK_API_URL, proxy),
    };
  },
  remedy: 'See that this machine reaches SLACK_API_URL, through a proxy if there is one.',
  example: 'U123ABC',
  toStart: (start) => `/hearback start ${start}`,
  probe,
  doubts: () => [],
  address,
  preview,
  load: () => import('./driver.ts').then(({ driver }) => driver),
};

async function probe({ apiUrl, botToken, appToken }: SlackSettings): Promise<string> {
  const me = await call<never>(`${apiUrl}/auth.test`, botToken);
  const opened = appToken ? await call<never>(`${apiUrl}/apps.connections.open`, appToken) : { ok: true };
  const mistakes = [
    ...(me.ok ? [] : [`SLACK_BOT_TOKEN: Slack refused it (${me.error}). Install the app again and copy its token.`]),
    ...(opened.ok
      ? []
      : [
          `SLACK_APP_TOKEN: Slack refused it (${opened.error}). It needs connections:write, and Socket Mode switched on.`,
        ]),
  ];
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'), mistakes);
  return `${me.user} in ${me.team}, by ${appToken ? 'Socket Mode' : 'HTTP'}`;
}

/** docs.slack.dev/interactivity/deep-linking: nothing can be said along with the link. */
async function address({ apiUrl, botToken }: SlackSettings, start: string): Promise<PlatformLink> {
  const ask = (method: string) => asked<never>('SLACK_API_URL', () => call(`${apiUrl}/${method}`, botToken));
  const me: SlackAnswer = await ask('auth.test');
  if (!me.ok)
    throw new UserError(`SLACK_BOT_TOKEN: Slack refused it (${me.error}). Install the app again and copy its token.`);
  const { bot }: SlackAnswer = await ask(`bots.info?bot=${encodeURIComponent(me.bot_id ?? '')}`);
  const query = new URLSearchParams({
    ...(bot?.app_id ? { app: bot.app_id } : { channel: me.user_id ?? '' }),
    team: me.team_id ?? '',
  });
  return { channel: 'slack', url: `https://slack.com/app_redirect?${query}`, toType: `/hearback start ${start}` };
}

interface SlackAnswer extends ApiAnswer<never> {
  user_id?: string;
  team_id?: string;
  bot_id?: string;
  bot?: { app_id?: string };
}

type SlackBlock = ReturnType<typeof render>[number]['blocks'][number];

function preview(message: OutboundMessage, commands: readonly string[]): MessagePreview {
  const parts = render(message, slashing(commands));
  const messages = parts.map(({ blocks }) => {
    const text = blocks.flatMap(wordsOf).join('\n\n');
    return { text, characters: text.length, blocks: blocks.length };
  });
  return { messages, buttons: parts.at(-1)?.blocks.flatMap(labelsOf) ?? [] };
}

function wordsOf(block: SlackBlock): string[] {
  if (block.type === 'section' || block.type === 'header') return [block.text?.text ?? ''];
  return block.type === 'context' ? block.elements.flatMap((each) => ('text' in each ? [each.text] : [])) : [];
}

/** Many choices are a list to open. */
function labelsOf(block: SlackBlock): string[][] {
  if (block.type !== 'actions') return [];
  return [
    block.elements.flatMap((element) => {
      if (element.type === 'button') return [element.text.text];
      return element.type === 'static_select' ? (element.options ?? []).map(({ text }) => text.text) : [];
    }),
  ];
}
