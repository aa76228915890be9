import { exec } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ChannelSettings } from '../../../src/channels/kind.ts';
import { channelsIn } from '../../../src/channels/registry.ts';
import { readConfig } from '../../../src/config.ts';
import { createIndexer } from '../../../src/contributions/searchIndex.ts';
import type { ChannelName } from '../../../src/core/channelName.ts';
import type { Attachment, Inbound } from '../../../src/core/inbound.ts';
import { silentLog } from '../../../src/core/log.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { startSlackSandbox } from '../../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../../src/sandbox/telegram.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { createSearchIndex } from '../../../src/store/searchIndex.ts';
import { command } from '../../support/command.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabaseUrl } from '../../support/database.ts';
import { shippedSurfaces } from '../../support/slack.ts';

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
  const setUp = channelsIn(readConfig(env)).find((one) => one.name === name);
  const channel = (await setUp?.kind.load())?.create(setUp?.settings as ChannelSettings, {
    ...{ publicUrl: '', leads: () => async () => true, commands: () => [], surfaces: await shippedSurfaces() },
    ...{ clock: Date.now, log: silentLog },
  });
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

test('a sheet of a kind that Hearback does not write is refused by its ending', async () => {
  for (const name of ['sheet.ods', 'sheet.XLS']) {
    const { code, err } = await hearback(['export', '--out', join(folder, name)]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/would be no sheet of its kind.*choose \.xlsx/),
    });
  }
});

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
    expect([file, join(folder, 'telegram')].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
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
    await addContribution(db, person, 'HB-GONE', { attachments: [voice], state: 'withdrawn' });
    expect(await hearback(['files', 'HB-GONE', '--out', folder])).toMatchObject({
      code: 1,
      err: 'HB-GONE was taken back by its author, with its files.\n',
    });
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
  expect((await hearback(['list'])).out).toMatch(/^HB-VOICE .*\[2 voice messages; photo\]\s*$/);
  const [listed] = JSON.parse((await hearback(['list', '--json'])).out);
  expect(listed).toMatchObject({ reference: 'HB-VOICE', text: '', attachments: [voice, voice, { kind: 'photo' }] });
  const [row] = JSON.parse((await hearback(['export', '--format', 'json'])).out);
  expect(row).toMatchObject({ reference: 'HB-VOICE', text: '', attachments: '2 voice messages; photo' });
});

