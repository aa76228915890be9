import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { UserError } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import { doctorWords, type Finding, isHealthy, runDoctor, unsureReplies } from '../../../src/interfaces/cli/doctor.ts';
import { tokenProbes } from '../../../src/interfaces/cli/probes.ts';
import { startService } from '../../../src/main.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { startTelegramSandbox } from '../../../src/sandbox/telegram.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { command } from '../../support/command.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabase, freshDatabaseUrl } from '../../support/database.ts';
import { flowsWith } from '../../support/folder.ts';
import { temporaryFolder } from '../../support/ownServer.ts';
import { addProposals } from '../../support/proposals.ts';
import { addThread } from '../../support/threads.ts';

const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

/** An API that answers by the last part of the path, and refuses the rest. */
async function api(answers: Record<string, object>): Promise<string> {
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    response.end(JSON.stringify(answers[method] ?? { ok: false, error: 'invalid_auth' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What `doctor` finds with these settings, by part. */
async function doctor(env: Record<string, string>) {
  const { code, out } = await command(['doctor', '--json'], { PORT: '0', ...env });
  const findings: Finding[] = JSON.parse(out);
  const of = (area: Finding['area']) =>
    findings.filter((one) => one.area === area).map(({ state, what }) => `${state} ${what}`);
  return { code, of };
}

describe('a folder without a database', () => {
  it('is told by every command, with where it was looked for, and stays as it was', async () => {
    const DATA_DIR = path.join(await temporaryFolder(), 'data');
    for (const args of [
      ['contributions', 'list'],
      ['process', 'apply', 'flows/example.process.yaml', '--yes'],
    ])
      expect(await command(args, { DATA_DIR })).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(`^DATA_DIR: there is no database in ${DATA_DIR} yet\\. .*hearback start.*\n$`),
      });
    const { code, of } = await doctor({ DATA_DIR });
    expect([code, of('database')]).toEqual([
      0,
      [expect.stringContaining(`hint DATA_DIR: there is no database in ${DATA_DIR}`)],
    ]);
    expect(of('data')).toEqual([`fine ${DATA_DIR} is not there yet, and can be made`]);
    await expect(stat(DATA_DIR)).rejects.toThrow('ENOENT');
  });

  it('is not a place of its own: somebody else’s database gets no tables', async () => {
    const url = await freshDatabaseUrl();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE theirs ()');
    const { code, err } = await command(['contributions', 'list'], { DATABASE_URL: url });
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^DATABASE_URL: the database has no tables of Hearback yet\./),
    ]);
    const { rows } = await client.query(
      `SELECT tablename FROM pg_tables WHERE schemaname NOT LIKE 'pg_%' AND schemaname <> 'information_schema'`,
    );
    expect(rows).toEqual([{ tablename: 'theirs' }]);
  });
});

it('names the data folder, and the service that runs on it', async () => {
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const DATA_DIR = await temporaryFolder();
  const platform = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const service = await startService(readConfig({ DATA_DIR, PORT: '0', ...platform }), silentLog);
  onTestFinished(() => service.stop());
  const { code, of } = await doctor({ DATA_DIR });
  expect(code).toBe(0);
  expect(of('database')).toEqual([`fine the embedded one in ${DATA_DIR} answers and is migrated; 0 people are known`]);
  expect(of('service')).toEqual([expect.stringMatching(`^fine runs on this database: all ${process.pid}@`)]);
  expect(of('process')).toEqual(['hint none is applied']);
});

it('says of broken flows that a running service goes on with those that were in force', async () => {
  const url = await freshDatabaseUrl();
  const folder = await flowsWith({});
  const service = await startService(readConfig({ DATABASE_URL: url, FLOWS_DIR: folder, PORT: '0' }), silentLog);
  onTestFinished(() => service.stop());
  await writeFile(path.join(folder, 'chat.yaml'), 'wrong: [');
  const { code, of } = await doctor({ DATABASE_URL: url, FLOWS_DIR: folder });
  expect(code).toBe(1);
  const found = of('flows');
  expect(found[0]).toMatch(/^wrong .*chat\.yaml:1: /);
  expect(found.at(-1)).toBe('hint what was in force before stays so in the running service');
});

