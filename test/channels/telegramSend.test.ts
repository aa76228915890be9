import { createServer } from 'node:http';
import { Api } from 'grammy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts';
import { createFiles } from '../../src/channels/telegram/files.ts';
import { systemClock } from '../../src/core/clock.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { silentLog } from '../../src/core/log.ts';
import { type OutboundMessage, say } from '../../src/core/message.ts';
import type { ChatMessage } from '../../src/sandbox/chat.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { hears } from '../support/people.ts';

const HOUR_MS = 3_600_000;
const PNG = Buffer.from('\x89PNG\r\n\x1a\n of a map', 'latin1');
const REF = [{ chat: '1', id: '1' }];
const picture = { name: 'map.png', mime: 'image/png', bytes: PNG };
const wordy = 'word '.repeat(300).trim();

async function onSandbox() {
  const time = { now: Date.UTC(2027, 2, 1) };
  const sandbox = await startTelegramSandbox({ clock: () => time.now });
  onTestFinished(() => sandbox.close());
  const { token, url: apiRoot } = sandbox;
  const channel = createTelegramChannel({ token, apiRoot, clock: systemClock, log: silentLog });
  onTestFinished(() => channel.stop());
  const [ada, bo] = [sandbox.user(1, { name: 'Ada' }), sandbox.user(2, { name: 'Bo' })];
  const files = (most?: number) => createFiles(new Api(token, { apiRoot }), most);
  return { sandbox, channel, ada, bo, time, files };
}

const shown = (chat: readonly ChatMessage[]) => chat.map(({ text, file, photo }) => [text, file, photo]);

test.each(['', ' \n', '\u200b', '\u2800', '\u3164', '\u00ad\u200d'])(
  'a message of %j alone is not sent',
  async (text) => {
    const { sandbox, channel } = await onSandbox();
    await expect(channel.send('1', say(text, [{ label: 'Yes', data: 'x' }]))).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(sandbox.counters.sends).toBe(0);
  },
);

test('the stand-in refuses a link to a host without a dot, as Telegram does', async () => {
  const { channel } = await onSandbox();
  const to = (url: string) => channel.send('1', { ...say('The plan'), links: [{ label: 'Read', url }] });
  await expect(to('https://intranet/plan')).rejects.toMatchObject({ code: 'rejected' });
  const file = { name: 'plan.pdf', mime: 'application/pdf', url: 'https://intranet/plan.pdf' };
  await expect(channel.send('1', { ...say('The plan'), file })).rejects.toMatchObject({ code: 'rejected' });
  expect(await to('https://city.example/plan')).toHaveLength(1);
});

describe('a chat with topics', () => {
  test('is answered in the topic in which something was said or pressed', async () => {
    const { channel, ada } = await onSandbox();
    const heard: Inbound[] = [];
    await channel.start(async (inbound) => {
      heard.push(inbound);
      const { sender, thread } = inbound;
      const answer = { ...say('Yes?', [{ label: 'Go on', data: 'x' }]), file: picture, ...(thread && { thread }) };
      await channel.send(sender.address, answer);
    });
    ada.goTo(7);
    await ada.say('hello');
    await hears(ada, ({ from }) => from === 'bot');
    ada.goTo(null);
    await ada.press(0);
    await hears(ada, ({ from }) => from === 'bot', 2);
    await ada.say('outside');
    await hears(ada, ({ from }) => from === 'bot', 4);
    const answers = ada.chat.filter(({ from }) => from === 'bot');
    expect(answers.map(({ topic }) => topic)).toEqual([7, 7, undefined]);
    expect(new Set(heard.map(({ sender }) => sender.address))).toEqual(new Set(['1']));
  });

  test('still gets what was for a topic that is no more, and its messages can be changed and taken back', async () => {
    const { channel, ada } = await onSandbox();
    ada.deleteTopic(7);
    const gone = await channel.send('1', { ...say('Gone?'), thread: '7' });
    const refs = [...gone, ...(await channel.send('1', { ...say('Here.'), thread: '8' }))];
    expect(ada.chat.map(({ text, topic }) => [text, topic])).toEqual([
      ['Gone?', undefined],
      ['Here.', 8],
    ]);
    await channel.edit(refs.slice(1), say('There.'));
    await channel.remove(refs.slice(0, 1));
    expect(ada.chat.map(({ text }) => text)).toEqual(['There.']);
  });
});

