import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createSlackChannel, type SlackChannel } from '../../src/channels/slack/channel.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { type OutboundFile, say } from '../../src/core/message.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import type { Grants } from '../../src/sandbox/slackScopes.ts';
import { channelOptions, commands } from '../support/slack.ts';

const manifest = parse(readFileSync('src/channels/slack/manifest.yaml', 'utf8'));
const granted: Grants = {
  scopes: manifest.oauth_config.scopes.bot,
  events: manifest.settings.event_subscriptions.bot_events,
};

const works = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

async function changed(channel: SlackChannel, file: OutboundFile): Promise<void> {
  const refs = await channel.send('DUANA', { ...say('Hello'), file });
  await channel.edit(refs, { ...say('Good morning'), file });
  await channel.remove(refs);
}

/** Everything that people and the channel do with each other, and whether it worked for an app with these grants. */
async function everything(grants: Grants): Promise<Record<string, boolean>> {
  const slack = await startSlackSandbox({ grants });
  const channel = createSlackChannel(await channelOptions(slack, 'socket'));
  onTestFinished(async () => {
    await channel.stop();
    await slack.close();
  });
  const taken: Inbound[] = [];
  await channel.start(async (inbound) => void taken.push(inbound));
  const ana = slack.user('UANA', { language: 'es', zone: 'Europe/Madrid' });
  await ana.say('More light');
  await ana.slash('timeline');
  await ana.files([{ name: 'a.png', mime: 'image/png', bytes: Buffer.from('x') }], '');
  await ana.openHome();
  const has = (kind: string) => taken.some(({ content }) => content.kind === kind);
  const ours = slack.channel('C1', { title: 'parks' });
  const hidden = slack.channel('G1', { title: 'board', private: true });
  for (const channel of [ours, hidden]) {
    await channel.invite('UANA');
    await channel.kick('UANA');
    await channel.archive('UANA');
    await channel.delete('UANA');
  }
  await ana.shortcut('suggest_message', ours.say('UANA', 'More light'));
  const groups = (kind: 'added' | 'removed') =>
    taken.flatMap(({ content }) => (content.kind === kind ? [content.group.title] : []));
  const media = taken.map(({ content }) => content).find((content) => content.kind === 'media');
  const file = { name: 'plan.txt', mime: 'text/plain', bytes: Buffer.from('Benches') };
  const bytes = media && (await works(channel.download(media.attachment.ref)));
  const results = {
    'a message is heard': has('text'),
    'a file is heard of': has('media'),
    'the slash command is heard': has('command'),
    'the language is known': taken.some(({ sender }) => sender.language === 'es'),
    'an answer arrives': await works(channel.send('DUANA', say('Hello'))),
    'a file arrives': await works(channel.send('DUANA', { blocks: [], file })),
    'the chat of whoever typed the command is found': taken.some(
      ({ content, sender }) => content.kind === 'command' && sender.address === 'DUANA',
    ),
    'a file can be fetched': bytes === true,
    'the time zone is known': taken.some(({ sender }) => sender.zone === 'Europe/Madrid'),
    'it is heard who adds us to a channel, and to which': groups('added').includes('#parks'),
    'the same of a private one': groups('added').includes('#board'),
    // Left, said in two ways; archived; deleted.
    'the end of a channel is heard': groups('removed').filter((title) => title === '#parks').length === 4,
    'the end of a private one is heard': groups('removed').filter((title) => title === '#board').length === 4,
    'a message can be suggested': has('suggested'),
    'what was sent can be changed and taken back': await works(changed(channel, file)),
    'a link opens the chat': channel.link('start') === 'https://slack.com/app_redirect?app=A1&team=T1',
  };
  await channel.stop();
  return { ...results, 'Home is shown': ana.home() !== null };
}

test('an app made from the manifest can do everything', async () => {
  expect(Object.entries(await everything(granted)).filter(([, worked]) => !worked)).toEqual([]);
});

test.each(granted.scopes)('without the scope %s something is missing', async (scope) => {
  const scopes = granted.scopes.filter((other) => other !== scope);
  expect(Object.values(await everything({ ...granted, scopes }))).toContain(false);
});

test.each(granted.events)('without the event %s something is missing', async (event) => {
  const events = granted.events.filter((other) => other !== event);
  expect(Object.values(await everything({ ...granted, events }))).toContain(false);
});

test('the manifest switches on what the channel stands on, and names commands that there are', () => {
  expect(manifest.settings).toMatchObject({ interactivity: { is_enabled: true }, socket_mode_enabled: true });
  const { app_home, slash_commands, shortcuts } = manifest.features;
  expect(app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
  expect(app_home.messages_tab_read_only_enabled).toBe(false);
  // Bolt takes the text as it was typed; escaped, `@` and `#` would arrive as ids.
  expect(slash_commands).toMatchObject([{ command: '/hearback', should_escape: false }]);
  expect(shortcuts).toMatchObject([{ type: 'message', callback_id: 'suggest_message' }]);
  // docs.slack.dev/reference/app-manifest
  expect(shortcuts[0].name.length).toBeLessThanOrEqual(24);
  for (const name of slash_commands[0].usage_hint.match(/[a-z]+/g)) expect(commands).toContain(name);
});
