import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTerminalActions } from '../../../src/compose/actions.ts';
import { type Base, openBase } from '../../../src/compose/base.ts';
import { readConfig } from '../../../src/config.ts';
import { silentLog } from '../../../src/core/log.ts';
import { addNoticesCommands } from '../../../src/interfaces/cli/notices/commands.ts';
import { outreach } from '../../../src/interfaces/cli/outreach.ts';
import { DEFAULT_PROCESS } from '../../../src/process/process.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { command } from '../../support/command.ts';
import { lastingDatabaseUrl } from '../../support/database.ts';
import { addMembers, become, messagesEnd, noticeIs } from '../../support/happens.ts';
import { seedPeople } from '../../support/outbound.ts';
import { type Heard, heardAt } from '../../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'notices-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = join(folder, 'notice.yaml');
  writeFileSync(file, text);
  return file;
}

const NOTICE = 'kind: announcement\naudience: everyone\ntexts: { en: The timeline is out, fr: Le calendrier est là }\n';

let core: Base;
let config: ReturnType<typeof readConfig>;

beforeAll(async () => {
  config = readConfig({ DATABASE_URL: await lastingDatabaseUrl(), APPROVAL_ABOVE: '4', TELEGRAM_BOT_TOKEN: '1:x' });
  core = await openBase(config, silentLog);
  await addMembers(core.db.pool, { ana: ['organizer'], ben: ['forum'] });
});
afterAll(() => core.close());
beforeEach(() => rows('TRUNCATE notice, delivery, identity, notice_event, notice_revision RESTART IDENTITY CASCADE'));

const rows = async (sql: string, values: unknown[] = []) => (await core.db.pool.query(sql, values)).rows;

/** One command, at a terminal whose person types `keys` when asked; without keys nobody is there. */
function hearback(
  line: string,
  keys?: string,
  asked = /Type the number/,
  meanwhile?: () => Promise<unknown>,
): Promise<Heard> {
  const wire = async () => ({
    ...(await outreach(core, config)),
    actions: openTerminalActions(core, config),
    processes: {
      ...createProcesses(core.db),
      current: async () => ({ timeZone: 'Europe/Madrid', languages: ['en', 'es'] }),
    },
    targets: async () => ({ flows: ['idea'], process: DEFAULT_PROCESS }),
    close: async () => undefined,
  });
  return heardAt(
    (program, streams) => addNoticesCommands(program, wire, streams),
    ['notices', ...line.split(' ')],
    keys === undefined ? undefined : { asked, keys, ...(meanwhile && { meanwhile }) },
  );
}

async function draft(text = NOTICE): Promise<string> {
  return JSON.parse((await hearback(`create ${written(text)} --as ana --json`)).out).id;
}

