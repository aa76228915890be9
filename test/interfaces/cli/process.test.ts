import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { gateMark } from '../../../src/actions/finalize.ts';
import { viewsOf } from '../../../src/compose/views.ts';
import { addProcessCommands } from '../../../src/interfaces/cli/process.ts';
import type { ProcessWiring } from '../../../src/interfaces/cli/processParts.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { gateOf } from '../../../src/responses/gate.ts';
import type { Database } from '../../../src/store/database.ts';
import { createFinalizations } from '../../../src/store/finalizations.ts';
import { createGate } from '../../../src/store/gate.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { acting } from '../../support/actions.ts';
import { calendarOf } from '../../support/calendar.ts';
import { addContribution, addPerson } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers, noticeIs } from '../../support/happens.ts';
import { seedPeople } from '../../support/outbound.ts';
import { plan } from '../../support/plan.ts';
import { addProposals } from '../../support/proposals.ts';
import { type Heard, heardAt } from '../../support/terminal.ts';
import { addThread } from '../../support/threads.ts';

const EXAMPLE = 'flows/example.process.yaml';
const folder = mkdtempSync(join(tmpdir(), 'process-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example with one text for another. */
function changed(from: string, to: string): string {
  const file = join(folder, 'my.process.yaml');
  writeFileSync(file, readFileSync(EXAMPLE, 'utf8').replace(from, to));
  return file;
}

let db: Database;
let processes: ReturnType<typeof createProcesses>;
let now: number;
beforeEach(async () => {
  db = await freshDatabase();
  processes = createProcesses(db);
  now = Date.parse('2027-03-01T12:00Z');
});

/** One command, at a terminal whose person types `keys` when asked; without keys nobody is there. */
function hearback(args: string[], keys?: string, meanwhile?: () => Promise<unknown>): Promise<Heard> {
  const wiring: ProcessWiring = {
    ...{ views: viewsOf(db), processes, flowsDir: 'flows', holdSeconds: 120 },
    clock: () => now,
    actions: async () => acting(db, { clock: () => now, planner: calendarOf(db, () => now).planner }),
    targets: async () => ({ flows: ['idea', 'comment'] }),
    close: async () => undefined,
  };
  return heardAt(
    (program, streams) => addProcessCommands(program, async () => wiring, streams),
    ['process', ...args],
    keys === undefined ? undefined : { asked: /\?/, keys, ...(meanwhile && { meanwhile }) },
  );
}

const asked = ({ out, err }: Heard) => /Apply th/.test(out + err);

describe('process apply', () => {
  test('says what changes, old and new, then does it', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const { out, mistake } = await hearback(['apply', changed('closes: 2027-03-14', 'closes: 2027-03-21'), '--yes']);
    expect(mistake).toBe(null);
    expect(out).toBe('~ stage outreach, closes: 2027-03-14 -> 2027-03-21\nThe process is applied.\n');
    expect((await processes.current())?.stages[0]?.closes).toBe('2027-03-21');
  });

  test('says that nothing changes, and asks nothing, the second time', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const again = await hearback(['apply', EXAMPLE]);
    expect(again).toEqual({ out: 'Nothing changes.\n', err: '', mistake: null });
  });

  test('asks at a terminal, and does it after a yes', async () => {
    const heard = await hearback(['apply', EXAMPLE], 'y');
    expect(asked(heard)).toBe(true);
    expect(heard.out.indexOf('+ stage outreach: Ideas from everyone, 2027-02-01 – 2027-03-14')).toBeLessThan(
      heard.out.indexOf('Apply these'),
    );
    expect((await processes.current())?.languages).toEqual(['en', 'es', 'fr']);
  });

  test('does nothing after a no, or when the question is left', async () => {
    for (const key of ['n', '\u0003']) {
      const heard = await hearback(['apply', EXAMPLE], key);
      expect(asked(heard)).toBe(true);
      expect(heard.mistake).toBe('Nothing was applied.');
    }
    expect(await processes.current()).toBe(null);
  });

  test('shows the plan and does nothing where nobody can be asked', async () => {
    const { out, mistake } = await hearback(['apply', EXAMPLE]);
    expect(out).toContain('+ question trust: What would make you trust public spending more?');
    expect(mistake).toContain('--yes');
    expect(await processes.current()).toBe(null);
  });

  test('reports as JSON, with the plan and the question beside it', async () => {
    const first = await hearback(['apply', EXAMPLE, '--json'], 'y');
    expect(asked(first)).toBe(true);
    expect(JSON.parse(first.out)).toMatchObject({ changed: true });
    const file = changed('capacity: 120', 'capacity: 80');
    const process = 'sixth-open-government-action';
    expect(JSON.parse((await hearback(['apply', file, '--json', '--yes'])).out)).toEqual({
      process,
      changed: true,
      changes: [{ change: 'changed', what: 'event opening, capacity', from: '120', to: '80' }],
    });
    expect(JSON.parse((await hearback(['apply', file, '--json'])).out)).toEqual({
      process,
      changed: false,
      changes: [],
    });
  });

  test('is refused where somebody has applied something else since the changes were shown', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const heard = await hearback(['apply', changed('capacity: 120', 'capacity: 90')], 'y', () =>
      hearback(['apply', changed('capacity: 120', 'capacity: 80'), '--yes']),
    );
    expect(heard.mistake).toContain('Nothing is done: somebody has changed the process since it was shown.');
    expect((await processes.current())?.events[0]?.capacity).toBe(80);
  });

  test('refuses a wrong file with every mistake, and touches nothing', async () => {
    const { mistake } = await hearback(['apply', changed('closes: 2027-03-14', 'closes: 2027-02-30'), '--yes']);
    expect(mistake).toMatch(/my\.process\.yaml:\d+: stages\.outreach\.closes/);
    expect((await hearback(['apply', join(folder, 'none.yaml'), '--yes'])).mistake).toContain('cannot be read');
    expect(await processes.current()).toBe(null);
  });

  test('tells what is doubtful, beside the outcome', async () => {
    const { out, err } = await hearback(['apply', changed('at: 2027-02-04', 'at: 2027-01-04'), '--yes', '--json']);
    expect(err).toMatch(/my\.process\.yaml:\d+: warning: events\.opening\.at/);
    expect(JSON.parse(out)).toMatchObject({ changed: true });
  });

  test('warns of a language in which nobody could leave or be answered', async () => {
    const file = join(folder, 'guarani.process.yaml');
    writeFileSync(file, 'name: Plan\nlanguages: [gn, es]\ntimeZone: America/Asuncion\n');
    const { err, mistake } = await hearback(['apply', file, '--yes']);
    expect(err.match(/^warning: The process speaks "gn"/gm)).toHaveLength(2);
    expect(err).not.toContain('"es"');
    expect(mistake).toBeNull();
  });
});