describe('what was sent', () => {
  test('can be taken back for two days and changed forever', async () => {
    const { channel, ada, time } = await onSandbox();
    const refs = await channel.send('1', say('The meting is on Monday.'));
    const old = await channel.send('1', say('Old news.'));
    time.now += 48 * HOUR_MS;
    await channel.remove(refs);
    expect(ada.removed.map(({ text }) => text)).toEqual(['The meting is on Monday.']);
    time.now += 1;
    await expect(channel.remove(old)).rejects.toMatchObject({ code: 'rejected', retryable: false });
    await channel.edit(old, say('Newer news.'));
    expect(ada.chat).toMatchObject([{ text: 'Newer news.', edited: true }]);
  });

  test('is left as it was when it would have to be shorter by a message that is too old to go', async () => {
    const { channel, ada, time } = await onSandbox();
    const refs = await channel.send('1', say('word '.repeat(1200)));
    const before = structuredClone(ada.chat);
    time.now += 49 * HOUR_MS;
    await expect(channel.edit(refs, say('Short.'))).rejects.toMatchObject({ code: 'rejected' });
    expect(ada.chat).toEqual(before);
  });

  test('keeps its file under new words, which come to stand with it when they are short enough', async () => {
    const { channel, ada } = await onSandbox();
    const refs = await channel.send('1', { ...say(wordy), file: picture });
    expect(shown(ada.chat)).toEqual([
      [wordy, undefined, undefined],
      ['', 'map.png', true],
    ]);
    await channel.edit(refs, { ...say(`changed ${wordy}`, [{ label: 'Yes', data: 'a' }]), file: picture });
    expect(ada.chat.map(({ text, buttons }) => [text.slice(0, 7), buttons.length])).toEqual([
      ['changed', 0],
      ['', 1],
    ]);
    const heading = { blocks: [{ kind: 'heading' as const, text: 'The map' }], file: picture };
    await channel.edit(refs, heading);
    expect(shown(ada.chat)).toEqual([['The map', 'map.png', true]]);
    expect(ada.chat[0]).toMatchObject({ entities: [{ type: 'bold', offset: 0, length: 7 }], buttons: [] });
    await expect(channel.edit(refs.slice(1), { ...say(wordy), file: picture })).rejects.toMatchObject({
      code: 'rejected',
    });
    await expect(channel.edit(refs.slice(1), say('No map.'))).rejects.toMatchObject({ code: 'rejected' });
  });

  test('is not in doubt after a change without an answer: it can be made again', async () => {
    const { channel } = await answering(504, '');
    for (const change of [() => channel.edit(REF, say('Hello')), () => channel.remove(REF)])
      await expect(change()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('stays behind where the group has moved on', async () => {
    const parameters = { migrate_to_chat_id: -1009 };
    const { channel } = await answering(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters);
    for (const change of [() => channel.edit(REF, say('Hello')), () => channel.remove(REF)])
      await expect(change()).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('a file', () => {
  test('goes over the line once, however many it is for', async () => {
    const { sandbox, channel, ada } = await onSandbox();
    const calendar = { name: 'meeting.ics', mime: 'text/calendar', text: 'BEGIN:VCALENDAR' };
    for (let id = 1; id <= 20; id++) {
      sandbox.user(id);
      await channel.send(String(id), { ...say('The map.'), file: { ...picture, bytes: Buffer.from(PNG) } });
      await channel.send(String(id), { ...say('The meeting.'), file: { ...calendar } });
    }
    expect(sandbox.counters).toMatchObject({ sends: 40, uploads: 2 });
    expect(shown(sandbox.user(20).chat)).toEqual(shown(ada.chat));
    expect(shown(ada.chat)).toEqual([
      ['The map.', 'map.png', true],
      ['The meeting.', 'meeting.ics', undefined],
    ]);
  });

  test('arrives as it is, and is another one under another name or with other bytes', async () => {
    const { sandbox, channel } = await onSandbox();
    const variants = [
      picture,
      { ...picture, name: 'plan.png' },
      { ...picture, bytes: Buffer.concat([PNG, Buffer.from([0, 13, 10, 45, 45, 255])]) },
      { ...picture, mime: 'application/octet-stream' },
    ];
    for (const file of variants) await channel.send('1', { blocks: [], file });
    expect(sandbox.counters.uploads).toBe(4);
    const kept = await Promise.all(sandbox.files().map((id) => channel.download(id)));
    expect(kept.map((bytes) => Buffer.from(bytes))).toEqual(variants.map(({ bytes }) => bytes));
  });

  test('is uploaded again when the platform has forgotten it, and without being known too long', async () => {
    const { sandbox, channel, files } = await onSandbox();
    const send = (file: OutboundMessage['file']) => channel.send('1', { ...say('The map.'), file });
    await send(picture);
    sandbox.forgetFiles();
    await send(picture);
    await send(picture);
    expect(sandbox.counters).toMatchObject({ uploads: 2 });
    const two = files(2);
    for (const name of ['a', 'b', 'b', 'c', 'a']) await two.send('1', { ...picture, name }, {});
    expect(sandbox.counters.uploads).toBe(2 + 4);
  });

  test('that is not a picture after all, or cannot be shown as one, goes as a document', async () => {
    const { sandbox, channel, ada } = await onSandbox();
    const broken = { ...picture, name: 'broken.png', bytes: Buffer.from('no picture') };
    const huge = { ...picture, name: 'huge.png', bytes: Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]) };
    const drawing = { name: 'map.svg', mime: 'image/svg+xml', text: '<svg/>' };
    for (const file of [broken, broken, huge, drawing]) await channel.send('1', { blocks: [], file });
    expect(ada.chat.map(({ file, photo }) => [file, photo])).toEqual([
      ['broken.png', undefined],
      ['broken.png', undefined],
      ['huge.png', undefined],
      ['map.svg', undefined],
    ]);
    // The first as a picture and then as a document; the second by what was learnt.
    expect(sandbox.counters.uploads).toBe(4);
  });

  test('that others keep is named by its address', async () => {
    const { sandbox, channel, ada } = await onSandbox();
    const url = 'https://plan.example/files/map.png?v=2';
    await channel.send('1', { ...say('Look.'), file: { name: 'map.png', mime: 'image/png', url } });
    await channel.send('1', { ...say('Read.'), file: { name: 'plan.pdf', mime: 'application/pdf', url } });
    expect(ada.chat.map(({ photo }) => photo)).toEqual([true, undefined]);
    expect(sandbox.counters.uploads).toBe(0);
  });
});

describe('a group', () => {
  test.each(['group', 'supergroup', 'channel'] as const)(
    'of the kind %s says who brought us in and who threw us out, and nothing of what is said there',
    async (kind) => {
      const { sandbox, channel, ada, bo } = await onSandbox();
      const seen: Inbound[] = [];
      const group = sandbox.group(-7, { title: 'Neighbours', kind });
      await group.add(ada);
      await group.say(bo, '/start');
      await group.remove(bo);
      await ada.say('Hello');
      const taken = new Promise<void>((resolve) => {
        void channel.start(async (inbound) => void (seen.push(inbound) === 3 && resolve()));
      });
      await taken;
      const about = { key: 'telegram:4711:-7', address: '-7', title: 'Neighbours' };
      expect(seen.map(({ sender, content }) => [sender.key, sender.address, content])).toMatchObject([
        ['telegram:4711:1', '1', { kind: 'added', group: about }],
        ['telegram:4711:2', '2', { kind: 'removed', group: about }],
        ['telegram:4711:1', '1', { kind: 'text', text: 'Hello' }],
      ]);
    },
  );

  test('hears announcements with a button that opens the private chat, and no more once it has thrown us out', async () => {
    const { sandbox, channel, ada } = await onSandbox();
    const group = sandbox.group(-7);
    await expect(channel.send('-7', say('Hello'))).rejects.toMatchObject({ code: 'blocked' });
    await group.add(ada);
    await channel.start(async () => undefined);
    const url = channel.link('question__g7') ?? '';
    const refs = await channel.send('-7', { ...say('The meting is on Monday.'), links: [{ label: 'Take part', url }] });
    await channel.edit(refs, say('The meeting is on Monday.'));
    expect(group.chat).toMatchObject([{ text: 'The meeting is on Monday.', edited: true }]);
    await channel.remove(refs);
    expect([group.chat, group.removed.length]).toEqual([[], 1]);
    group.allow(false);
    await expect(channel.send('-7', say('Hello'))).rejects.toMatchObject({ code: 'rejected' });
    await group.remove(ada);
    await expect(channel.send('-7', say('Hello'))).rejects.toMatchObject({ code: 'blocked' });
  });

  test('that becomes a supergroup says so itself, and so does a message to its old address', async () => {
    const { sandbox, channel, ada } = await onSandbox();
    const group = sandbox.group(-7);
    await group.add(ada);
    await group.upgrade(ada, -1007);
    const seen: Inbound[] = [];
    await new Promise<void>((resolve) => {
      void channel.start(async (inbound) => void (seen.push(inbound) === 2 && resolve()));
    });
    expect(seen[1]).toMatchObject({
      sender: { key: 'telegram:4711:-7', address: '-7' },
      content: { kind: 'moved', address: '-1007' },
    });
    const refused = channel.send('-7', say('Hello'));
    await expect(refused).rejects.toMatchObject({ code: 'moved', more: { address: '-1007' } });
    await channel.send('-1007', say('Hello'));
    expect(sandbox.group(-1007).chat).toHaveLength(1);
  });

  test.each([
    [403, 'Forbidden: bot was kicked from the group chat', 'blocked'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'blocked'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'blocked'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'blocked'],
    [403, 'Forbidden: the group chat was deleted', 'blocked'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'rejected'],
    [400, 'Bad Request: have no rights to send a message', 'rejected'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'rejected'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'rejected'],
  ])('refuses with %i %s', async (status, description, code) => {
    const { channel } = await answering(status, description);
    await expect(channel.send('-7', say('Hello'))).rejects.toMatchObject({ code });
  });
});

describe('a link', () => {
  test('opens the private chat and says where the person comes from', async () => {
    const { channel } = await onSandbox();
    expect(channel.link('idea__poster-3')).toBeNull();
    await channel.identify();
    expect(channel.link('idea__poster-3')).toBe('https://t.me/hearback_bot?start=idea__poster-3');
    expect(channel.link('x'.repeat(64))).not.toBeNull();
    for (const start of ['two words', 'é', 'a&b=c', 'x'.repeat(65), '', 'a\n'])
      expect(() => channel.link(start)).toThrow(UserError);
  });

  test('is there once Telegram has said the name, whatever it said at the start', async () => {
    const { sandbox, channel } = await onSandbox();
    sandbox.faults.failCalls = 1;
    await channel.start(async () => undefined);
    expect(channel.link('a')).toBeNull();
    await channel.identify();
    expect(channel.link('a')).not.toBeNull();
  });
});

/** A channel to a platform that answers everything the same. */
async function answering(status: number, description: string, parameters = {}) {
  const body = JSON.stringify({ ok: false, error_code: status, description, parameters });
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const apiRoot = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return { channel: createTelegramChannel({ token: '4711:x', apiRoot, clock: systemClock, log: silentLog }) };
}