test('an exported sheet can be read by its owner only, also when it takes the place of another', async () => {
  await addContribution(db, await addPerson(db), 'HB-A');
  for (const format of ['csv', 'xlsx', 'json']) {
    const file = join(folder, `own.${format}`);
    await hearback(['export', '--out', file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, 'old');
    chmodSync(file, 0o644);
    await hearback(['export', '--out', file, '--force']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

test('whoever has seen enough of an export ends it without a word', async () => {
  const person = await addPerson(db);
  for (let n = 0; n < 40; n++) await addContribution(db, person, `HB-${n}`, { text: 'word '.repeat(2_000) });
  for (const format of ['csv', 'json', 'xlsx']) {
    const piped = `"${process.execPath}" dist/hearback.js contributions export --format ${format} | head -c 20 >/dev/null`;
    const { stderr } = await promisify(exec)(piped, { env: { ...process.env, DATABASE_URL: url } });
    expect(stderr).toBe('');
  }
});

describe('contributions list', () => {
  const references = async (...args: string[]) => {
    const { out, err, code } = await hearback(['list', '--json', ...args]);
    return code === 0 ? JSON.parse(out).map((one: { reference: string }) => one.reference) : err;
  };
  beforeEach(async () => {
    const process = parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'example');
    await createProcesses(db).apply(process);
    const person = await addPerson(db);
    const said = { 'HB-A': 'en', 'HB-B': 'fr', 'HB-C': 'fr' };
    for (const [reference, language] of Object.entries(said))
      await addContribution(db, person, reference, { language });
    await addContribution(db, person, 'HB-GONE', { state: 'withdrawn', text: 'secret', fields: { problem: 'secret' } });
    await db.pool.query(`UPDATE contribution SET theme = 'health' WHERE reference IN ('HB-A', 'HB-B')`);
    await db.pool.query(`UPDATE contribution SET question = 'before' WHERE reference = 'HB-C'`);
    await db.pool.query(`UPDATE contribution SET submitted_at = '2027-03-13T23:30:00Z' WHERE reference = 'HB-B'`);
  });

  test('shows those of a theme, state, question or language, and from a day on by the clock of the process', async () => {
    expect(await references('--theme', 'health')).toEqual(['HB-A', 'HB-B']);
    expect(await references('--theme', 'Health', '--language', 'fr')).toEqual(['HB-B']);
    expect(await references('--question', 'before')).toEqual(['HB-C']);
    expect(await references('--state', 'withdrawn')).toEqual(['HB-GONE']);
    expect(await references('--since', '2027-03-14')).toEqual(['HB-B']);
    expect(await references('--since', '2027-03-14T00:31')).toEqual([]);
    expect(await references('--theme', 'justice')).toEqual([]);
  });

  test('shows those with these words, or of which all of a filter holds', async () => {
    await createIndexer(createSearchIndex(db.pool))();
    expect(await references('--search', '"hb-b says"')).toEqual(['HB-B']);
    expect(await references('--search', 'says -"HB-B"', '--theme', 'health')).toEqual(['HB-A']);
    expect(await references('--search', 'hb–c')).toEqual(['HB-C']);
    expect(await references('--filter', 'theme=&state=received')).toEqual(['HB-C']);
    expect(await references('--filter', 'theme=&state=received', '--theme', 'health', '--until', '2027-03-13')).toEqual(
      ['HB-A'],
    );
    await db.pool.query(
      `INSERT INTO saved_view (id, name, owner, filter, by, at) VALUES (gen_random_uuid(), 'Health', '', 'theme=health', 'ana', now())`,
    );
    expect(await references('--view', 'Health', '--language', 'fr')).toEqual(['HB-B']);
    expect(await references('--view', 'Helth')).toBe('--view: there is no view "Helth". Did you mean "Health"?\n');
    expect(await references('--search', '""')).toContain('--search: has nothing in it that could be found.');
    expect(await references('--filter', 'stat=x')).toContain('--filter: stat: contributions are not filtered by that.');
  });

  test('says what may have been meant by what it does not know', async () => {
    expect(await references('--theme', 'helth')).toBe('--theme: there is no theme "helth". Did you mean "health"?\n');
    expect(await references('--question', 'befor')).toContain('Did you mean "before"?');
    expect(await references('--language', 'xx')).toMatch(
      /^--language: there is no language "xx"\. There are: en, es, fr\./,
    );
    expect(await references('--state', 'recieved')).toBe(
      '--state: there is no state "recieved". Did you mean "received"?\n',
    );
    expect(await references('--since', '14.3.2027')).toMatch(
      /^--since: "14\.3\.2027" is not a date\. Write it like 2027-03-14/,
    );
  });

  test('does not tell what its author has taken back', async () => {
    const { out } = await hearback(['list']);
    expect(out).toContain('HB-GONE');
    const { out: json } = await hearback(['list', '--json']);
    const { out: sheet } = await hearback(['export']);
    expect(out + json + sheet).not.toContain('secret');
    const { out: told } = await hearback(['export', '--out', join(folder, 'taken-back.csv')]);
    expect(told).toMatch(/^3 contributions written to .*\nWithout 1 other that their authors have taken back\.\n$/);
    expect((await hearback(['list', '--theme', 'justice'])).out).toBe('There is no such contribution.\n');
  });
});

test('what was said in an earlier process is listed and exported by --process', async () => {
  const processes = createProcesses(db);
  const { id } = await processes.now();
  const process = parseProcess('name: Plan\nlanguages: [en]\ntimeZone: UTC', 'p.yaml');
  await processes.apply(process, null, 'first');
  const ana = await addPerson(db);
  await addContribution(db, ana, 'HB-FIRST');
  await processes.close(id, null, new Date());
  await processes.apply({ ...process, name: 'Next' }, null, 'next');
  await addContribution(db, ana, 'HB-NEXT');
  const listed = async (...more: string[]) =>
    JSON.parse((await hearback(['list', '--json', ...more])).out).map((one: { reference: string }) => one.reference);
  expect(await listed()).toEqual(['HB-NEXT']);
  expect(await listed('--process', 'first')).toEqual(['HB-FIRST']);
  expect((await hearback(['export', '--process', 'first'])).out).toMatch(/HB-FIRST/);
  expect((await hearback(['export', '--process', 'first'])).out).not.toMatch(/HB-NEXT/);
  expect((await hearback(['list', '--process', 'frist'])).err).toContain('Did you mean "first"?');
});