describe('before it goes', () => {
  test('it is seen as each platform shows it, with whom it reaches in which language', async () => {
    await seedPeople(core.db, 3);
    await become(core.db.pool, 'stopped', [1]);
    const long = `${'word '.repeat(820)}\nend`;
    const id = await draft(
      `${NOTICE.replace('Le calendrier est là', JSON.stringify(long))}buttons: [{ label: Idea, flow: idea }]\n`,
    );
    const { out } = await hearback(`preview ${id}`);
    const lines = out.split('\n');
    expect(lines.slice(0, 2)).toEqual([`Notice ${id}: announcement to everyone`, '']);
    expect(lines.slice(2, 6)).toEqual([
      'Telegram, en: 19 characters',
      '  | The timeline is out',
      '  [ Idea ]  flow idea',
      '',
    ]);
    expect(out).toMatch(/Telegram, fr, message 2 of 2: \d+ characters\n/);
    expect(out).toContain('\n2 messages on Telegram.\n');
    expect(out).toMatch(/\n +platform +language +people +groups +left out\n +Telegram +\w\w +\d +\d +\d\n/);
    expect(out).toContain('\n2 people get it.\n1 person does not: stopped the bot 1.\n');
    expect(out).toMatch(/Some of them:\n +platform +language .*(\n +Telegram +(es|en) .*){2}\n$/);
    expect(out).toContain('\n1 person whose language is es reads it in en.\n');
    expect(JSON.parse((await hearback(`preview ${id} --json`)).out)).toMatchObject({
      recipients: 2,
      fallbacks: [{ gets: 'en' }],
    });
  });

  test('whom it reaches is said in plain words, with how many they are now', async () => {
    await seedPeople(core.db, 4);
    await become(core.db.pool, 'stopped', [4]);
    const id = await draft(NOTICE.replace('everyone', `'!took_part && language in ["es", "en"]'`));
    const { out } = await hearback(`preview ${id} --explain`);
    expect(out.split('\n').slice(0, 3)).toEqual([
      `Notice ${id} goes to people who have not taken part and read Spanish or English.`,
      'Now that is 3 people (3 on Telegram).',
      '1 person does not: stopped the bot 1.',
    ]);
    expect(JSON.parse((await hearback(`preview ${id} --explain --json`)).out)).toMatchObject({
      ...{ id, whom: 'people who have not taken part and read Spanish or English' },
      ...{ recipients: 3, skipped: 1 },
    });
    expect((await hearback(`create ${written(NOTICE)} --explain`)).out).toMatch(
      /^Notice \w+ goes to everyone\.\nNow that is 3 people/,
    );
  });

  test('what is written for each reader has no preview', async () => {
    const id = await draft();
    await rows(`UPDATE notice SET kind = 'response', texts = '{}', audience = NULL`);
    expect((await hearback(`preview ${id}`)).mistake).toContain('there is nothing to see before');
    expect((await hearback(`test ${id} --to ana`)).mistake).toContain('not tested');
  });

  test('it is sent to oneself first, in words that say so', async () => {
    await seedPeople(core.db, 2);
    const id = await draft();
    expect((await hearback(`test ${id} --to telegram:1`)).out).toBe(
      'A test is on its way to telegram (en).\nNo service runs on this database: it goes when one does. Start one: npx hearback start\n',
    );
    expect(await rows('SELECT notice_id, payload FROM delivery')).toMatchObject([
      {
        notice_id: null,
        payload: [{ blocks: [{ text: 'Test: only you get this message.' }, { text: 'The timeline is out' }] }],
      },
    ]);
  });

  test('the number of its people is typed, and nothing else will do', async () => {
    await seedPeople(core.db, 3);
    const id = await draft();
    expect((await hearback(`schedule ${id}`)).mistake).toMatch(
      /^It goes to everyone, 3 people on 1 platform, 2 min from now\. .*say --yes/,
    );
    expect((await hearback(`schedule ${id} --at 2032-03-28T09:00`)).mistake).toContain(
      'at 2032-03-28 09:00 Europe/Madrid. Should they be more than 4 by then, it waits for another yes. Type the number',
    );
    expect((await hearback(`schedule ${id}`, '4\r')).mistake).toBe('Nothing is done: 3 was to be typed, not "4".');
    expect((await hearback(`schedule ${id} --as nobody --yes`)).mistake).toContain('There is no member "nobody"');
    expect((await core.db.pool.query('SELECT state FROM notice')).rows).toEqual([{ state: 'draft' }]);
    const { out, mistake } = await hearback(`schedule ${id} --at 2032-03-28T09:00 --as ana`, '3\r');
    expect(mistake).toBe(null);
    expect(out).toContain(
      'The first message to 3 people goes at 2032-03-28 09:00 Europe/Madrid. Should they be more than 4 by then,',
    );
    expect(out).toContain(`npx hearback notices cancel ${id}`);
  });

  test('the calendar shows what goes out, in words, with whom it is for and how many they are', async () => {
    await seedPeople(core.db, 5);
    expect((await hearback('calendar')).out).toMatch(
      /^Nothing goes out until \d{4}-\d\d-\d\d\.\n\nThe timeline is not public yet: /,
    );
    const id = await draft(NOTICE.replace('everyone', 'language == "es"'));
    const other = await draft(NOTICE);
    await rows(`UPDATE notice SET state = 'scheduled', at = now() + interval '1 day' WHERE id = $1`, [id]);
    await rows(
      `UPDATE notice SET state = 'scheduled', approval = 'needed', at = now() + interval '3 weeks' WHERE id = $1`,
      [other],
    );
    const { out } = await hearback('calendar');
    expect(out).toMatch(/^Until \S+ 2 notices go out, to as many as there are now:\n\n/);
    expect(out).toContain(
      ` Europe/Madrid  announcement to people who read Spanish: 2 people\n  scheduled by a member, notice ${id}\n  | The timeline is out\n  (also in fr)\n`,
    );
    expect(out).toContain(
      `announcement to everyone: 5 people\n  scheduled by a member, notice ${other}, waits for approval: without it nothing goes\n`,
    );
    expect((await hearback('calendar --weeks 1')).out).toMatch(/^Until \S+ 1 notice goes out/);
    expect(JSON.parse((await hearback('calendar --weeks 1 --json')).out)).toMatchObject([
      { id, recipients: 2, whom: 'people who read Spanish', by: 'member', state: 'scheduled' },
    ]);
    await expect(hearback('calendar --weeks none')).rejects.toThrow('Write a whole number from 1 to 104.');
  });

  test('a second member approves what goes to many, and the record says who did what', async () => {
    await seedPeople(core.db, 5);
    const id = await draft();
    expect((await hearback(`schedule ${id}`)).mistake).toContain('A second member has to approve it first.');
    expect((await hearback(`schedule ${id} --yes --as ana`)).out).toContain(
      `npx hearback notices approve ${id} --as MEMBER`,
    );
    expect((await hearback('status')).out).toMatch(/announcement +to approve +0/);
    expect((await hearback(`approve ${id}`)).mistake).toContain('say who you are, --as MEMBER');
    expect((await hearback(`approve ${id} --as ana`)).mistake).toContain('another member has to approve it');
    const { out } = await hearback(`approve ${id} --as ben`);
    expect(out).toMatch(/created by ana\n.*scheduled by ana +5 people\n.*approved by ben\n/);
    const fixed = written(NOTICE.replace('is out', 'is out!'));
    expect((await hearback(`edit ${id} ${fixed} --as ana`)).out).toContain('has to be approved again');
  });
});

