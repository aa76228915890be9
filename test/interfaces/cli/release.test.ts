import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Base, openBase } from '../../../src/compose/base.ts';
import { readConfig } from '../../../src/config.ts';
import { silentLog } from '../../../src/core/log.ts';
import { outreach } from '../../../src/interfaces/cli/outreach.ts';
import { addResponsesCommands } from '../../../src/interfaces/cli/responses.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { createMembers } from '../../../src/store/members.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { acting, audited, idleQueue } from '../../support/actions.ts';
import { command } from '../../support/command.ts';
import { freshDatabaseUrl } from '../../support/database.ts';
import { addMembers, allArrive, answersArrive, become, decide, messagesEnd, noticeIs } from '../../support/happens.ts';
import { noticesIn } from '../../support/kept.ts';
import { addProposals } from '../../support/proposals.ts';
import { type Heard, heardAt } from '../../support/terminal.ts';
import { addThread } from '../../support/threads.ts';

const PROCESS = parseProcess(
  `name: Plan
languages: [en, es, fr]
timeZone: Europe/Madrid
themes: [{ value: health, label: Health }, { value: money, label: Money }]`,
  'p.yaml',
);
const NOW = Date.parse('2027-03-01T12:00Z');

let core: Base;
let config: ReturnType<typeof readConfig>;
let hints: string[];
const rows = async (sql: string, values: unknown[] = []) => (await core.db.pool.query(sql, values)).rows;