describe('process publish', () => {
  const notices = async () =>
    (await db.pool.query('SELECT id, kind, origin, state, audience, timeline, texts, at FROM notice ORDER BY timeline'))
      .rows;
  beforeEach(async () => {
    now = Date.parse('2027-01-11T12:00Z');
    await hearback(['apply', EXAMPLE, '--yes']);
    await seedPeople(db, 3);
  });

  test('less than two weeks before the start is refused loudly, with the earliest lawful start', async () => {
    now = Date.parse('2027-01-20T12:00Z');
    const { mistake } = await hearback(['publish', '--yes']);
    expect(mistake).toContain('NOT PUBLISHED: the process starts on 2027-02-01, 2 days too soon.');
    expect(mistake).toContain('The earliest lawful start is 2027-02-03');
    expect(await notices()).toEqual([]);
    const late = await hearback(['publish', '--yes', '--override', 'The council moved the vote']);
    expect(late.out).toContain('TOO LATE');
    const { out } = await hearback(['history', '--json']);
    expect(JSON.parse(out)).toMatchObject({ whole: true, timelines: [{ override: 'The council moved the vote' }] });
    expect((await hearback(['publish', '--override', ' '])).mistake).toContain('--override: say the reason');
  });

  test('publishes nothing else than what was shown', async () => {
    const other = changed('capacity: 120', 'capacity: 80');
    const heard = await hearback(['publish'], 'y', () => hearback(['apply', other, '--yes']));
    expect(heard.mistake).toContain('somebody has changed the process since it was shown');
    expect(await notices()).toEqual([]);
  });

  test('the last day on which it is lawful is fourteen days before, by the clock of the process', async () => {
    now = Date.parse('2027-01-18T22:59Z');
    expect((await hearback(['publish', '--yes'])).mistake).toBe(null);
    now = Date.parse('2027-01-18T23:01Z');
    await db.pool.query(`UPDATE process SET definition = definition || '{"startsOn": "2027-01-31"}'`);
    expect((await hearback(['publish', '--yes'])).mistake).toContain('2 days too soon');
  });

  test('tells everybody once, and the second time says that nothing changes', async () => {
    expect((await hearback(['publish'])).mistake).toContain('nobody is there to ask');
    const asked = await hearback(['publish'], 'y');
    expect(asked.out).toContain('The timeline is told to 3 people (3 on Telegram), 2 min from now.');
    expect(asked.out).toContain('Publish, and tell 3 people?');
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      kind: 'timeline',
      origin: 'timeline:1',
      state: 'scheduled',
      audience: 'everyone',
    });
    expect(notice.at.getTime()).toBe(now + 120_000);
    expect(asked.out).toContain(`Notice ${notice.id} tells it, from 2027-01-11 13:02 Europe/Madrid on.`);
    expect(asked.out).toContain(`Until then it can be called back: npx hearback notices cancel ${notice.id}\n`);
    expect(notice.texts.fr).toContain('– Réunion d’ouverture : jeudi 4 février');
    now += 60_000;
    const again = await hearback(['publish', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ changed: false, number: 1 });
    expect(await notices()).toHaveLength(1);
  });

  test('a later apply says whom it will be told to, appends, and tells them; a slip of the pen is told to nobody', async () => {
    await hearback(['publish', '--yes']);
    await noticeIs(db.pool, { state: 'done', begun: true });
    await db.pool.query('UPDATE identity SET timeline_seen = 1 WHERE id <= 2');
    const slip = await hearback(['apply', changed('Town hall and online', 'Town Hall and online'), '--yes']);
    expect(slip.out).toContain('No date moves: nobody is told.');
    const moved = await hearback(['apply', changed('2027-02-04T18:00', '2027-02-11T18:00'), '--yes', '--json']);
    expect(JSON.parse(moved.out)).toMatchObject({ told: [{ channel: 'telegram', people: 2, groups: 0 }], timeline: 3 });
    expect(moved.err).toContain(
      '1 change in the published timeline: 2 people will be told (2 on Telegram), 2 min from now.',
    );
    const [first, change, ...others] = await notices();
    expect(others).toMatchObject([{ kind: 'event_change', audience: 'attends("opening")' }]);
    expect(first).toMatchObject({ state: 'done' });
    expect(change).toMatchObject({ kind: 'timeline_change', audience: null, timeline: 3 });
    expect(change.texts.en).toMatch(
      /^Changes to .*:\n\nNew date of “Opening meeting”: Thursday 11 February at 18:00 \(was Thursday 4 February/,
    );
  });

  test('what had not begun to be announced is announced as it is now, to everybody', async () => {
    await hearback(['publish', '--yes']);
    const moved = await hearback(['apply', changed('2027-02-04T18:00', '2027-02-11T18:00'), '--yes']);
    expect(moved.out).toContain('3 people will be told (3 on Telegram), 2 min from now.');
    const [first, change, ...others] = await notices();
    expect(others).toMatchObject([{ kind: 'event_change', audience: 'attends("opening")' }]);
    expect(first).toMatchObject({ state: 'cancelled' });
    expect(change).toMatchObject({ kind: 'timeline', audience: 'everyone', state: 'scheduled' });
    expect(moved.out).toContain(`Until then it can be called back: npx hearback notices cancel ${change.id}\n`);
    expect(change.texts.en).toContain('– Opening meeting: Thursday 11 February');
  });

  test('a start that moves closer than two weeks needs a reason as well', async () => {
    await hearback(['publish', '--yes']);
    const file = changed('startsOn: 2027-02-01', 'startsOn: 2027-01-20');
    expect((await hearback(['apply', file, '--yes'])).mistake).toContain('NOT APPLIED');
    expect((await processes.current())?.startsOn).toBe('2027-02-01');
    expect((await hearback(['apply', file, '--yes', '--override', 'Asked for'])).mistake).toBe(null);
    expect((await hearback(['history'])).out).toMatch(/late, because: Asked for\nThe record is whole\.\n$/);
    await db.pool.query(`
      SET session_replication_role = replica; UPDATE timeline SET override = 'Nobody asked' WHERE number = 2;
      SET session_replication_role = DEFAULT`);
    const { out, mistake } = await hearback(['history', '--json']);
    expect(JSON.parse(out)).toMatchObject({ whole: false, broken: 'timeline 2 is not what was published' });
    expect(mistake).toContain('THE RECORD IS BROKEN');
  });

  test('history says what was applied and published when, what changed in it and who did it', async () => {
    await addMembers(db.pool, { eva: ['organizer'] });
    await hearback(['publish', '--yes', '--as', 'eva']);
    await hearback(['apply', changed('2027-02-04T18:00', '2027-02-11T18:00'), '--yes', '--as', 'eva']);
    await hearback(['apply', changed('roles: [liaison]', 'roles: [organizer]'), '--yes']);
    const { out } = await hearback(['history']);
    const [applied = '', published = ''] = out.split('\nPublished:\n');
    expect(applied).toMatch(
      /^Applied:\n1 {2}\S+ \S+ Europe\/Madrid {2}by operator\n {3}the first: 6 stages, 4 events, 2 questions, 5 themes\n/,
    );
    expect(applied).toMatch(/\n2 .* by eva\n {3}~ event opening, at: 2027-02-04T18:00 -> 2027-02-11T18:00\n3 .*\n/);
    expect(applied).toContain('   ~ member youth, roles: liaison -> organizer\n');
    expect(published).toMatch(
      /^1 {2}2027-01-11 13:00 Europe\/Madrid {2}by eva\n {3}the first: .*\n {3}hash \w{64}\n2 .* by eva\n/,
    );
    const { timelines, applied: versions } = JSON.parse((await hearback(['history', '--json'])).out);
    expect(timelines.map(({ by }: { by: string | null }) => by)).toEqual(['eva', 'eva', 'operator']);
    const change = { change: 'changed', what: 'event opening, at', from: '2027-02-04T18:00', to: '2027-02-11T18:00' };
    expect(timelines[1].changes).toEqual([change]);
    expect(versions[1]).toMatchObject({ by: 'eva', changes: [change] });
  });

  test('needs a process, a member who is one, and a flow that is there', async () => {
    expect((await hearback(['publish', '--yes', '--as', 'ghost'])).mistake).toContain('There is no member "ghost"');
    expect((await hearback(['apply', changed('flow: comment', 'flow: coment'), '--yes'])).mistake).toMatch(
      /stages\.draft\.flow: .*Did you mean "comment"\?/,
    );
    await db.pool.query('UPDATE process SET key = NULL, definition = NULL, hash = NULL');
    await db.pool.query('DELETE FROM process_version');
    expect((await hearback(['publish', '--yes'])).mistake).toContain('no process to publish');
    expect((await hearback(['history'])).out).toBe('Nothing was published yet.\n');
  });
});