it('looks at the process: is it published, and is a member linked?', async () => {
  const db = await freshDatabase();
  const example = 'flows/example.process.yaml';
  await createProcesses(db).apply(parseProcess(await readFile(example, 'utf8'), example));
  const { of } = await doctor({ DATABASE_URL: db.url });
  expect(of('service')).toEqual(['fine none runs on this database']);
  expect(of('process')).toEqual([
    expect.stringMatching(/^hint .* is applied and not published$/),
    expect.stringMatching(/^hint nobody is linked as a member/),
  ]);
  await db.pool.query(`
    INSERT INTO timeline (number, definition, published_at, hash) VALUES (1, '{}', now(), 'x');
    INSERT INTO member (id, name, roles) VALUES ('ana', 'Ana', '{organizer}');
    INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:1:2', 'ana')`);
  expect((await doctor({ DATABASE_URL: db.url })).of('process')).toEqual([
    expect.stringMatching(/^fine .*, published$/),
    'fine 1 member is linked',
  ]);
  const person = await addPerson(db);
  await addContribution(db, person, 'HB-A');
  await addContribution(db, person, 'HB-B', { state: 'withdrawn' });
  await addProposals(db, 'ana', ['HB-A', 'HB-B']);
  await addThread(db, person, 'HB-AAAAAAA', { dueAt: new Date('2026-01-01') });
  expect((await doctor({ DATABASE_URL: db.url })).of('process').slice(2)).toEqual([
    'hint 1 person waits for an answer, 1 of them longer than promised: npx hearback threads list',
    'hint 1 proposed decision waits for a second member: /organize in the chat',
    'hint 1 proposed decision cannot come about as it is, too few members are left to confirm: npx hearback members list',
  ]);
});

it('says that DATA_DIR cannot be written, also where the database is elsewhere, and what to do', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'file'), '');
  await mkdir(path.join(folder, 'erased.list', 'in-the-way'), { recursive: true });
  const DATABASE_URL = await freshDatabaseUrl();
  const found = async (DATA_DIR: string) => {
    const { code, of } = await doctor({ DATABASE_URL, DATA_DIR });
    return [code, ...of('data')];
  };
  const remedy = 'Let this user write there, or set DATA_DIR to a folder where they can.';
  expect(await found(path.join(folder, 'file'))).toEqual([1, `wrong DATA_DIR: ${folder}/file is no folder. ${remedy}`]);
  expect(await found(path.join(folder, 'file', 'data'))).toEqual([
    1,
    `wrong DATA_DIR: ${folder}/file/data cannot be written (ENOTDIR). ${remedy}`,
  ]);
  expect(await found(folder)).toEqual([1, `wrong DATA_DIR: ${folder}/erased.list is no file. ${remedy}`]);
  expect(await found(path.join(folder, 'new', 'one'))).toEqual([
    0,
    `fine ${folder}/new/one is not there yet, and can be made`,
  ]);
});

it('says that a port cannot be had before a service wants it', async () => {
  const taken = new URL(await api({})).port;
  const { code, of } = await doctor({ DATABASE_URL: await freshDatabaseUrl(), PORT: taken });
  expect([code, of('service')]).toEqual([
    1,
    [expect.stringMatching(`^wrong PORT: ${taken} is in use by another program`)],
  ]);
});