/** Three people, the first with two decided ideas about health, the others with one about money and one about nothing. */
beforeEach(async () => {
  config = readConfig({ DATABASE_URL: await freshDatabaseUrl(), TELEGRAM_BOT_TOKEN: '1:x' });
  core = await openBase(config, silentLog);
  onTestFinished(() => core.close());
  hints = [];
  await addMembers(core.db.pool, { ana: ['forum'], ben: ['forum'] });
  await rows(
    `INSERT INTO identity (key, contributor_id, channel, address, language)
     SELECT 'telegram:bot:' || n, gen_random_uuid(), 'telegram', 'chat-' || n, CASE n WHEN 3 THEN 'es' ELSE 'en' END
     FROM generate_series(1, 3) AS n ORDER BY n`,
  );
  await rows(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, theme, language, channel, state, submitted_at, updated_at)
     SELECT gen_random_uuid(), reference, contributor_id, i.id, 'idea', reference || ' said', theme, 'en', channel, 'decided',
       now() + ord * interval '1 second', now()
     FROM (VALUES (1, 'HB-A', 'health', 1), (2, 'HB-B', 'health', 1), (3, 'HB-C', 'money', 2), (4, 'HB-D', NULL, 3)) AS s(ord, reference, theme, person)
     JOIN identity i ON i.id = person`,
  );
  await decideFor('because');
});

/** Everything is decided again for this reason. */
async function decideFor(reason: string, ...references: string[]): Promise<void> {
  const which = references.length > 0 ? references : ['HB-A', 'HB-B', 'HB-C', 'HB-D'];
  await decide(core.db.pool, which, { reason });
}

/** All that is released has arrived. */
async function arrive(): Promise<void> {
  await allArrive(core.db.pool);
  await answersArrive(core.db.pool);
}

/** One command, at a terminal whose person types `keys` when asked, and after `meanwhile`; without keys nobody is there. */
function responses(line: string, keys?: string, limits = {}, meanwhile?: () => Promise<unknown>): Promise<Heard> {
  const parts = { clock: () => NOW, holdSeconds: 120, approvalAbove: 500, ...limits };
  const queue = { ...idleQueue, startNotice: (id: string) => void hints.push(id) };
  const actions = acting(core.db, { ...parts, queue });
  const released = {
    ...parts,
    views: core.views,
    processes: { ...createProcesses(core.db), current: async () => PROCESS },
    close: async () => undefined,
  };
  const wire = async () => ({ ...released, actions: async () => actions });
  const wireOutreach = async () => ({ ...(await outreach(core, config)), ...released, actions });
  return heardAt(
    (program, streams) => addResponsesCommands(program, wire, wireOutreach, streams),
    ['responses', ...line.split(' ')],
    keys === undefined ? undefined : { asked: /Type the number/, keys, ...(meanwhile && { meanwhile }) },
  );
}

const released = async () =>
  (await rows(`SELECT reference FROM contribution WHERE state = 'released' ORDER BY 1`)).map((row) => row.reference);
const noticeIn = (out: string): string => /notices cancel (\S+)/.exec(out)?.[1] ?? '';

describe('a release', () => {
  test('of a theme, or of some references, leaves everything else where it is', async () => {
    expect((await responses('release --theme helth --yes')).mistake).toBe(
      '--theme: the process has no theme "helth". Did you mean "health"?',
    );
    const { out } = await responses('release --theme health --yes --as ana');
    expect(out).toMatch(/^Notice \S+: 2 responses go to 1 person\.\n/);
    expect(out).toContain('if it is not running, they go when it starts: npx hearback start\n');
    expect(out).toContain(`To stop what has not gone yet: npx hearback notices cancel ${hints[0]}\n`);
    expect(await released()).toEqual(['HB-A', 'HB-B']);
    expect((await responses('release --only HB-A hb-d --yes')).mistake).toBe(
      '--only: no answer to HB-A waits for release. Nothing was released.',
    );
    expect((await responses('release --theme money --only HB-D --yes')).mistake).toContain('HB-D with the theme money');
    await responses('release --only hb-d --yes');
    expect(await released()).toEqual(['HB-A', 'HB-B', 'HB-D']);
    expect((await responses('release --theme health --yes')).out).toBe('Nothing waits for release.\n');
  });

  test('takes the number of its people, typed, and nothing else', async () => {
    const question = '4 responses go to 3 people, at once. Type the number of people to release:';
    expect((await responses('release')).mistake).toBe(
      `${question} Nobody is there to type it: say --yes to go on without asking.`,
    );
    expect((await responses('release', '4\r')).mistake).toBe('Nothing is done: 3 was to be typed, not "4".');
    expect(await released()).toEqual([]);
    expect((await responses('release --as nobody --yes')).mistake).toContain('There is no member "nobody"');
    const typed = await responses('release --as ana', '3\r');
    expect(typed.mistake).toBe(null);
    expect(typed.out).toContain(question);
    expect(await released()).toHaveLength(4);
    expect(await noticesIn(core.db.pool)).toMatchObject([{ scheduledBy: 'ana' }]);
  });

  test('is refused when a colleague has decided on more by the time the number is typed', async () => {
    await rows(`DELETE FROM response WHERE contribution_id IN (SELECT id FROM contribution WHERE reference > 'HB-B')`);
    const { out, mistake } = await responses('release', '1\r', {}, () => decideFor('because', 'HB-C', 'HB-D'));
    expect(out).toContain('2 responses go to 1 person, at once.');
    expect(mistake).toBe(
      'Nothing was released: what waits has changed since it was asked. Responses by now: 4; people: 3. Do it again, and agree to that.',
    );
    expect(await released()).toEqual([]);
    expect(await noticesIn(core.db.pool)).toEqual([]);
    expect((await responses('release', '3\r')).mistake).toBe(null);
    expect(await released()).toHaveLength(4);
  });

  test('is for members of the forum alone', async () => {
    await addMembers(core.db.pool, { olga: ['organizer', 'liaison'] });
    expect((await responses('release --as olga --yes')).mistake).toBe(
      'olga may not release: it takes a member with the role forum. `npx hearback members list` shows who there is.',
    );
    expect(await released()).toEqual([]);
  });

  test('to many waits for a second member, also where nobody at the terminal says who they are', async () => {
    const { out } = await responses('release --yes', undefined, { approvalAbove: 1 });
    expect(out).toContain(`Another member has to approve them first: npx hearback notices approve ${noticeIn(out)}`);
    expect(await noticesIn(core.db.pool)).toMatchObject([
      { state: 'scheduled', approval: 'needed', scheduledBy: 'operator' },
    ]);
    const { approve } = acting(core.db).notices;
    await expect(approve(atTerminal(), noticeIn(out))).rejects.toThrow('It takes a second member to approve');
    expect(await approve(atTerminal('ana'), noticeIn(out))).toMatchObject({ approval: 'given' });
    expect(await audited(core.db)).toEqual([
      ...['operator responses.release done', 'operator notices.approve refused', 'ana notices.approve done'],
    ]);
  });

  test('says how many replace an answer that was delivered, and which say nothing new', async () => {
    await responses('release --yes');
    await arrive();
    await decideFor('better', 'HB-A', 'HB-C');
    await decideFor('because', 'HB-D');
    const { mistake } = await responses('release');
    expect(mistake).toContain(
      '2 responses go to 2 people, at once. All of them replace answers that were delivered before. ' +
        '1 decision says what was delivered before, word for word: nobody is sent that again. Type the number',
    );
    expect((await responses('release --only HB-C --dry-run')).out).toContain(
      '1 response goes to 1 person, at once. It replaces an answer that was delivered before.\n',
    );
    const { out } = await responses('release --dry-run');
    expect(out).toContain('  HB-A  inclusion, replaces an answer that was delivered before\n');
    expect(out).toContain('  HB-D  inclusion, as it was delivered before: not sent again\n');
    expect(out).toMatch(/Nothing was released: this was a dry run\.\n$/);
    expect(await released()).toEqual([]);
    expect(JSON.parse((await responses('release --dry-run --json')).out)).toMatchObject({
      responses: 2,
      list: [{}, {}, {}],
    });
    await decideFor('new', 'HB-B');
    await rows(
      `UPDATE response SET notice_id = NULL WHERE contribution_id = (SELECT id FROM contribution WHERE reference = 'HB-B')`,
    );
    expect((await responses('release')).mistake).toContain('2 of them replace answers that were delivered before.');
  });

  test('at a moment waits for it, and can be called back until then', async () => {
    expect((await responses('release --at 2027-02-28T09:00 --yes')).mistake).toContain('has passed');
    expect((await responses('release --zone Europe/Paris --yes')).mistake).toBe(
      '--zone: say --at as well, the moment in that zone.',
    );
    const { out } = await responses('release --at 2027-03-28T09:00 --zone America/Lima --yes');
    expect(out).toContain('4 responses go to 3 people, from 2027-03-28 16:00 Europe/Madrid on.');
    expect(out).toContain('Until then they can be called back: npx hearback notices cancel ');
    expect(hints).toEqual([]);
    expect(await noticesIn(core.db.pool)).toMatchObject([
      { id: noticeIn(out), state: 'scheduled', at: new Date('2027-03-28T14:00Z') },
    ]);
    expect(await rows('SELECT DISTINCT not_before AS at FROM delivery')).toEqual([
      { at: new Date('2027-03-28T14:00Z') },
    ]);
    await noticeIs(core.db.pool, { state: 'cancelled' });
    await messagesEnd(core.db.pool, 'skipped', 'cancelled');
    expect((await responses('release --dry-run')).out).toContain('4 responses go to 3 people, at once.\n');
  });

  test('to many names the member who has to approve, and to nobody says so', async () => {
    expect((await responses('release --as ana', undefined, { approvalAbove: 1 })).mistake).toContain(
      'Another member has to approve them first.',
    );
    const { out } = await responses('release --theme health money --yes --as ana', undefined, { approvalAbove: 1 });
    expect(out).toContain(
      `Another member has to approve them first: npx hearback notices approve ${noticeIn(out)} --as MEMBER\n`,
    );
    await become(core.db.pool, 'stopped');
    expect((await responses('release')).out).toBe(
      '1 response is released, and nothing is sent.\n1 person cannot be reached now; a later release tries again once they are back.\n',
    );
  });
});

test('the answer to one contribution is seen as each platform shows it, before and after', async () => {
  const { out } = await responses('preview hb-d');
  expect(out).toContain('The answer to HB-D waits for release. Its reader is on Telegram and reads Spanish.\n');
  expect(out).toMatch(/\nTelegram, es: \d+ characters\n {2}\| Su idea (no )?está en el plan/);
  expect(out).toContain('  | Lo que usted dijo (HB-D)\n');
  expect(out).toContain('  [ Tengo una pregunta ]\n');
  expect((await responses('preview HB-A')).out).toContain(
    'It goes together with 1 other answer to the same person, after a message that says how many are in the plan.\n',
  );
  await rows(`UPDATE identity SET channel = 'slack' WHERE id = 3`);
  expect((await responses('preview HB-D')).out).toMatch(
    /\nSlack, es: \d+ characters in \d+ blocks\n[\s\S]*\nTelegram, es: /,
  );
  expect(JSON.parse((await responses('preview HB-D --json')).out)).toMatchObject({ state: 'approved', language: 'es' });
  await responses('release --yes');
  expect((await responses('preview HB-D')).out).toContain('is released and has not arrived yet.');
  expect((await responses('preview HB-X')).mistake).toContain('No contribution is called HB-X.');
  await rows(`DELETE FROM response`);
  expect((await responses('preview HB-A')).mistake).toBe('Nothing is decided on HB-A yet.');
});

test('answers to what was said in an earlier process are released and counted by --process, and by nothing else', async () => {
  const processes = createProcesses(core.db);
  const { id: first } = await processes.now();
  await processes.apply(PROCESS, null, 'first');
  await processes.close(first, null, new Date(NOW));
  await processes.apply({ ...PROCESS, name: 'Next' }, null, 'next');
  expect((await responses('release --yes')).out).toBe('Nothing waits for release.\n');
  expect((await responses('release --process frist --yes')).mistake).toContain('Did you mean "first"?');
  expect(await released()).toEqual([]);
  expect(JSON.parse((await responses('release --process first --dry-run --json')).out)).toMatchObject({ responses: 4 });
  const { out } = await responses('release --process first --theme health --yes');
  expect(out).toMatch(/^Notice \S+: 2 responses go to 1 person\.\n/);
  expect(await released()).toEqual(['HB-A', 'HB-B']);
  expect(await rows('SELECT process_id AS process FROM notice')).toEqual([{ process: first }]);
});

test('responses status says what is owed, who waits for an answer, and which proposals wait for a second member', async () => {
  await addThread(core.db, '1', 'HB-AAAAAAA', { dueAt: new Date('2026-01-01') });
  await addProposals(core.db, 'ana', ['HB-A', 'HB-B']);
  const DATABASE_URL = config.databaseUrl ?? '';
  const { out } = await command(['responses', 'status'], { DATABASE_URL });
  expect(out.trimEnd().split('\n').slice(-3)).toEqual([
    '1 person waits for an answer, 1 of them longer than promised: npx hearback threads list',
    '4 of 4 contributions are still owed something.',
    '2 proposed decisions wait for a second member: /organize in the chat',
  ]);
  const json = JSON.parse((await command(['responses', 'status', '--json'], { DATABASE_URL })).out);
  expect(json).toMatchObject({ owing: 4, open: 5, proposed: 2, threads: { open: 1, overdue: 1 } });
});

test('responses status says which side proposed decisions wait for, and which cannot come about', async () => {
  const forum = { ana: 'government', luis: 'civil society' } as const;
  const members = Object.entries(forum).map(([id, side]) => ({ id, name: id, side, roles: ['forum' as const] }));
  await createMembers(core.db.pool).sync(members.map((member) => ({ ...member, organization: null })));
  await addProposals(core.db, 'ana', ['HB-A', 'HB-B']);
  await addProposals(core.db, 'luis', ['HB-C']);
  await rows(
    `INSERT INTO interest (contribution_id, by, at) SELECT id, 'luis', now() FROM contribution WHERE reference = 'HB-B'`,
  );
  const { out } = await command(['responses', 'status'], { DATABASE_URL: config.databaseUrl ?? '' });
  expect(out.trimEnd().split('\n').slice(-3)).toEqual([
    '1 proposed decision waits for the side of government: /organize in the chat',
    '2 proposed decisions wait for the side of civil society: /organize in the chat',
    '1 proposed decision cannot come about as it is, too few members are left to confirm: npx hearback members list',
  ]);
});