test('a definition in the database that cannot be read is named with its place, and mended by applying its file', async () => {
  await hearback(['apply', EXAMPLE, '--yes']);
  await db.pool.query(`UPDATE process SET definition = jsonb_set(definition, '{stages,0,opens}', '"soon"')`);
  const { mistake } = await hearback(['show']);
  expect(mistake).toMatch(
    /process sixth-open-government-action that cannot be read: stages\.0\.opens: .*process apply/,
  );
  expect((await hearback(['apply', EXAMPLE, '--yes'])).mistake).toBe(null);
  expect((await hearback(['show'])).mistake).toBe(null);
});

test('a version and a timeline that cannot be read do not keep the others from being shown', async () => {
  now = Date.parse('2027-01-11T12:00Z');
  for (const capacity of [120, 80, 90]) {
    await hearback(['apply', changed('capacity: 120', `capacity: ${capacity}`), '--yes']);
    await hearback(['publish', '--yes']);
  }
  await db.pool.query(`
    SET session_replication_role = replica;
    UPDATE process_version SET definition = '{"name": "Odd"}' WHERE number = 2;
    UPDATE timeline SET definition = '{"name": "Odd"}' WHERE number = 2;
    UPDATE process SET definition = '{"name": "Odd"}';
    SET session_replication_role = DEFAULT`);
  const { out, mistake } = await hearback(['history', '--process', 'sixth-open-government-action']);
  const unreadable = '   it cannot be read: what changed in it is not known';
  const [, first, second, third] = /\n1 (.*\n.*)\n2 (.*\n.*)\n3 (.*\n.*)\n/.exec(out) ?? [];
  expect(first).toContain('the first: 6 stages, 4 events, 2 questions, 5 themes');
  expect(second?.split('\n')[1]).toBe(unreadable);
  expect(third).toContain('after one that cannot be read: 6 stages, 4 events, 2 questions, 5 themes');
  expect(out.split(unreadable)).toHaveLength(3);
  expect(mistake).toContain('timeline 2 is not what was published');
  expect((await hearback(['history', '--json'])).mistake).toBe(mistake);
});

