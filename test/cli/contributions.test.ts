import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { ChannelName } from '../../src/domain/channel.ts';
import type { Attachment, Inbound } from '../../src/domain/inbound.ts';
import { silentLog } from '../../src/domain/log.ts';
import { slackChannel, telegramChannel } from '../../src/platforms.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { command } from '../support/command.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { shippedPlaces } from '../support/slack.ts';

const folder = mkdtempSync(join(tmpdir(), 'contributions-'));
afterAll(() => rmSync(folder, { recursive: true }));

let url: string;
let db: Database;
beforeEach(async () => {
  url = await freshDatabaseUrl();
  db = await openDatabase(url);
  return () => db.close();
});

const hearback = (args: string[], env: Record<string, string> = {}) =>
  command(['contributions', ...args], { DATABASE_URL: url, ...env });

/** What the channel makes of the next files that somebody sends, as it stands in a contribution. */
async function sent(name: ChannelName, env: Record<string, string>, count: number, send: () => Promise<unknown>) {
  const { telegram, slack } = readConfig(env);
  const channel =
    name === 'telegram'
      ? telegram && telegramChannel(telegram, '', async () => true, silentLog)
      : slack && slackChannel(slack, { commands: [], places: await shippedPlaces() }, silentLog);
  const found: Attachment[] = [];
  await new Promise<void>((resolve, reject) => {
    const receive = async ({ content }: Inbound) => {
      if (content.kind === 'media') found.push(content.attachment);
      if (found.length === count) resolve();
    };
    channel?.start(receive).then(send).catch(reject);
  });
  await channel?.stop();
  return found;
}

describe('contributions files', () => {
  test('fetches a voice message from Telegram', async () => {
    const sandbox = await startTelegramSandbox();
    onTestFinished(() => sandbox.close());
    const env = { TELEGRAM_BOT_TOKEN: sandbox.token, TELEGRAM_API_ROOT: sandbox.url };
    const voice = Buffer.from('OggS\0\xff\r\n', 'latin1');
    const attachments = await sent('telegram', env, 1, () => sandbox.user(1).voice(voice));
    await addContribution(db, await addPerson(db, { channel: 'telegram' }), 'HB-VOICE', { text: '', attachments });
    const { code, out } = await hearback(['files', 'hb-voice', '--out', join(folder, 'telegram')], env);
    const file = join(folder, 'telegram', 'HB-VOICE-1-voice.ogg');
    expect({ code, out }).toEqual({ code: 0, out: `${file}  voice, written, 8 bytes\n` });
    expect(readFileSync(file)).toEqual(voice);
    expect(sandbox.counters.sends).toBe(0);
  });

  test('takes what was kept at its arrival from the database, and needs no token for it', async () => {
    const person = await addPerson(db, { channel: 'telegram' });
    const voice = { kind: 'voice' as const, ref: 'at-arrival', mime: null, name: null, size: null };
    await addContribution(db, person, 'HB-HERE', { attachments: [voice] });
    await db.pool.query(
      `INSERT INTO attachment (channel, ref, identity_id, state, bytes) VALUES ('telegram', 'at-arrival', $1, 'kept', 'Ogg')`,
      [person],
    );
    const { code, out } = await hearback(['files', 'HB-HERE', '--out', join(folder, 'here')]);
    const file = join(folder, 'here', 'HB-HERE-1-voice.ogg');
    expect({ code, out }).toEqual({ code: 0, out: `${file}  voice, written, 3 bytes\n` });
    expect(readFileSync(file, 'utf8')).toBe('Ogg');
  });

  test('fetches the documents from Slack, and reports as JSON which were refused', async () => {
    const slack = await startSlackSandbox();
    onTestFinished(() => slack.close());
    const { botToken, apiUrl, appToken } = slack;
    const env = { SLACK_BOT_TOKEN: botToken, SLACK_API_URL: apiUrl, SLACK_APP_TOKEN: appToken };
    const bytes = Buffer.from('%PDF-1.7\r\n\0\xff', 'latin1');
    const given = [
      { name: 'map.pdf', mime: 'application/pdf', bytes },
      { name: 'plan.pdf', mime: 'application/pdf', bytes },
    ];
    const kept = await sent('slack', env, 2, () => slack.user('UANA').files(given, 'Here'));
    const foreign = {
      ...kept[0],
      kind: 'document' as const,
      ref: 'https://example.org/secret',
      mime: null,
      name: 'x.pdf',
      size: null,
    };
    const attachments = [...kept, foreign];
    await addContribution(db, await addPerson(db, { channel: 'slack' }), 'HB-DOCS', { attachments });
    const { code, out, err } = await hearback(['files', 'HB-DOCS', '--out', join(folder, 'slack'), '--json'], env);
    expect(code).toBe(1);
    expect(err).toBe('1 of 3 files could not be fetched.\n');
    const fetched = JSON.parse(out);
    expect(fetched).toMatchObject([{ state: 'written' }, { state: 'written' }, { state: 'refused' }]);
    expect(readFileSync(fetched[1].file)).toEqual(bytes);
  });

  test('says so when there is no such contribution, no file, or no token to fetch it with', async () => {
    const person = await addPerson(db, { channel: 'telegram' });
    const voice = { kind: 'voice' as const, ref: 'r', mime: null, name: null, size: null };
    await addContribution(db, person, 'HB-WORDS');
    await addContribution(db, person, 'HB-VOICE', { attachments: [voice] });
    const out = ['--out', join(folder, 'none')];
    expect(await hearback(['files', 'HB-NONE', ...out])).toMatchObject({
      code: 1,
      err: expect.stringContaining('HB-NONE'),
    });
    expect(await hearback(['files', 'HB-WORDS', ...out])).toMatchObject({
      code: 0,
      out: 'HB-WORDS came without files.\n',
    });
    expect(await hearback(['files', 'HB-VOICE', ...out])).toMatchObject({
      code: 1,
      err: expect.stringContaining('token'),
    });
  });
});

test('a contribution of a voice alone is listed, and stands in the sheet, as a file without words', async () => {
  const voice = { kind: 'voice' as const, ref: 'r', mime: null, name: null, size: 8 };
  await addContribution(db, await addPerson(db), 'HB-VOICE', {
    text: '',
    attachments: [voice, voice, { ...voice, kind: 'photo' }],
  });
  expect((await hearback(['list'])).out).toMatch(/^HB-VOICE .*\[2 voices, 1 photo\]\s*$/);
  const [listed] = JSON.parse((await hearback(['list', '--json'])).out);
  expect(listed).toMatchObject({ reference: 'HB-VOICE', text: '', attachments: [voice, voice, { kind: 'photo' }] });
  const [row] = JSON.parse((await hearback(['export', '--format', 'json'])).out);
  expect(row).toMatchObject({ reference: 'HB-VOICE', text: '', attachments: '2 voices, 1 photo' });
});
