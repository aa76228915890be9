import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSlackChannel, type SlackChannel } from '../../src/channels/slack/channel.ts';
import { routesOf } from '../../src/channels/slack/driver.ts';
import { parsePayload } from '../../src/channels/slack/parse.ts';
import { atOnce } from '../../src/channels/slack/reading.ts';
import { SendError } from '../../src/core/channel.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { createWeb, listen, type WebServer } from '../../src/interfaces/web/server.ts';
import { type SlackSandbox, startSlackSandbox } from '../../src/sandbox/slack.ts';
import { signed } from '../../src/sandbox/slackEvents.ts';
import { allFine } from '../support/health.ts';
import { channelOptions } from '../support/slack.ts';

const HERE = atOnce({ botUser: 'UBOT', team: 'T1', now: 1_700_000_100_000 });
const HOSTILE = '<!channel> & <https://evil.example|bank>';
let slack: SlackSandbox;
let channel: SlackChannel;
let web: WebServer | null;
let inbounds: Inbound[];
let refusals: number;

beforeEach(async () => {
  slack = await startSlackSandbox();
  web = null;
  inbounds = [];
  refusals = 0;
});

afterEach(async () => {
  await channel?.stop();
  await web?.close();
  await slack.close();
});

async function receive(inbound: Inbound): Promise<void> {
  if (refusals-- > 0) throw new Error('The database is away.');
  inbounds.push(inbound);
}

async function start(mode: string): Promise<void> {
  channel = createSlackChannel(await channelOptions(slack, mode));
  await channel.start(receive);
  if (mode === 'socket') return;
  web = await listen(createWeb({ routes: routesOf(channel), health: allFine }), '127.0.0.1', 0);
  slack.webhooks.urls = [`${web.url}/slack/events`];
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as SendError,
  );

describe.each(['socket', 'http'])('by %s', (mode) => {
  beforeEach(() => start(mode));

  test('what a person says, presses, types and corrects is received', async () => {
    const ana = slack.user('UANA', { language: 'es-ES' });
    await ana.say(`Más luz ${HOSTILE}`);
    await channel.send('DUANA', {
      blocks: [{ kind: 'text', text: 'Which?' }],
      choices: [{ label: 'Yes', data: 'a:1:y' }],
    });
    await ana.press('Yes');
    await ana.slash('Idea our bridge');
    await ana.slash('');
    await ana.edit('1.000001', 'Better');
    expect(inbounds.map((inbound) => inbound.content)).toEqual([
      { kind: 'text', text: `Más luz ${HOSTILE}`, messageId: expect.any(String) },
      {
        kind: 'choice',
        data: 'a:1:y',
        messageId: expect.any(String),
        shown: { text: 'Which?', blocks: expect.any(Array) },
      },
      { kind: 'command', name: 'idea', argument: 'our bridge', words: 'Idea our bridge' },
      { kind: 'command', name: 'start', argument: '' },
      { kind: 'edited', text: 'Better', messageId: '1.000001' },
    ]);
    const sender = { key: 'slack:T1:UANA', channel: 'slack', address: 'DUANA', language: 'es-ES' };
    for (const inbound of inbounds) expect(inbound.sender).toMatchObject(sender);
    expect(new Set(inbounds.map((inbound) => inbound.id)).size).toBe(inbounds.length);
  });

  test('an event that could not be recorded comes again', async () => {
    refusals = 1;
    await slack.user('UANA').say('Once more');
    expect(inbounds).toHaveLength(1);
  }, 10_000);

  test('opening Home publishes the view, and is nothing that was said', async () => {
    await slack.user('UANA').openHome();
    expect(inbounds).toEqual([]);
    await channel.stop();
    expect(slack.counters.homes).toBe(1);
  });
});

