import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTelegramChannel, type TelegramOptions } from '../../src/channels/telegram/channel.ts';
import { systemClock } from '../../src/core/clock.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { silentLog } from '../../src/core/log.ts';
import { say } from '../../src/core/message.ts';
import { startTelegramSandbox, type TelegramSandbox } from '../../src/sandbox/telegram.ts';
import { type ContractStage, describeChannel } from '../contracts/channel.ts';
import { comes } from '../support/wait.ts';

const SECRET = 'a-secret-of-the-test';

async function onSandbox(options: Partial<TelegramOptions> = {}) {
  const sandbox = await startTelegramSandbox();
  onTestFinished(() => sandbox.close());
  const base = { token: sandbox.token, apiRoot: sandbox.url, clock: systemClock, log: silentLog };
  const channel = createTelegramChannel({ ...base, ...options });
  onTestFinished(() => channel.stop());
  return { sandbox, channel };
}

async function stage(): Promise<ContractStage> {
  const sandbox = await startTelegramSandbox();
  const { faults } = sandbox;
  const ids = new Map<string, number>();
  const idOf = (address: string) => Number(address);
  const channel = createTelegramChannel({
    token: sandbox.token,
    apiRoot: sandbox.url,
    clock: systemClock,
    log: silentLog,
  });
  let gone = false;
  return {
    channel,
    nobody: '999999',
    person(name) {
      const id = ids.get(name) ?? 100 + ids.size;
      ids.set(name, id);
      const user = sandbox.user(id, { name, language: 'en' });
      return {
        key: `telegram:4711:${id}`,
        address: String(id),
        say: user.say,
        command: (command, argument) => user.command(`/${command} ${argument}`),
        press: user.press,
        async document(file, caption) {
          const bytes = Buffer.from('%PDF-1.7\r\n\0\xff', 'latin1');
          await user.document(file, bytes, caption);
          return bytes;
        },
        heard: () => user.chat.filter((message) => message.from === 'bot'),
      };
    },
    leave: (person) => sandbox.user(idOf(person.address)).block(),
    slowDown: (seconds) =>
      Object.assign(faults, { stormUntil: seconds > 0 ? Number.POSITIVE_INFINITY : 0, stormRetryAfter: seconds }),
    fail: (failing) => Object.assign(faults, { failEvery: failing ? 1 : 0 }),
    loseNextAnswer: () => Object.assign(faults, { loseEvery: sandbox.counters.sends + 1 }),
    async vanish() {
      gone = true;
      await sandbox.close();
    },
    close: async () => void (gone || (await sandbox.close())),
  };
}

describeChannel('telegram', stage);

function inbox(refuse: (inbound: Inbound) => boolean = () => false) {
  const seen: Inbound[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const receive = async (inbound: Inbound) => {
    seen.push(inbound);
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
    if (refuse(inbound)) throw new Error('The database is away.');
  };
  const until = (count: number) =>
    comes(
      `${count} updates are offered`,
      seen.length >= count ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ count, resolve })),
    );
  return { seen, receive, until };
}

describe('long polling', () => {
  test('confirms a batch only when every update of it is recorded', async () => {
    const { sandbox, channel } = await onSandbox();
    let away = true;
    const { seen, receive, until } = inbox(({ content }) => away && content.kind === 'text' && content.text === 'two');
    for (const text of ['one', 'two', 'three']) await sandbox.user(1).say(text);
    await channel.start(receive);
    await until(6);
    away = false;
    await until(9);
    const texts = seen.map(({ content }) => content.kind === 'text' && content.text);
    expect(texts.slice(0, 6)).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
  });

  test('leaves nothing to be sent again when it is stopped', async () => {
    const { sandbox, channel } = await onSandbox();
    const first = inbox();
    await channel.start(first.receive);
    await sandbox.user(1).say('one');
    await first.until(1);
    await channel.stop();
    await sandbox.user(1).say('two');
    const second = inbox();
    await channel.start(second.receive);
    await second.until(1);
    expect(second.seen.map(({ content }) => content.kind === 'text' && content.text)).toEqual(['two']);
  });

  test('asks only in the process whose turn it is', async () => {
    let mine = false;
    const { sandbox, channel } = await onSandbox({ mayPoll: async () => mine });
    const { seen, receive, until } = inbox();
    await channel.start(receive);
    await sandbox.user(1).say('one');
    expect(seen).toEqual([]);
    mine = true;
    await until(1);
  });

  test('goes on after a conflict, with any webhook that stands in its way removed', async () => {
    const { sandbox, channel } = await onSandbox();
    const { seen, receive, until } = inbox();
    await channel.start(receive);
    await sandbox.user(1).say('one');
    await until(1);
    await callBot(sandbox, 'setWebhook', { url: 'http://127.0.0.1:9/' });
    void sandbox.user(1).say('two');
    await until(2);
    expect(seen.at(-1)?.content).toMatchObject({ text: 'two' });
  });
});

