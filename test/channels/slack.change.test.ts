import { expect, test } from 'vitest';
import type { SendError } from '../../src/core/channel.ts';
import { say } from '../../src/core/message.ts';
import { createInbox, stage } from '../support/slackStage.ts';

const PDF = { name: 'plan.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') };
const failure = (work: Promise<unknown>): Promise<SendError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as SendError,
  );

async function talking() {
  const { slack, channel } = await stage('http');
  const ana = slack.user('UANA');
  return { slack, channel, ana, read: () => ana.chat.map(({ text, file }) => file ?? text) };
}

test('a file stays while the message has one, goes when it has none, and cannot be added later', async () => {
  const { channel, read } = await talking();
  const refs = await channel.send('DUANA', { ...say('The plan'), file: PDF });
  await channel.edit(refs, { ...say('The new plan'), file: PDF });
  expect(read()).toEqual(['The new plan', 'plan.pdf']);
  await channel.edit(refs, say('No plan'));
  expect(read()).toEqual(['No plan']);
  const bare = await channel.send('DUANA', say('Words'));
  expect(await failure(channel.edit(bare, { ...say('Words'), file: PDF }))).toMatchObject({ code: 'rejected' });
});

test('what was sent is taken back with its file, and what is gone already is not an error', async () => {
  const { channel, read } = await talking();
  const refs = await channel.send('DUANA', { ...say('The plan'), file: PDF });
  await channel.send('DUANA', say('Another'));
  for (const _ of [1, 2]) await channel.remove(refs);
  expect(read()).toEqual(['Another']);
});

test('where Slack allows no change any more it is refused; under a limit it is slow_down with what was done', async () => {
  const { slack, channel } = await talking();
  const refs = await channel.send('DUANA', { ...say('The plan'), file: PDF });
  slack.faults.closed = true;
  expect(await failure(channel.edit(refs, say('x')))).toMatchObject({ code: 'rejected', detail: 'edit_window_closed' });
  for (const ref of refs) expect(await failure(channel.remove([ref]))).toMatchObject({ code: 'rejected' });
  slack.faults.stormUntil = Number.POSITIVE_INFINITY;
  slack.faults.stormRetryAfter = 7;
  const more = { retryAfterSeconds: 7, partsDone: 0 };
  expect(await failure(channel.edit(refs, say('x')))).toMatchObject({ code: 'slow_down', more });
  expect(await failure(channel.remove(refs))).toMatchObject({ code: 'slow_down', more });
  slack.faults.stormUntil = 0;
  slack.faults.closed = false;
  await channel.remove(refs);
  expect(await failure(channel.edit(refs.slice(0, 1), say('x')))).toMatchObject({ detail: 'message_not_found' });
});

test('a picture at an address is shown below the words, other files there are links', async () => {
  const { slack, channel, ana } = await talking();
  const url = 'https://plan.example/map.png';
  await channel.send('DUANA', { ...say('The map'), file: { name: 'The map', mime: 'image/png', url } });
  const blocks = JSON.parse(String(slack.sent[0]?.blocks));
  expect(blocks.map(({ type }: { type: string }) => type)).toEqual(['section', 'image']);
  expect(blocks[1]).toEqual({ type: 'image', image_url: url, alt_text: 'The map' });
  await channel.send('DUANA', { blocks: [], file: { name: 'The map', mime: 'image/png', url } });
  expect(slack.sent[1]?.text).toBe('The map');
  await channel.send('DUANA', { ...say('The plan'), file: { name: 'Plan', mime: 'application/pdf', url } });
  expect(ana.chat.at(-1)).toMatchObject({ text: 'The plan', buttons: [{ label: 'Plan', url }] });
});

test('a picture and a text of ours are uploaded, after the words', async () => {
  const { slack, channel, read } = await talking();
  const picture = { name: 'poster.png', mime: 'image/png', bytes: Buffer.from('PNG') };
  await channel.send('DUANA', { ...say('The poster'), file: picture });
  const [, ref] = await channel.send('DUANA', {
    ...say('The date'),
    file: { name: 'meeting.ics', mime: 'text/calendar', text: 'BEGIN:VCALENDAR é' },
  });
  expect(read()).toEqual(['The poster', 'poster.png', 'The date', 'meeting.ics']);
  expect(Buffer.from(slack.uploaded(ref?.id ?? '')).toString()).toBe('BEGIN:VCALENDAR é');
});

test('the link opens the chat with the app, once its names are known', async () => {
  const { channel } = await talking();
  expect(channel.link('flow')).toBeNull();
  await channel.start(createInbox().receive);
  expect(channel.link('flow')).toBe('https://slack.com/app_redirect?app=A1&team=T1');
});
