import { expect, test } from 'vitest';
import type { SlackSandboxUser } from '../../src/sandbox/slackPerson.ts';
import { contributionsIn } from '../support/kept.ts';
import { hears } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';

const TS = '1700000000.000100';
const file = (id: string) => {
  const url_private = `https://files.slack.com/files-pri/T1-${id}/map.png`;
  return { id, mode: 'hosted', file_access: 'visible', name: 'map.png', mimetype: 'image/png', size: 9, url_private };
};
const maps = { type: 'message', user: 'UANA', text: 'The maps', ts: TS, files: [file('F1'), file('F2')] };
const removed = (now: object) => ({
  ...{ type: 'message', subtype: 'message_changed', channel: 'DUANA', channel_type: 'im', hidden: true },
  message: { ...maps, edited: { user: 'UANA', ts: '1700000001.000100' }, ...now },
  previous_message: maps,
});

/** Does something, and gives what the bot says with these words in it. */
async function after(person: SlackSandboxUser, words: string, act: () => Promise<unknown>): Promise<string> {
  const from = person.chat.length;
  await act();
  return (await hears(person, words, from)).text;
}

async function joined() {
  const { slack, service } = await startSlackService('http');
  const ana = slack.user('UANA');
  await after(ana, 'Do you agree', () => ana.slash(''));
  await after(ana, 'Just write your idea', () => ana.press('I agree'));
  return { slack, service, ana };
}

test('a file that cannot be had, or is too large, is said at once, and the words beside it are kept', async () => {
  const { ana } = await joined();
  const map = { name: 'map.png', mime: 'image/png', bytes: Buffer.from('x') };
  await after(ana, 'could not get that file', () => ana.files([{ ...map, from: 'withheld' }], ''));
  const recorded = after(ana, 'recorded as HB-', async () => undefined);
  await after(ana, '20 MB at most', () => ana.files([{ ...map, size: 21 * 1024 * 1024 }], 'Only the film of it'));
  await recorded;
});

test('a file that somebody takes out of their message is taken out of the idea', async () => {
  const { slack, service, ana } = await joined();
  await after(ana, 'recorded as HB-', () => ana.say('', { ...maps, subtype: 'file_share' }));
  await after(ana, 'no longer has', () => slack.event(removed({ files: [file('F2')] })));
  const said = await after(ana, 'no longer has', () => slack.event(removed({ files: [] })));
  const [kept, ...others] = await contributionsIn(service.core.db.pool);
  expect([kept, others]).toMatchObject([{ text: 'The maps', attachments: [] }, []]);
  expect(said).toBe(`Done. ${kept?.reference} no longer has the file that you removed.`);
});