describe('the webhook', () => {
  const webhook = { secret: SECRET, url: 'http://127.0.0.1:9/telegram/webhook' };
  const update = {
    update_id: 7,
    message: {
      message_id: 1,
      date: 1,
      chat: { id: 5, type: 'private' },
      from: { id: 5, is_bot: false, first_name: 'Ada' },
      text: 'hello',
    },
  };

  test('is refused without its secret and takes nothing in', async () => {
    const { channel } = await onSandbox({ webhook });
    const { seen, receive } = inbox();
    await channel.start(receive);
    for (const secret of [undefined, '', 'wrong', `${SECRET}x`, SECRET.slice(1), 'é'.repeat(100_000)])
      expect(await channel.handleWebhook(secret, update)).toBe(401);
    expect(seen).toEqual([]);
  });

  test('answers 200 after the update is recorded and 503 when it could not be', async () => {
    const { channel } = await onSandbox({ webhook });
    let away = true;
    const { seen, receive } = inbox(() => away);
    await channel.start(receive);
    expect(await channel.handleWebhook(SECRET, update)).toBe(503);
    away = false;
    expect(await channel.handleWebhook(SECRET, update)).toBe(200);
    expect(seen.map(({ id }) => id)).toEqual(['telegram:4711:7', 'telegram:4711:7']);
  });

  test('answers 200 to what is not an update, which would only come again', async () => {
    const { channel } = await onSandbox({ webhook });
    const { seen, receive } = inbox();
    await channel.start(receive);
    for (const body of [null, 1, 'x', [], {}, { update_id: 'x' }, { update_id: 1 }, { update_id: 1, poll: {} }])
      expect(await channel.handleWebhook(SECRET, body)).toBe(200);
    expect(seen).toEqual([]);
  });

  test('answers 503 while it is not listening', async () => {
    const { channel } = await onSandbox({ webhook });
    expect(await channel.handleWebhook(SECRET, update)).toBe(503);
    await channel.start(async () => undefined);
    await channel.stop();
    expect(await channel.handleWebhook(SECRET, update)).toBe(503);
  });

  test('is registered with its secret, and updates come through it', async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const secret = request.headers['x-telegram-bot-api-secret-token'] as string | undefined;
        response.statusCode = await channel.handleWebhook(secret, JSON.parse(Buffer.concat(chunks).toString('utf8')));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const { sandbox, channel } = await onSandbox({ webhook: { secret: SECRET, url } });
    let refusals = 1;
    const { seen, receive } = inbox(() => refusals-- > 0);
    await channel.start(receive);
    await sandbox.user(1).say('one');
    expect(seen.map(({ id }) => id)).toEqual(['telegram:4711:1', 'telegram:4711:1']);
  });
});