describe('while it goes, and afterwards', () => {
  /** A notice in the middle of being sent to six people. */
  async function running(): Promise<string> {
    await seedPeople(core.db, 6);
    const id = await draft();
    await noticeIs(core.db.pool, { state: 'running', begun: true }, id);
    await rows(
      `INSERT INTO delivery (notice_id, identity_id, channel, state, reason, settled_at, refs)
       SELECT $1, i.id, i.channel, s.state, s.reason, now(), CASE WHEN s.state = 'sent' THEN '[{"chat": "1", "id": "1"}]'::jsonb END
       FROM identity i JOIN (VALUES (1, 'sent', NULL), (2, 'sent', NULL), (3, 'failed', 'blocked'), (4, 'failed', 'rejected'),
         (5, 'uncertain', 'unknown_outcome'), (6, 'pending', NULL)) AS s(id, state, reason) ON s.id = i.id`,
      [id],
    );
    return id;
  }

  test('its status says in words what did not arrive, and why', async () => {
    const id = await running();
    const { out } = await hearback(`status ${id}`);
    expect(out).toContain(`Notice ${id}: announcement, running\n  recipients  6\n  sent        2`);
    expect(out).toContain('  failed      2  blocked the bot 1, refused by the platform 1\n');
    expect(out).toContain('  uncertain   1  nobody knows whether it arrived 1\n  open        1\n');
    const json = JSON.parse((await hearback(`status ${id} --json`)).out);
    expect(json).toMatchObject({ id, state: 'running', recipients: 6, sent: 2, failed: 2, skipped: 0, uncertain: 1 });
  });

  test('what failed is sent again by choice', async () => {
    const id = await running();
    expect((await hearback(`retry ${id} --reason blockd`)).mistake).toContain(
      'Its reasons are: blocked (blocked the bot), ',
    );
    const rejected = `retry ${id} --failed --reason rejected --as ana`;
    expect((await hearback(rejected)).mistake).toBe(
      '1 message goes out again. Type the number to send: Nobody is there to type it: say --yes to go on without asking.',
    );
    expect((await hearback(rejected, '2\r')).mistake).toBe('Nothing is done: 1 was to be typed, not "2".');
    const settled = async () => {
      await rows(`UPDATE delivery SET state = 'sent' WHERE state = 'failed' AND reason = 'rejected'`);
    };
    expect((await hearback(rejected, '1\r', /Type the number/, settled)).mistake).toContain(
      'it goes to 0 by now, and 1 were agreed to',
    );
    await messagesEnd(core.db.pool, 'failed', 'rejected', [4]);
    expect((await hearback(rejected, '1\r')).out).toContain('1 message is sent again.\n');
    const [doubtful] = JSON.parse((await hearback(`uncertain ${id} --json`)).out);
    expect(doubtful).toMatchObject({ person: 'telegram:bot:5', reason: 'unknown_outcome' });
    expect((await hearback(`uncertain ${id}`)).out).toContain('1 message may or may not have arrived');
    expect(JSON.parse((await hearback(`retry ${id} --uncertain --json --yes`)).out)).toEqual({ again: 1, twice: 1 });
    expect((await hearback(`uncertain ${id}`)).out).toBe(`Nothing of notice ${id} is in doubt.\n`);
    expect((await hearback(`retry ${id} --uncertain`)).out).toContain('Nothing is sent again');
  });

  test('watching ends with it, and leaves a line of its own', async () => {
    const id = await running();
    await hearback(`cancel ${id}`);
    const { out } = await hearback(`status ${id} --watch`);
    expect(out).toContain(`Notice ${id}: announcement, cancelled`);
    expect(out).toContain('called back in time 1');
  });

  test('watching without a terminal says how it stands, and that no service sends it', async () => {
    const id = await running();
    const { out, err } = await hearback(`status ${id} --watch`, '', /No service runs/, () => hearback(`cancel ${id}`));
    expect(err).toContain(
      `Notice ${id}: running. No service runs on this database: it goes when one does. Start one: npx hearback start\n`,
    );
    expect(out).toContain(`Notice ${id}: announcement, cancelled`);
  });

  test('it is fixed and recalled by the number of messages that are out', async () => {
    const id = await running();
    const fixed = written(NOTICE.replace('is out', 'is public'));
    expect((await hearback(`edit ${id} ${fixed}`, '3\r')).mistake).toBe('Nothing is done: 2 was to be typed, not "3".');
    expect((await hearback(`edit ${id} ${fixed}`, '2\r')).out).toContain(
      'The messages are being changed.\n  0 messages with',
    );
    expect((await hearback(`recall ${id}`)).mistake).toContain('It takes back 2 messages that arrived.');
    expect((await hearback(`recall ${id} --yes --as ana`)).out).toContain('is being taken back');
    const { out } = await hearback(`status ${id}`);
    expect(out).toMatch(/recalled[\s\S]*0 messages taken back; 6 to do\.[\s\S]*edited by operator\n.*recalled by ana/);
  });

  test('it is repeated as a draft for those who had it and have not answered, and for nobody else', async () => {
    const id = await running();
    expect((await hearback(`repeat ${id} --unanswered`)).mistake).toContain(`say audience: received("${id}")`);
    await rows(`UPDATE notice SET kind = 'question', buttons = '[{"label": "Answer", "question": "trust"}]'`);
    await rows(
      `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, question, submitted_at, updated_at)
       SELECT gen_random_uuid(), 'HB-A', contributor_id, id, 'answer', 'words', 'en', channel, 'trust', now(), now() FROM identity WHERE id = 1`,
    );
    const { out } = await hearback(`repeat ${id} --unanswered --as ana`);
    expect(out).toContain(`to people who have had the notice “${id}” and have not answered the question “trust”.\n`);
    const again = /notices schedule (\w+)/.exec(out)?.[1] ?? '';
    const { out: seen } = await hearback(`preview ${again}`);
    expect(seen).toContain(`Notice ${again}: question to people who have had the notice`);
    expect(seen).toContain('  | The timeline is out\n  [ Answer ]  question trust\n');
    expect(seen).toContain('\n1 person gets it.\n');
    expect((await rows('SELECT created_by AS by FROM notice WHERE id = $1', [again]))[0]).toEqual({ by: 'ana' });
  });

  test('the report tells nobody apart', async () => {
    const id = await running();
    await messagesEnd(core.db.pool, 'sent');
    await rows(`UPDATE identity SET stakeholder_group = 'citizen', source = E'ra\\x1b[31mdio' WHERE id = 1`);
    const { out } = await hearback(`report ${id}`);
    expect(out).toContain('6 of 6 people had it.\n0 people answered');
    expect(out).toMatch(/Group +had it +answered\ncitizen +fewer than 5 +0\nnot known +- +0\n/);
    expect(out).toContain('\nra[31mdio');
    expect((await hearback(`report ${id} --csv`)).out).toContain('\ngroup,citizen,1,0\n');
    expect(JSON.parse((await hearback(`report ${id} --json`)).out).by.group).toEqual([
      { value: 'citizen', had: 1, answered: 0 },
      { value: null, had: 5, answered: 0 },
    ]);
  });
});