describe('one process after the other', () => {
  const next = () => changed('languages:', 'id: seventh\nlanguages:');

  test('the next begins when the one before it is closed, and both stay in the list', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const early = await hearback(['apply', next(), '--yes']);
    expect(early.mistake).toMatch(/"sixth-open-government-action" is open\..*process close/);
    expect((await hearback(['close'], 'y')).out).toContain('sixth-open-government-action is closed.');
    const { out } = await hearback(['apply', next(), '--yes']);
    expect(out).toContain('sixth-open-government-action is closed. The next process begins: seventh');
    const list = JSON.parse((await hearback(['list', '--json'])).out);
    expect(list).toMatchObject([
      { id: 'sixth-open-government-action', closedAt: expect.any(String) },
      { id: 'seventh', closedAt: null, contributions: 0 },
    ]);
    const history = JSON.parse(
      (await hearback(['history', '--process', 'sixth-open-government-action', '--json'])).out,
    );
    expect(history.applied).toHaveLength(1);
    expect((await hearback(['history', '--process', 'sixht'])).mistake).toContain('there is no process "sixht"');
  });

  test('the file of the open one changes it, with its id or without, whatever its name', async () => {
    await hearback(['apply', next(), '--yes']);
    const { out } = await hearback(['apply', changed('Sixth Open', 'Last Open'), '--yes']);
    expect(out).toContain('~ name (en): Sixth Open Government Action Plan -> Last Open Government Action Plan');
    expect(JSON.parse((await hearback(['list', '--json'])).out)).toMatchObject([{ id: 'seventh' }]);
  });

  test('what is closed is neither changed, published nor closed again', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    expect((await hearback(['close'])).mistake).toContain('Say --yes to close it.');
    await hearback(['close', '--yes']);
    expect((await hearback(['apply', EXAMPLE, '--yes'])).mistake).toContain('needs an id of its own');
    expect((await hearback(['publish', '--yes'])).mistake).toContain('its timeline stays as it is');
    expect((await hearback(['close', '--yes'])).mistake).toContain('No process is open.');
  });

  test('a process whose key is not in its file is known by what it says', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    // As it is called in an installation from before there could be several.
    await db.pool.query(`UPDATE process SET key = 'process'`);
    await hearback(['close', '--yes']);
    expect((await hearback(['apply', EXAMPLE, '--yes'])).mistake).toContain('The process "process" is closed');
  });

  test('nobody gives themselves a role by a file, and organizers nobody; whom an admin gives one is in the audit', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    await addMembers(db.pool, { eva: ['organizer', 'admin'], otto: ['organizer'] });
    const withRole = (id: string) =>
      changed('members:', `members:\n  - { id: ${id}, name: Eva, roles: [organizer, forum] }`);
    const refused = await hearback(['apply', withRole('eva'), '--yes', '--as', 'eva']);
    expect(refused.mistake).toContain('eva cannot be given the role forum by themselves');
    expect((await hearback(['apply', withRole('ines'), '--yes', '--as', 'otto'])).mistake).toContain(
      'otto may not add or change members: it takes a member with the role admin.',
    );
    await hearback(['apply', withRole('ines'), '--yes', '--as', 'eva']);
    const { rows } = await db.pool.query(`SELECT outcome, detail FROM audit WHERE actor = 'eva' ORDER BY at`);
    expect(rows).toEqual([
      { outcome: 'refused', detail: { reason: 'second' } },
      { outcome: 'done', detail: { timeline: null, members: ['ines: organizer forum'] } },
    ]);
  });

  test('says what will end with it, and then what has: conversations, and notices that have not begun', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    await seedPeople(db, 1);
    await hearback(['publish', '--yes', '--override', 'A test']);
    await db.pool.query(`UPDATE identity SET session = '{"open": {"nonce": "n"}}' WHERE id = 1`);
    const { out } = await hearback(['close', '--yes']);
    const key = 'sixth-open-government-action';
    const { rows: notices } = await db.pool.query(`SELECT id FROM notice`);
    expect(out.trimEnd().split('\n')).toEqual([
      `${key} will end for good: nothing new will be taken in for it.`,
      '1 person in the middle of something will be told; what they gave is kept.',
      expect.stringMatching(new RegExp(`^${notices.length} notices? that ha(s|ve) not begun will not go out\\.$`)),
      `${key} is closed.`,
      expect.stringMatching(new RegExp(`^${notices.length} notices? ha(s|ve) been cancelled\\.$`)),
      'The service tells 1 person who was in the middle of something; if it is not running, it does so when it starts: npx hearback start',
      'To begin the next process: npx hearback process apply FILE.yaml',
    ]);
    const { rows } = await db.pool.query(`SELECT DISTINCT state FROM notice`);
    expect(rows).toEqual([{ state: 'cancelled' }]);
  });

  test('says who is left waiting, by the process, and asks; the audit keeps how many they were', async () => {
    await hearback(['apply', EXAMPLE, '--yes']);
    const person = await addPerson(db);
    await addContribution(db, person, 'HB-A');
    await addProposals(db, 'ana', ['HB-A']);
    await addThread(db, person, 'HB-AAAAAAA', { dueAt: new Date('2026-01-01') });
    await addThread(db, person, 'HB-CCCCCCC');
    await addThread(db, person, 'HB-DDDDDDD', { state: 'answered' });
    const refused = await hearback(['close']);
    expect(refused.mistake).toContain('Say --yes to close it.');
    expect(refused.out.trimEnd().split('\n').slice(-3)).toEqual([
      '1 contribution is still owed something; answers go out with npx hearback responses release --process sixth-open-government-action',
      '1 proposed decision waits for the side of civil society: /organize in the chat',
      '2 people wait for an answer, 1 of them longer than promised: npx hearback threads list --process sixth-open-government-action',
    ]);
    const { out } = await hearback(['close', '--yes', '--json']);
    expect(JSON.parse(out)).toMatchObject({ owed: 1, unanswered: 2, proposed: 1 });
    const { rows } = await db.pool.query(
      `SELECT detail FROM audit WHERE action = 'process.close' AND outcome = 'done'`,
    );
    expect(rows).toEqual([{ detail: { owed: 1, unanswered: 2, proposed: 1 } }]);
  });
});

