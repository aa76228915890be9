import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { routesOf } from '../../src/channels/slack/driver.ts';
import { createPeople } from '../../src/channels/slack/people.ts';
import { createTurns } from '../../src/channels/slack/turns.ts';
import { createWeb, listen } from '../../src/interfaces/web/server.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { allFine } from '../support/health.ts';
import { channelOptions } from '../support/slack.ts';
import { createInbox, spoken } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

const nothing = (): void => undefined;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Stands before the stand-in; whoever asks for a file waits until `open`, or is refused while it is broken. */
async function gateBefore(apiUrl: string) {
  const rateLimit = {
    apiUrl: '',
    asked: [] as string[],
    answered: [] as string[],
    broken: false,
    open: nothing,
  };
  const opened = new Promise<void>((resolve) => {
    rateLimit.open = resolve;
  });
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').replace('/api/', '');
    const body = await textOf(request);
    rateLimit.asked.push(method);
    if (method === 'files.info' && rateLimit.broken) return void response.writeHead(500).end();
    if (method === 'files.info') await opened;
    const { authorization = '', 'content-type': type = '' } = request.headers;
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(`${apiUrl}${method}`, { method: 'POST', headers, body });
    response.setHeader('content-type', 'application/json');
    response.end(await answer.text());
    rateLimit.answered.push(method);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    rateLimit.open();
    server.closeAllConnections();
    server.close();
  });
  rateLimit.apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return rateLimit;
}

async function listening() {
  const slack = await startSlackSandbox();
  const rateLimit = await gateBefore(slack.apiUrl);
  const channel = createSlackChannel({ ...(await channelOptions(slack, 'http')), apiUrl: rateLimit.apiUrl });
  const web = await listen(createWeb({ routes: routesOf(channel), health: allFine }), '127.0.0.1', 0);
  slack.webhooks.urls = [`${web.url}/slack/events`];
  onTestFinished(async () => {
    rateLimit.open();
    await channel.stop();
    await web.close();
    await slack.close();
  });
  const inbox = createInbox();
  await channel.start(inbox.receive);
  return { slack, rateLimit, inbox, ana: slack.user('UANA'), bo: slack.user('UBO') };
}

const map = { name: 'map.png', mime: 'image/png', bytes: Buffer.from('x'), from: 'elsewhere' as const };
const kinds = (inbox: ReturnType<typeof createInbox>) => spoken(inbox).map(({ kind }) => kind);

test('what one person does is recorded in the order in which it came, however long it takes to look something up', async () => {
  const { rateLimit, inbox, ana, bo } = await listening();
  const file = ana.files([map], '');
  await until('the file to be asked for', () => rateLimit.asked.includes('files.info'));
  const word = ana.say('yes');
  await until('its author to be known', () => rateLimit.answered.includes('users.info'));
  await bo.say('hello');
  expect(spoken(inbox)).toMatchObject([{ kind: 'text', text: 'hello' }]);
  rateLimit.open();
  await Promise.all([file, word]);
  expect(kinds(inbox)).toEqual(['text', 'media', 'text']);
});

test('what cannot be looked up now holds up nothing that the same person does after it', async () => {
  const { rateLimit, inbox, ana } = await listening();
  rateLimit.broken = true;
  const file = ana.files([map], '');
  await until('the file to be asked for', () => rateLimit.asked.includes('files.info'));
  await ana.say('yes');
  expect(kinds(inbox)).toEqual(['text']);
  rateLimit.broken = false;
  rateLimit.open();
  await file;
  expect(kinds(inbox)).toEqual(['text', 'media']);
});

test('only so much of one person waits at once, and of others as much again', async () => {
  const inTurn = createTurns();
  let end = nothing;
  const long = new Promise<void>((resolve) => {
    end = resolve;
  });
  const taken = (turn: Promise<unknown>) => turn.then(() => 'taken');
  const waiting = Array.from({ length: 100 }, () => inTurn('UANA', () => long));
  await expect(inTurn('UANA', async () => 'more')).rejects.toThrow('Too much');
  expect(await inTurn('UBO', taken)).toBe('taken');
  end();
  await Promise.all(waiting);
  expect(await inTurn('UANA', taken)).toBe('taken');
});

test('what several payloads need to know at the same time is asked for once', async () => {
  const slack = await startSlackSandbox();
  onTestFinished(() => slack.close());
  slack.user('UANA');
  const rateLimit = await gateBefore(slack.apiUrl);
  rateLimit.open();
  const people = createPeople(new WebClient(slack.botToken, { slackApiUrl: rateLimit.apiUrl }));
  const twice = (ask: () => Promise<unknown>) => Promise.all([ask(), ask()]);
  await Promise.all([twice(() => people.aboutOf('UANA')), twice(() => people.chatOf('UANA'))]);
  await Promise.all([twice(() => people.titleOf('C1')), twice(() => people.fileOf('F1'))]);
  expect(rateLimit.asked.toSorted()).toEqual(['conversations.info', 'conversations.open', 'files.info', 'users.info']);
});