test('a notice is refused while a button leads nowhere', async () => {
  const env = { DATABASE_URL: await lastingDatabaseUrl() };
  const buttons = 'buttons:\n  - { label: A, question: nothing-like-it }\n  - { label: Idea, flow: respond }\n';
  const refused = await command(['notices', 'create', written(`${NOTICE}${buttons}`)], env);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /notice\.yaml:5: buttons\.1\.question: the process has no question "nothing-like-it"\. There are none yet\./,
  );
  expect(refused.err).toContain('notice.yaml:6: buttons.2.flow: no flow that a button can begin is called "respond"');
});

test('what is of an earlier process is listed by --process, and what still goes out of it without', async () => {
  const processes = createProcesses(core.db);
  const { id } = await processes.now();
  await processes.apply(DEFAULT_PROCESS, null, 'first');
  await seedPeople(core.db, 3);
  const thanks = await draft(NOTICE.replace('announcement', 'closure'));
  await hearback(`schedule ${thanks} --yes`);
  await processes.close(id, null, new Date());
  await processes.apply({ ...DEFAULT_PROCESS, name: 'Next' }, null, 'next');
  const fresh = await draft();
  const listed = async (line: string) =>
    JSON.parse((await hearback(`${line} --json`)).out).map((one: { id: string }) => one.id);
  expect(await listed('status')).toEqual([fresh]);
  expect(await listed('status --process first')).toEqual([thanks]);
  expect((await hearback('status --process frist')).mistake).toContain('Did you mean "first"?');
  expect(await listed('calendar')).toEqual([thanks]);
  expect(await listed('calendar --process first')).toEqual([thanks]);
  expect(await listed('calendar --process next')).toEqual([]);
});