describe('process finalize', () => {
  /** Ana of the government and Luis of civil society are in the process; Ann has given HB-A. */
  async function applied(): Promise<void> {
    await hearback(['apply', EXAMPLE, '--yes']);
    await addContribution(db, await addPerson(db), 'HB-A');
  }
  const closures = async () => (await db.pool.query(`SELECT state, audience FROM notice WHERE kind = 'closure'`)).rows;

  test('refuses while anybody is owed anything, and lists what', async () => {
    await applied();
    const gone = await addPerson(db, { status: 'unreachable' });
    await addContribution(db, gone, 'HB-B', { state: 'released' });
    await addThread(db, gone, 'HB-T', { dueAt: new Date('2027-02-01') });
    const { out, mistake } = await hearback(['finalize', '--yes']);
    expect(out.trimEnd().split('\n')).toEqual([
      '1 contribution has no decision: HB-A',
      '1 person waits for an answer: HB-T (question, due 2027-02-01, cannot be reached)',
      '1 answer is released to somebody who cannot be reached, and holds nothing up: HB-B',
    ]);
    expect(mistake).toContain('NOT FINALIZED: 2 things are owed.');
    expect(await closures()).toEqual([]);
  });

  test('thanks everybody who took part once nothing is owed, to as many as were typed, and once', async () => {
    await applied();
    await db.pool.query(`UPDATE contribution SET state = 'delivered'`);
    // What was set aside holds nothing up, whatever was proposed for it before.
    await addContribution(db, await addPerson(db, { status: 'stopped' }), 'HB-B');
    await addProposals(db, 'ana', ['HB-B']);
    await db.pool.query(`UPDATE contribution SET state = 'set_aside' WHERE reference = 'HB-B'`);
    expect((await hearback(['finalize'])).mistake).toContain('The closing message goes to 1 person.');
    const { out } = await hearback(['finalize', '--yes', '--as', 'ana']);
    expect(out).toMatch(/^The process is finalized. The closing message goes to 1 person at 2027-03-01 13:02 /);
    expect(await closures()).toEqual([{ state: 'scheduled', audience: 'took_part' }]);
    expect((await hearback(['finalize', '--yes'])).mistake).toContain('is finalized already, by ana');
    const { rows } = await db.pool.query('SELECT finalized_by AS by, override_id AS override FROM process');
    expect(rows).toEqual([{ by: 'ana', override: null }]);
  });

  test('what is owed is overridden by both sides together, for a reason that stays on record', async () => {
    await applied();
    const proposed = await hearback(['finalize', '--override', 'The law ends the process.', '--as', 'ana', '--yes']);
    expect(proposed.out).toContain('1 member on the side of civil society still has to confirm it');
    expect((await hearback(['finalize', '--confirm', '--as', 'ana', '--yes'])).mistake).toContain('ana was the first');
    const same = await hearback(['finalize', '--confirm', '--as', 'omar', '--yes']);
    expect(same.out).toContain('1 member on the side of civil society still has to confirm it');
    const { out } = await hearback(['finalize', '--confirm', '--as', 'luis', '--yes']);
    expect(out).toContain('Proposed by ana, for this reason: The law ends the process.');
    expect(out).toContain('The process is finalized.');
    const { id } = await processes.now();
    expect(await createFinalizations(db.pool).of(id)).toMatchObject({
      by: 'luis',
      override: {
        reason: 'The law ends the process.',
        owed: { decision: 1 },
        opinions: [{ by: 'ana', side: 'government' }, { by: 'omar' }, { by: 'luis', side: 'civil society' }],
      },
    });
    const { rows } = await db.pool.query(
      `SELECT actor, detail->>'reason' AS reason FROM audit WHERE action LIKE 'process.%override' AND outcome = 'done' ORDER BY id`,
    );
    expect(rows.map(({ actor, reason }) => `${actor}: ${reason}`)).toEqual(
      ['ana', 'omar', 'luis'].map((actor) => `${actor}: The law ends the process.`),
    );
  });

  test('an override of what has become more since it was read is not confirmed', async () => {
    await applied();
    const { process } = acting(db, { process: async () => plan({}) });
    await process.override(atTerminal('ana'), 'Late');
    const { id, definition } = await processes.now();
    const override = await createFinalizations(db.pool).proposed(id);
    const read = gateMark(gateOf(await createGate(db.pool).facts(id), definition?.languages ?? []), override);
    await addContribution(db, await addPerson(db), 'HB-B');
    const confirmed = process.confirmOverride(atTerminal('luis'), { texts: 'Thank you' }, read);
    await expect(confirmed).rejects.toThrow('what is owed has changed');
  });
});

test('process show is the timeline as people read it now, or the definition', async () => {
  await hearback(['apply', EXAMPLE, '--yes']);
  expect((await hearback(['show'])).out).toContain('Open now, until Sunday 14 March.');
  expect(JSON.parse((await hearback(['show', '--json'])).out)).toMatchObject({ timeZone: 'Europe/Madrid' });
});