describe('starting', () => {
  test('with a refused token names the key and the remedy, not the token', async () => {
    const { channel } = await onSandbox({ token: '4711:someone-elses' });
    const error = await channel.start(async () => undefined).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(/^TELEGRAM_BOT_TOKEN: .*@BotFather/);
    expect((error as UserError).message).not.toContain('someone-elses');
  });

  test('where no Bot API answers names the address', async () => {
    const page = createServer((_, response) => response.writeHead(404).end('<html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void page.close());
    const apiRoot = `http://127.0.0.1:${(page.address() as { port: number }).port}`;
    for (const root of [apiRoot, 'http://127.0.0.1:9']) {
      const { channel } = await onSandbox({ apiRoot: root });
      await expect(channel.start(async () => undefined)).rejects.toThrow(/^TELEGRAM_API_ROOT: /);
    }
  });

  test('while Telegram is in trouble goes on, and listens when it is well again', async () => {
    const { sandbox, channel } = await onSandbox();
    sandbox.faults.failCalls = 2;
    const { receive, until } = inbox();
    await channel.start(receive);
    await sandbox.user(1).say('one');
    await until(1);
  });
});

describe('sending', () => {
  test('gives citizens’ words as entities, with link previews off', async () => {
    const { sandbox, channel } = await onSandbox();
    const user = sandbox.user(1);
    const blocks = [
      { kind: 'heading' as const, text: 'Your idea 🌳' },
      { kind: 'quote' as const, text: 'A bench <b>' },
    ];
    await channel.send('1', { blocks });
    expect(user.chat[0]?.entities).toEqual([
      { type: 'bold', offset: 0, length: 12 },
      { type: 'blockquote', offset: 14, length: 11 },
    ]);
  });

  test('a document whose words are too long for a caption sends the words first, once', async () => {
    const { sandbox, channel } = await onSandbox();
    const user = sandbox.user(1);
    const file = { name: 'plan.txt', mime: 'text/plain', bytes: Buffer.from('x') };
    const message = { ...say('word '.repeat(300), [{ label: 'Read', data: 'a.1' }]), file };
    sandbox.faults.failEvery = 2;
    await expect(channel.send('1', message)).rejects.toMatchObject({ code: 'unavailable', more: { partsDone: 1 } });
    sandbox.faults.failEvery = 0;
    await channel.send('1', message, 1);
    expect(user.chat.map(({ file, buttons }) => [file, buttons.length])).toEqual([
      [undefined, 0],
      ['plan.txt', 1],
    ]);
  });

  test.each([
    [400, 'Bad Request: chat not found', {}, { code: 'chat_not_found' }],
    [403, 'Forbidden: bot was blocked by the user', {}, { code: 'blocked' }],
    [403, 'Forbidden: user is deactivated', {}, { code: 'deactivated' }],
    [400, 'Bad Request: group upgraded', { migrate_to_chat_id: -1009 }, { code: 'moved', more: { address: '-1009' } }],
    [401, 'Unauthorized', {}, { code: 'unauthorized' }],
    [404, 'Not Found', {}, { code: 'unauthorized' }],
    [429, 'Too Many Requests', { retry_after: 31 }, { code: 'slow_down', more: { retryAfterSeconds: 31 } }],
    [500, 'Internal Server Error', {}, { code: 'unavailable' }],
    [502, '', null, { code: 'unavailable' }],
    [504, '', null, { code: 'unknown_outcome' }],
    [400, 'Bad Request: message is too long', {}, { code: 'rejected' }],
  ])('%i %s %j', async (status, description, parameters, expected) => {
    const body =
      parameters === null ? '<html>' : JSON.stringify({ ok: false, error_code: status, description, parameters });
    const { channel } = await onSandbox({ apiRoot: await answering(status, body) });
    const error: unknown = await channel.send('1', say('Hello')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(expected);
  });

  test('no error carries the token, however deep', async () => {
    for (const apiRoot of ['http://127.0.0.1:9', await answering(502, '<html>')]) {
      const { channel, sandbox } = await onSandbox({ apiRoot });
      const error: unknown = await channel.send('1', say('Hello')).catch((thrown: unknown) => thrown);
      expect(everythingIn(error)).not.toContain(sandbox.token);
      const other: unknown = await channel.download('x').catch((thrown: unknown) => thrown);
      expect(everythingIn(other)).not.toContain(sandbox.token);
    }
  });
});

const SHOWN = {
  about: { en: 'Say what should change, and get an answer.', es: 'Diga qué debería cambiar.' },
  short: { en: 'Say what should change.', es: 'Diga qué debería cambiar.' },
};

test('what is shown above an empty chat and in the profile is told in each language, and the menu button shows the commands', async () => {
  const { sandbox, channel } = await onSandbox();
  const introduction = { commands: [{ name: 'idea', descriptions: { en: 'An idea' } }], ...SHOWN };
  await channel.introduce(introduction);
  const { about, short, menuButton, changes } = sandbox.profile;
  expect(Object.fromEntries(about)).toEqual({ '': SHOWN.about.en, ...SHOWN.about });
  expect(Object.fromEntries(short)).toEqual({ '': SHOWN.short.en, ...SHOWN.short });
  expect(menuButton).toEqual({ type: 'commands' });

  await channel.introduce(introduction);
  expect(sandbox.profile.changes).toBe(changes);
  await channel.introduce({ ...introduction, short: { ...SHOWN.short, es: 'Diga lo que piensa.' } });
  expect(sandbox.profile.changes).toBe(changes + 1);
  expect(short.get('es')).toBe('Diga lo que piensa.');
});

test('commands are registered by language, and in English for everybody else', async () => {
  const { sandbox, channel } = await onSandbox();
  const descriptions = { es: 'Una idea', en: 'An idea', 'zh-Hant': '想法' };
  await channel.introduce({ commands: [{ name: 'idea', descriptions }], ...SHOWN });
  expect(Object.fromEntries(sandbox.commands)).toEqual({
    '': [{ command: 'idea', description: 'An idea' }],
    en: [{ command: 'idea', description: 'An idea' }],
    es: [{ command: 'idea', description: 'Una idea' }],
  });
});

test('a description of a command that is too long is cut between two characters', async () => {
  const { sandbox, channel } = await onSandbox();
  const descriptions = { en: `${'x'.repeat(254)}🌳🌳` };
  await channel.introduce({ commands: [{ name: 'idea', descriptions }], ...SHOWN });
  expect(sandbox.commands.get('')).toEqual([{ command: 'idea', description: `${'x'.repeat(254)}…` }]);
});

test('a file larger than bots may fetch is refused, whatever its size was said to be', async () => {
  const { sandbox, channel } = await onSandbox();
  let received: Inbound | undefined;
  const arrived = new Promise<void>((resolve) => {
    void channel.start(async (inbound) => {
      received = inbound;
      resolve();
    });
  });
  await sandbox.user(1).document('big.bin', Buffer.alloc(20 * 1024 * 1024 + 1));
  await arrived;
  const ref = received?.content.kind === 'media' ? received.content.attachment.ref : '';
  await expect(channel.download(ref)).rejects.toMatchObject({ code: 'rejected' });
});

/** What somebody else with the same token does. */
const callBot = (sandbox: TelegramSandbox, method: string, payload: object) =>
  fetch(`${sandbox.url}/bot${sandbox.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });

/** The address of a server that answers everything the same. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function everythingIn(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 6) return String(error);
  return Reflect.ownKeys(error)
    .map((key) => everythingIn(Reflect.get(error, key), depth + 1))
    .join('\n');
}
