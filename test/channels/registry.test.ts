import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CHANNEL_NAMES, channelKind, channelsIn, channelTitle } from '../../src/channels/registry.ts';
import { readConfig } from '../../src/config.ts';

/** The channels themselves, the platforms' stand-ins, and the demonstration that puts people on them. */
const OF_ONE_PLATFORM = /^src\/(channels|sandbox|interfaces\/cli\/demo|store\/generated)\//;

test('nothing but the registry knows which channels there are', async () => {
  const quoted = new RegExp(`['"\`](${[...CHANNEL_NAMES, 'memory'].join('|')})['"\`]`);
  const files = (await readdir('src', { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !OF_ONE_PLATFORM.test(file));
  expect(files.length).toBeGreaterThan(100);
  const naming: string[] = [];
  for (const file of files) if (quoted.test(await readFile(file, 'utf8'))) naming.push(file);
  expect(naming).toEqual([]);
});

test('each channel is a folder of its own name', async () => {
  const folders = (await readdir('src/channels', { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...CHANNEL_NAMES].sort());
});

test('those are set up whose token is given; what a channel is called that is there no more is what is on record', () => {
  const config = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' });
  expect(channelsIn(config).map(({ name }) => name)).toEqual(['slack']);
  expect([channelTitle('slack'), channelTitle('fax')]).toEqual(['Slack', 'fax']);
  expect(() => channelKind('fax')).toThrow('There is no channel fax.');
});