describe('sending', () => {
  beforeEach(() => start('http'));

  test('hostile words arrive as they were written, and act nowhere', async () => {
    const ana = slack.user('UANA');
    const choices = Array.from({ length: 7 }, (_, index) => ({ label: `Choice ${index}`, data: `c:${index}` }));
    const links = [{ label: 'More', url: 'https://example.org/' }];
    await channel.send('DUANA', {
      blocks: [
        { kind: 'heading', text: HOSTILE },
        { kind: 'quote', text: `${HOSTILE}\nsecond` },
      ],
      choices,
      links,
    });
    const message = ana.chat.at(-1);
    expect(message?.text).toBe(`${HOSTILE}\n\n${HOSTILE}\nsecond`);
    expect(message?.buttons).toHaveLength(8);
    expect(message?.buttons[7]).toEqual({ label: 'More', data: null, url: 'https://example.org/' });
    const [wire] = slack.sent;
    expect(wire?.text).not.toContain('<');
    expect(wire).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    expect(wire?.blocks).not.toContain('mrkdwn');
  });

  test('a limit is slow_down with the wish of Slack, without a second call', async () => {
    slack.user('UANA');
    slack.faults.stormUntil = Number.POSITIVE_INFINITY;
    slack.faults.stormRetryAfter = 7;
    const error = await failure(channel.send('DUANA', { blocks: [{ kind: 'text', text: 'x' }] }));
    expect(error).toBeInstanceOf(SendError);
    expect(error).toMatchObject({ code: 'slow_down', more: { retryAfterSeconds: 7, partsDone: 0 } });
    expect(slack.counters.sends).toBe(1);
  });

  test('every refusal is one of the closed list', async () => {
    const text = { blocks: [{ kind: 'text' as const, text: 'x' }] };
    slack.user('UANA').block();
    expect(await failure(channel.send('DUANA', text))).toMatchObject({ code: 'deactivated' });
    expect(await failure(channel.send('DNOBODY', text))).toMatchObject({ code: 'chat_not_found' });
    slack.user('UANA').unblock();
    slack.faults.loseEvery = 1;
    expect(await failure(channel.send('DUANA', text))).toMatchObject({ code: 'unknown_outcome' });
    expect(slack.counters.sends).toBe(3);
    await slack.close();
    expect(await failure(channel.send('DUANA', text))).toMatchObject({ code: 'not_connected' });
    slack = await startSlackSandbox();
  });
});

describe('signatures', () => {
  beforeEach(() => start('http'));
  const body = { type: 'url_verification', challenge: 'c0' };
  const make = (secret: string, ageSeconds: number) =>
    signed('events_api', body, secret, Date.now() - ageSeconds * 1000);

  test('a signed challenge is answered', async () => {
    const { headers, body: raw } = make(slack.signingSecret, 0);
    expect(await channel.handleHttp(headers, raw)).toMatchObject({ status: 200, body: 'c0' });
  });

  test.each([
    ['of another secret', 'other', 0],
    ['more than five minutes old', 'sandbox-secret', 302],
    ['from the future', 'sandbox-secret', -600],
  ])('one %s is refused', async (_, secret, age) => {
    const { headers, body: raw } = make(secret, age);
    expect((await channel.handleHttp(headers, raw)).status).toBe(401);
  });

  test('an altered body, or no headers at all, is refused', async () => {
    const { headers, body: raw } = make(slack.signingSecret, 0);
    expect((await channel.handleHttp(headers, `${raw} `)).status).toBe(401);
    expect((await channel.handleHttp({}, raw)).status).toBe(401);
  });
});

test('what is not recorded in time is asked for again: by Slack for events, by the person for the rest', async () => {
  await start('http');
  await channel.stop();
  let release = (): void => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  await channel.start(() => stuck);
  slack.user('UANA');
  const event = { type: 'message', channel_type: 'im', channel: 'DUANA', user: 'UANA', text: 'x', ts: '1.1' };
  const said = signed(
    'events_api',
    { type: 'event_callback', team_id: 'T1', event_id: 'E1', event },
    slack.signingSecret,
  );
  const typed = signed(
    'slash_commands',
    { command: '/hearback', text: '', team_id: 'T1', user_id: 'UANA', trigger_id: 't' },
    slack.signingSecret,
  );
  const [late, asked] = await Promise.all([said, typed].map(({ headers, body }) => channel.handleHttp(headers, body)));
  release();
  expect(late?.status).toBe(503);
  expect(asked).toMatchObject({ status: 200, body: expect.stringContaining('try again') });
}, 10_000);

test('a refused token is named with its remedy', async () => {
  channel = createSlackChannel({ ...(await channelOptions(slack, 'http')), botToken: 'xoxb-wrong' });
  await expect(channel.start(receive)).rejects.toThrow(/^SLACK_BOT_TOKEN: /);
});

test('payloads of any shape, and what bots say, are nobody speaking', () => {
  const event = { type: 'message', channel_type: 'im', channel: 'D1', user: 'UBOT', text: 'x', ts: '1.1' };
  const own = { type: 'event_callback', team_id: 'T1', event_id: 'E1', event };
  const bot = { ...own, event: { ...event, user: 'U2', bot_id: 'B2' } };
  const odd = [
    null,
    1,
    'x',
    [],
    {},
    { type: 'event_callback' },
    { type: 'block_actions', actions: [] },
    { type: 'view_submission', view: 3 },
  ];
  for (const raw of [...odd, own, bot]) expect(parsePayload(raw, HERE)).toBeNull();
});

test('the modal is a form with the names of the flow', () => {
  const values = {
    idea: { a: { value: 'Bridge' } },
    problem: { a: { value: null } },
    theme: { a: { selected_option: { value: 'water' } } },
  };
  const view = { callback_id: 'idea', state: { values } };
  const raw = { type: 'view_submission', team: { id: 'T1' }, user: { id: 'U1' }, trigger_id: 't', view };
  expect(parsePayload(raw, HERE)?.inbound.content).toEqual({
    kind: 'form',
    form: 'idea',
    fields: { idea: 'Bridge', theme: 'water' },
  });
});