it('says that Telegram cannot deliver to this machine’s own address', async () => {
  const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: 'abc' };
  const states = async (more: Record<string, string>) =>
    (
      await runDoctor(
        () => readConfig({ ...env, ...more }),
        () => ({}),
      )
    ).map(({ state }) => state);
  expect(await states({})).toEqual(['fine', 'wrong']);
  expect(await states({ TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' })).toEqual(['fine', 'hint']);
  expect(await states({ PUBLIC_URL: 'https://bot.example.org' })).toEqual(['fine']);
});

it('tells every mistake of the configuration, and looks no further', async () => {
  const findings = await runDoctor(
    () => readConfig({ PORT: 'x', ROLE: 'web' }),
    () => expect.unreachable(),
  );
  expect(findings.map(({ area, state }) => `${area} ${state}`)).toEqual(['configuration wrong', 'configuration wrong']);
});

it('says what to do while no platform is set up, and is healthy all the same', async () => {
  const findings = await runDoctor(
    () => readConfig({}),
    () => ({ flows: async () => '9 flows' }),
  );
  expect(findings.map(({ state }) => state)).toEqual(['hint', 'fine']);
  expect(doctorWords(findings).split('\n')).toEqual([
    '! configuration: no platform is set up, so nobody can talk to Hearback',
    '    To see it at work without one: npx hearback demo',
    expect.stringMatching(/^ {4}Telegram: .*BotFather.*TELEGRAM_BOT_TOKEN=…$/),
    expect.stringMatching(/^ {4}Slack: .*manifest\.yaml.*SLACK_BOT_TOKEN=xoxb-… and SLACK_APP_TOKEN=xapp-…$/),
    '✓ flows: 9 flows',
  ]);
  expect(isHealthy(findings)).toBe(true);
});

it('looks at every part, however many are wrong, and gives each its remedy', async () => {
  const findings = await runDoctor(
    () => readConfig({}),
    () => ({
      database: () =>
        Promise.reject(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED postgres://u:hunter2@db') })),
      queue: () => new Promise(() => undefined),
      flows: () => Promise.reject(new UserError('two', ['idea.flow.yaml:3: one', 'idea.flow.yaml:9: other'])),
    }),
    20,
  );
  const words = doctorWords(findings);
  expect(isHealthy(findings)).toBe(false);
  expect(words).toContain('✗ database: connect ECONNREFUSED');
  expect(words).toContain('DATABASE_URL');
  expect(words).toContain('✗ queue: no answer');
  expect(words).toContain('REDIS_URL');
  expect(words).toContain('idea.flow.yaml:9: other');
  expect(words).not.toContain('hunter2');
});

it('asks both platforms whether they know the tokens', async () => {
  const root = await api({
    getMe: { ok: true, result: { username: 'plan_bot' } },
    getWebhookInfo: { ok: true, result: {} },
    'auth.test': { ok: true, user: 'hearback', team: 'Plan' },
    'apps.connections.open': { ok: true },
  });
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: root,
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_API_URL: root,
  };
  const findings = await runDoctor(() => readConfig(env), tokenProbes);
  expect(findings.map(({ what }) => what)).toEqual([
    'role all',
    '@plan_bot, by long polling',
    'hearback in Plan, by Socket Mode',
  ]);
});

it('names each token that is refused, without showing it', async () => {
  const root = await api({});
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: root,
    SLACK_BOT_TOKEN: 'xoxb-12345',
    SLACK_APP_TOKEN: 'xapp-12345',
    SLACK_API_URL: root,
  };
  const findings = await runDoctor(() => readConfig(env), tokenProbes);
  const words = doctorWords(findings);
  for (const key of ['TELEGRAM_BOT_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']) expect(words).toContain(key);
  expect(words).not.toMatch(/AAHdq|12345/);
});

it('passes on what keeps the webhook from being reached', async () => {
  const root = await api({
    getMe: { ok: true, result: { username: 'plan_bot' } },
    getWebhookInfo: { ok: true, result: { pending_update_count: 2, last_error_message: 'Connection refused' } },
  });
  const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: root, TELEGRAM_WEBHOOK_SECRET: 'abc' };
  expect(doctorWords(await runDoctor(() => readConfig(env), tokenProbes))).toContain('Connection refused');
});

it('counts the replies of which nobody knows whether they arrived, and says how to list them', () => {
  expect(unsureReplies(0)).toEqual([]);
  expect(unsureReplies(3)).toMatchObject([
    {
      state: 'hint',
      what: '3 replies of the last week may not have arrived',
      remedy: expect.stringContaining('uncertain'),
    },
  ]);
});
