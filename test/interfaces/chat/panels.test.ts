import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { composeContent, composeConversation, viewOf } from '../../../src/compose/conversation.ts';
import { storesOn } from '../../../src/compose/stores.ts';
import { systemAmbient } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { plainText } from '../../../src/core/message.ts';
import { readAction, signAction } from '../../../src/core/signedButtons.ts';
import type { ClaimedReply } from '../../../src/delivery/ports.ts';
import { BLANK_NOTICE, type Notice } from '../../../src/notices/notice.ts';
import { codeHash, type Role } from '../../../src/people/member.ts';
import type { ChatMessage } from '../../../src/sandbox/chat.ts';
import { join } from '../../../src/sandbox/people.ts';
import type { SandboxUser } from '../../../src/sandbox/telegramPerson.ts';
import { createMembers } from '../../../src/store/members.ts';
import { createNotices } from '../../../src/store/notices.ts';
import { signingSecret } from '../../../src/store/settings.ts';
import { idlePlanner, idleQueue, noFiles } from '../../support/actions.ts';
import { freshDatabase } from '../../support/database.ts';
import { mayGoNow } from '../../support/happens.ts';
import { after, asks, type Hearback, hearback, receipt } from '../../support/hearback.ts';
import { agreed, decided, hears } from '../../support/people.ts';
import { shippedSpoken } from '../../support/script.ts';
import { startSlackService } from '../../support/slackService.ts';
import { ENDLESS, until } from '../../support/wait.ts';

const UNKNOWN = 'I do not know that command';
const STALE = 'You have answered that already';
const CHANGED = 'This was not done';

type Stage = Awaited<ReturnType<typeof stage>>;

/** Three people who have talked with the bot; Ana and Ben get these roles. */
async function stage(env: Record<string, string>, ...roles: Role[][]) {
  const service = await hearback({ NOTICE_HOLD_SECONDS: '600', ...env });
  const { db } = service.service.core;
  await agreed(db.pool, 'telegram', 3);
  const [ana, ben, eve] = [1, 2, 3].map((id) => service.telegram.user(id, { language: 'en' })) as [
    ...[SandboxUser, SandboxUser, SandboxUser],
  ];
  const members = createMembers(db.pool);
  const secret = await signingSecret(db);
  const self = {
    ...service,
    ...{ db, ana, ben, eve, members },
    /** What a button would hold that somebody with our key made for this person. */
    forged: (person: SandboxUser, action: string) => signAction(secret, `telegram:4711:${person.id}`, action),
    read: (person: SandboxUser, data: string) => readAction(secret, `telegram:4711:${person.id}`, data),
    notice: async () =>
      (
        await service.rows(
          `SELECT state, approval, scheduled_by AS scheduled, approved_by AS approved FROM notice WHERE id <> 'before'`,
        )
      )[0],
  };
  if (roles[0]) await becomes(self, ana, 'ana', roles[0]);
  if (roles[1]) await becomes(self, ben, 'ben', roles[1]);
  return self;
}

const NAMES: Record<string, string> = { ana: 'Ana Díaz', ben: 'Ben Roy' };

async function becomes({ members }: Pick<Stage, 'members'>, person: SandboxUser, id: string, roles: Role[]) {
  const [name = id, code] = [NAMES[id], `${id}-ACDEFGHJ`.toUpperCase()];
  await members.put(
    { id, name, roles, organization: null, side: null },
    { hash: codeHash(code), until: new Date('2100-01-01') },
  );
  return after(person, () => person.command(`/start member_${code}`));
}

async function draft({ service }: Hearback, id: string, more: Partial<Notice> = {}): Promise<void> {
  const texts = { en: 'The timeline is out', es: 'El calendario está listo' };
  const buttons: Notice['buttons'] = [{ label: { en: 'See it', es: 'Verlo' }, flow: 'timeline' }];
  const notice = { ...BLANK_NOTICE, id, kind: 'announcement' as const, texts, buttons, ...more };
  await createNotices(service.core.db.pool).create(notice, new Date());
}

const press = (person: SandboxUser, which: string): Promise<ChatMessage> => after(person, () => person.press(which));
const organize = (person: SandboxUser): Promise<ChatMessage> => after(person, () => person.command('/organize'));
const labels = ({ buttons }: ChatMessage): string[] => buttons.map(({ label }) => label);
const under = ({ buttons }: ChatMessage, label: string): string =>
  buttons.find((each) => each.label === label)?.data ?? '';

test('an organizer schedules in the chat to whom the button says, and a second member approves', async () => {
  const it = await stage({ APPROVAL_ABOVE: '2' }, ['organizer'], ['forum']);
  const { ana, ben, eve, forged, rows, notice } = it;
  await draft(it, 'aaaaaaaaaaaa');
  expect((await organize(eve)).text).toContain(UNKNOWN);

  const overview = await organize(ana);
  expect(overview.text).toContain('You are Ana Díaz: organizer.');
  expect(overview.text).toContain('Telegram: 3 taking part');
  expect(overview.text).not.toContain('The forum');
  await press(ana, 'Notices');
  const one = await press(ana, '1 · Draft · The timeline is out');
  expect(one.text).toContain('The timeline is out\n\n[ See it ]\n\nIt is meant for everyone: 3 people now.');
  expect((await press(ana, 'In Spanish')).text).toContain('El calendario está listo\n\n[ Verlo ]');
  expect(labels(await press(ana, 'Schedule'))).toContain('Tomorrow at 09:00');
  const asked = await press(ana, 'As soon as possible');
  expect(asked.text).toContain('This goes to 3 people. Send it?');
  expect(asked.text).toContain('waits until a second member approves it');

  await agreed(it.db.pool, 'telegram', 1, 50);
  expect((await press(ana, 'Send to 3 people')).text).toContain('has changed a good deal');
  const scheduled = await press(ana, 'Send to 4 people');
  expect(scheduled.text).toContain('Scheduled by Ana Díaz. It waits for the approval of a second member.');
  expect(labels(scheduled)).toEqual(['Pause', 'Call it back', 'In Spanish', 'Notices']);
  const needed = { state: 'scheduled', approval: 'needed', scheduled: 'ana', approved: null };
  expect(await notice()).toEqual(needed);
  expect((await press(ana, forged(ana, 'o:A:aaaaaaaaaaaa:4'))).text).toContain(CHANGED);
  expect(await notice()).toEqual(needed);

  await organize(ben);
  await press(ben, 'To approve: 1');
  expect(labels(await press(ben, '1 · Waits for approval · The timeline is out'))).toEqual([
    ...['Approve', 'In Spanish', 'Notices'],
  ]);
  const ask = await press(ben, 'Approve');
  for (const words of ['The timeline is out', 'Scheduled by Ana Díaz', 'It goes to 4 people. Approve it?'])
    expect(ask.text).toContain(words);
  const approve = under(ask, 'Approve: to 4 people');
  for (const person of [eve, ana]) expect((await press(person, approve)).text).toContain(STALE);
  expect(await notice()).toEqual(needed);
  expect((await press(ben, approve)).text).toContain('Approved by Ben Roy.');
  expect(await notice()).toEqual({ ...needed, approval: 'given', approved: 'ben' });
  // A press that comes twice says how it stands, and does nothing.
  expect((await press(ben, approve)).text).not.toContain(CHANGED);

  // The forum reads and approves, and runs nothing that is not its own.
  expect((await press(ben, forged(ben, 'o:Q:c:aaaaaaaaaaaa'))).text).toContain(CHANGED);
  expect((await press(ben, forged(ben, 'o:S:aaaaaaaaaaaa:n:4'))).text).toContain(STALE);
  await organize(ana);
  await press(ana, 'Notices');
  await press(ana, '1 · Scheduled · The timeline is out');
  const back = await press(ana, 'Call it back');
  expect(back.text).toContain('It is cancelled');
  expect(await notice()).toMatchObject({ state: 'cancelled' });
  expect((await rows('SELECT what, by FROM notice_event ORDER BY id')).map(({ what, by }) => `${what} ${by}`)).toEqual([
    ...['created null', 'scheduled ana', 'approved ben', 'cancelled ana'],
  ]);
});

test('a notice that asks what is closed by then is not scheduled in the chat, and the reason is said', async () => {
  const it = await stage({}, ['organizer']);
  const { ana, forged, notice, rows } = it;
  await draft(it, 'dddddddddddd', { buttons: [{ label: 'Answer', question: 'trust' }] });
  await rows(
    `UPDATE process SET definition = jsonb_set(definition, '{questions,0,closes}', to_jsonb(to_char(now() + interval '30 days', 'YYYY-MM-DD')))`,
  );
  await it.restart({ NOTICE_HOLD_SECONDS: '600' });
  const late = new Date(Date.now() + 40 * 86_400_000).toISOString().replace(/\D/g, '').slice(2, 12);
  expect((await press(ana, forged(ana, `o:S:dddddddddddd:${late}:3`))).text).toContain('its question is closed');
  expect(await notice()).toMatchObject({ state: 'draft' });
  expect((await press(ana, forged(ana, 'o:S:dddddddddddd:n:3'))).text).toContain('It is scheduled.');
});

test('an organizer sees what goes out when, for whom and to how many', async () => {
  const it = await stage({}, ['organizer']);
  const { ana } = it;
  await organize(ana);
  expect((await press(ana, 'What goes out when')).text).toContain('In the next four weeks nothing goes out.');
  for (const [index, day] of [6, 1, 2, 3, 4, 5].entries())
    await draft(it, `${index}aaaaaaaaaaa`, {
      ...{ state: 'scheduled', at: new Date(Date.now() + day * 86_400_000) },
      ...(day === 1 && { audience: 'channel == "slack"', approval: 'needed' }),
      ...(day === 6 && { origin: 'reminder:x', kind: 'timeline_reminder' }),
    });
  await press(ana, '‹ Overview');
  const first = await press(ana, 'What goes out when');
  expect(first.text).toContain('In the next four weeks 6 notices go out.');
  expect(first.text).toMatch(
    / · Announcement\nFor people who are on Slack: 0 people\. It waits for the approval of a second member\.\n/,
  );
  expect(first.text).not.toContain('Reminder');
  expect((await press(ana, 'Later ›')).text).toMatch(
    / · Date reminder\nFor everyone: 3 people\. It comes from the timeline by itself\.\n[\s\S]*The timeline is out/,
  );
  expect((await press(ana, '‹ Sooner')).text).toContain('· Announcement');
});

test('a notice that is paused says that nothing goes out, and no moment at which it would', async () => {
  const it = await stage({}, ['organizer']);
  const { ana, forged } = it;
  await draft(it, 'dddddddddddd');
  await it.rows(`UPDATE notice SET state = 'scheduled', at = now() + interval '1 hour', scheduled_by = 'ana'`);
  const scheduled = await press(ana, forged(ana, 'o:n:dddddddddddd'));
  expect(scheduled.text).toContain('It is scheduled. The first message goes on');
  const paused = await press(ana, 'Pause');
  expect(paused.text).toContain('It is paused: nothing goes out. Scheduled by Ana');
});

test('whoever says stop while a notice of theirs is to go out is shown it, and holds it back with one press', async () => {
  const it = await stage({}, ['organizer']);
  const { ana, rows, notice } = it;
  await draft(it, 'eeeeeeeeeeee');
  await rows(`UPDATE notice SET state = 'scheduled', at = now() + interval '1 hour', scheduled_by = 'ana'`);
  await rows(`UPDATE identity SET consent_version = NULL WHERE key LIKE '%:1'`);
  const shown = await after(ana, () => ana.say('stop! dont send it'));
  expect(shown.text).toContain('goes out unless you hold it back');
  expect(labels(shown)).toEqual(['Hold it back', 'Notices']);
  await press(ana, 'Hold it back');
  expect(await notice()).toMatchObject({ state: 'paused' });
});

test('what has begun is asked about once more, is paused at once, and roles are asked at every press', async () => {
  const it = await stage({ APPROVAL_ABOVE: '500' }, ['organizer']);
  const { ana, ben, eve, members, forged, notice, rows } = it;
  await draft(it, 'bbbbbbbbbbbb', { kind: 'critical' });
  await press(ana, forged(ana, 'o:S:bbbbbbbbbbbb:n:3'));
  await it.rows(`UPDATE notice SET state = 'running', at = now() - interval '1 minute', snapshot_at = now()`);
  await rows(`INSERT INTO delivery (notice_id, identity_id, channel, state, not_before)
    SELECT 'bbbbbbbbbbbb', id, channel, 'pending', now() + interval '1 day' FROM identity`);
  const running = await press(ana, forged(ana, 'o:n:bbbbbbbbbbbb'));
  expect(running.text).toContain('Sent: 0 of 3.\nStill to go: 3.');
  const sure = await press(ana, 'Pause');
  expect(sure.text).toContain('3 people have not had it yet. Pause it?');
  expect(await notice()).toMatchObject({ state: 'running' });
  expect(labels(await press(ana, 'Pause'))).toEqual(['Go on', 'Stop it for good', 'In Spanish', 'Notices']);
  expect(await notice()).toMatchObject({ state: 'paused' });
  const goOn = await press(ana, 'Go on');
  expect(goOn.text).toContain('It goes on to 3 people who have not had it.');

  await draft(it, 'cccccccccccc', { schedule: { every: 'day', time: '09:00' } });
  expect(labels(await press(ana, forged(ana, 'o:s:cccccccccccc')))).toEqual(['As its own dates say', '‹ Back']);
  await rows(`DELETE FROM notice_event WHERE notice_id = 'cccccccccccc'`);
  await rows(`DELETE FROM notice WHERE id = 'cccccccccccc'`);
  // What is gone in between is told, and the first view shown.
  expect((await press(ana, forged(ana, 'o:s:cccccccccccc'))).text).toContain(CHANGED);

  // Handed on, forged, or of somebody who may not any more: to all of them the button leads nowhere.
  const resume = under(goOn, 'Go on');
  expect((await press(ben, resume)).text).toContain(STALE);
  expect((await press(ana, `${resume.slice(0, -1)}${resume.endsWith('_') ? '-' : '_'}`)).text).toContain(STALE);
  expect((await press(eve, forged(eve, 'o:Q:r:bbbbbbbbbbbb'))).text).toContain(STALE);
  await members.sync([{ id: 'ana', name: 'Ana Díaz', roles: ['liaison'], organization: null, side: null }]);
  expect((await press(ana, resume)).text).toContain(STALE);
  expect((await organize(ana)).text).toContain('There is nothing for you to steer here.');
  await members.remove('ana');
  expect((await press(ana, resume)).text).toContain(STALE);
  expect((await organize(ana)).text).toContain(UNKNOWN);
  expect(await notice()).toMatchObject({ state: 'paused' });
});

test('the forum sees what is owed, reads what would go out, and releases it to whom the button says', async () => {
  const it = await stage({ APPROVAL_ABOVE: '2' }, ['forum'], ['organizer']);
  const { ana, ben, db, rows, notice } = it;
  await decided(db.pool);
  await rows(`UPDATE identity SET language = 'fr' WHERE key LIKE '%:3'`);
  // Eve was told something else before.
  await rows(`INSERT INTO notice (id, kind, texts, audience, on_uncertain, state, snapshot_at, created_at)
    VALUES ('before', 'response', '{}', 'everyone', 'resend', 'done', now(), now())`);
  await rows(
    `WITH eve AS (SELECT r.* FROM response r JOIN contribution c ON c.id = r.contribution_id JOIN identity i ON i.id = c.identity_id
       WHERE i.key LIKE '%:3'), later AS (UPDATE response SET number = 2 WHERE id = (SELECT id FROM eve)), had AS (
       INSERT INTO delivery (notice_id, identity_id, channel, state) SELECT 'before', id, channel, 'sent' FROM identity WHERE key LIKE '%:3')
     INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, state, notice_id, created_at)
     SELECT gen_random_uuid(), contribution_id, 0, 'rejection', input, considered, influence, reason, beyond, 'delivered', 'before', now() FROM eve`,
  );
  await organize(ana);
  const forum = await press(ana, 'The forum: what is owed');
  expect(forum.text).toContain('3 of 3 contributions still wait for something.');
  expect(forum.text).toContain('3 ideas\n– decided, waiting for release: 3');
  const first = await press(ana, 'Read what would go out');
  expect(first.text).toContain('Reader 1 of 3\n\nYour idea is in the plan\n\nWhat you said');
  expect(first.text).toContain('[ Clear, thank you ]\n[ I have a question ]\n[ I disagree ]');
  await press(ana, 'Next ›');
  const last = await press(ana, 'Next ›');
  expect(last.text).toContain('Voici ce qui a changé :\n– La décision ; avant : pas dans le plan\n');
  expect(last.text).toContain('Votre idée est dans le plan');
  expect(labels(last)).toEqual(['‹ Previous', 'The forum: what is owed']);
  await press(ana, 'The forum: what is owed');
  const asking = await press(ana, 'Release');
  expect(asking.text).toContain(
    '1 of them replaces an answer that was delivered before; the message says what is different.',
  );
  expect(asking.text).toContain('3 responses go to 3 people. Release?');
  // The button of an earlier release, to as many people, is not of these responses.
  const changed = await press(ana, it.forged(ana, 'o:R:0123456789abcdef:3'));
  expect(changed.text).toContain('3 responses go to 3 people. Release?');
  expect(await rows(`SELECT FROM notice WHERE id <> 'before'`)).toEqual([]);
  const released = await press(ana, 'Release to 3 people');
  expect(released.text).toContain('It waits for the approval of a second member.');
  expect(await notice()).toMatchObject({ state: 'scheduled', approval: 'needed', scheduled: 'ana' });
  expect(labels(released)).toEqual(['Pause', 'Call it back', 'Read the responses', 'Notices']);

  await organize(ben);
  await press(ben, 'To approve: 1');
  await press(ben, '1 · Waits for approval · Forum responses');
  const ask = await press(ben, 'Approve');
  for (const words of ['Idea 1', 'Scheduled by Ana Díaz', 'It goes to 3 people. Approve it?'])
    expect(ask.text).toContain(words);
  expect((await press(ben, it.forged(ben, 'o:v:0'))).text).toContain(STALE);
  const from = it.eve.chat.length;
  await it.rows(`UPDATE notice SET at = now()`);
  await mayGoNow(it.service.core.db.pool);
  await press(ben, under(ask, 'Approve: to 3 people'));
  await rows(`UPDATE notice SET at = now()`);
  await it.service.core.queue.startNotice(String((await rows('SELECT id FROM notice'))[0]?.id), 0);
  expect((await hears(it.eve, asks, from)).text).toContain('Idea 3');
});

test('a group is asked for in private, by organizers alone, and nobody else becomes known by it', async () => {
  const it = await stage({}, ['organizer']);
  const { ana, eve, telegram, rows } = it;
  const groups = () => rows(`SELECT name, status FROM identity WHERE kind = 'group' ORDER BY id`);
  const [square, market] = [telegram.group(-11, { title: 'Square' }), telegram.group(-12, { title: 'Market' })];
  await market.add(telegram.user(77, { language: 'en' }));
  await market.add(eve);
  const from = eve.chat.length;
  const asked = await after(ana, () => square.add(ana));
  expect(asked.text).toBe('You have added me to «Square». Shall announcements go there?');
  expect(await groups()).toEqual([{ name: 'Square', status: 'pending' }]);
  const yes = under(asked, 'Yes');
  expect((await press(eve, yes)).text).toContain(STALE);
  expect(await groups()).toEqual([{ name: 'Square', status: 'pending' }]);
  expect((await press(ana, yes)).text).toContain('Announcements go to «Square».');
  expect(await groups()).toEqual([{ name: 'Square', status: 'active' }]);
  expect((await organize(ana)).text).toContain('1 group gets announcements.');

  await square.upgrade(ana, -100_11);
  const movedTo = `SELECT 1 FROM identity WHERE key = 'telegram:4711:-10011'`;
  await until('the group is known by its new number', async () => (await rows(movedTo)).length === 1);
  await telegram.group(-100_11).remove(ana);
  await until('the group is known to be left', async () => (await groups())[0]?.status === 'unreachable');

  const second = await after(ana, () => telegram.group(-13, { title: 'School' }).add(ana));
  expect((await press(ana, under(second, 'No'))).text).toContain('nothing goes to «School»');
  expect((await press(ana, under(second, 'Yes'))).text).toContain('I am not waiting for an answer');
  expect(await groups()).toEqual([{ name: 'Square', status: 'unreachable' }]);
  expect(await rows(`SELECT 1 FROM identity WHERE key LIKE '%:77' OR key LIKE '%:-12'`)).toEqual([]);
  expect(eve.chat.slice(from).filter((message) => message.text.includes('added me'))).toEqual([]);
  expect(await rows(`SELECT 1 FROM inbound_update WHERE state = 'failed'`)).toEqual([]);
});

test('on Slack a member comes by a code as well, and works in a modal; a channel is asked for in their chat', async () => {
  const { slack, service } = await startSlackService('http');
  const { pool } = service.core.db;
  const [ana, eve] = [slack.user('UANA', { language: 'en' }), slack.user('UEVE', { language: 'en' })];
  const members = createMembers(pool);
  const member = { id: 'ana', name: 'Ana Díaz', roles: ['organizer' as const], organization: null, side: null };
  await members.put(member, { hash: codeHash('ACDEFGHJ'), until: new Date('2100-01-01') });
  await ana.slash('start member_ACDEFGHJ');
  const joined = await hears(ana, 'This chat now belongs to Ana Díaz.');
  expect(joined.text).toContain('Send /hearback organize');
  const view = () => JSON.stringify(ana.modal() ?? '');
  await ana.slash('organize');
  await until('the panel is shown', () => view().includes('You are Ana Díaz: organizer.'));
  await ana.pressModal('Notices');
  await until('the notices are shown', () => view().includes('There are no notices yet.'));
  await createNotices(pool).create(
    { ...BLANK_NOTICE, id: 'cccccccccccc', kind: 'announcement', texts: 'The timeline is out', state: 'running' },
    new Date(),
  );
  await ana.slash('organize');
  await until('the panel is shown again', () => view().includes('You are Ana Díaz'));
  await ana.pressModal('Notices');
  await until('the notice is listed', () => view().includes('The timeline is out'));
  await ana.pressModal('1 · Being sent · The timeline is out');
  await until('it can be paused', () => view().includes('Pause'));
  await Promise.all([ana.pressModal('Pause'), ana.pressModal('Pause')]);
  await until('it is paused', () => view().includes('Go on'));
  await until(
    'both presses are handled',
    async () => (await pool.query(`SELECT FROM inbound_update WHERE state <> 'done'`)).rowCount === 0,
  );
  expect((await createNotices(pool).history('cccccccccccc')).map(({ what, by }) => [what, by])).toEqual([
    ['created', null],
    ['paused', 'ana'],
  ]);
  expect((await pool.query(`SELECT interface FROM audit WHERE outcome = 'done'`)).rows).toEqual([
    ...[{ interface: 'slack' }, { interface: 'slack' }],
  ]);
  await eve.slash('organize');
  expect((await hears(eve, () => true)).text).toContain(UNKNOWN);
  expect(eve.modal()).toBe(null);

  const from = ana.chat.length;
  await slack.channel('C1', { title: 'parks' }).invite('UANA');
  expect((await hears(ana, asks, from)).text).toContain('You have added me to «#parks».');
  await ana.press('Yes');
  await hears(ana, 'Announcements go to «#parks».');
  await slack.channel('C2', { title: 'eves' }).invite('UEVE');
  const { rows } = await pool.query(`SELECT name, status FROM identity WHERE kind = 'group'`);
  expect(rows).toEqual([{ name: '#parks', status: 'active' }]);
});

test('words that somebody else suggests go to the forum by their author’s own consent and yes, and by nobody’s else', async () => {
  const db = await freshDatabase();
  const replies: ClaimedReply[] = [];
  const limits = { holdSeconds: 0, approvalAbove: 10 };
  const steering = {
    queue: idleQueue,
    planner: idlePlanner,
    download: noFiles,
    publicUrl: () => 'http://console.test',
    ...limits,
    ...systemAmbient,
  };
  const stores = storesOn(db);
  const content = composeContent({ db, stores }, shippedSpoken, await viewOf(stores, systemAmbient), 's', steering);
  const send = async (more: ClaimedReply[]) => void replies.push(...more);
  const ambient = { ...systemAmbient, patience: ENDLESS };
  const receiver = composeConversation(stores, content, { secret: 's', send, log: silentLog, ...ambient });
  let update = 0;
  const said = async (key: string, inbound: Parameters<typeof receiver.receive>[0]['content']) => {
    replies.length = 0;
    const sender = { key: `slack:T:${key}`, channel: 'slack' as const, address: `D${key}`, language: 'en', name: key };
    await receiver.receive({ id: `u${update++}`, sender, content: inbound, at: Date.now() });
    await receiver.idle();
    return replies.flatMap(({ messages }) => messages);
  };
  const WORDS = 'A lamp at every stop';
  const suggest = (key: string) => said(key, { kind: 'suggested', text: WORDS, by: 'Rosa' });
  const contributions = async () => (await db.pool.query('SELECT text, state FROM contribution')).rows;
  const choose = async (key: string, label: string, messages: Awaited<ReturnType<typeof suggest>>) => {
    const choice = messages.flatMap(({ choices = [] }) => choices).find((each) => each.label === label);
    return said(key, { kind: 'choice', data: choice?.data ?? '', messageId: null });
  };

  const newcomer = await suggest('NEW');
  expect(plainText(newcomer[0]!)).toBe(
    `Rosa suggests that what you wrote goes to the forum that works on the plan:\n\n${WORDS}\n\nIt goes there only if you say yes.`,
  );
  const question = await choose('NEW', 'I agree', newcomer);
  expect(question.map(plainText).join()).toContain('Is this an idea for the plan?');
  expect(await contributions()).toEqual([]);
  await choose('NEW', 'Yes, it is an idea', question);
  expect(await contributions()).toEqual([{ text: WORDS, state: 'received' }]);

  await said('NEW', { kind: 'command', name: 'comment', argument: 'My own promise' });
  expect((await suggest('NEW')).map(plainText).join()).toContain('Rosa suggests');
  const session = (await db.pool.query('SELECT session FROM identity')).rows[0].session;
  expect(session.answers).toMatchObject({ commitment: 'My own promise' });
  expect(session.later).toMatchObject([{ flow: 'loose', answers: { said: WORDS } }]);

  await said('GONE', { kind: 'command', name: 'stop', argument: '' });
  expect(await suggest('GONE')).toEqual([]);
  expect(await contributions()).toHaveLength(1);
});

test('a code sent as plain words makes its owner a member; other words stay words', async () => {
  const { members, ana, ben, eve, rows } = await stage({});
  const invite = (id: string, code: string) =>
    members.put(
      { id, name: id, roles: ['forum'], organization: null, side: null },
      { hash: codeHash(code), until: new Date('2100-01-01') },
    );
  await invite('ana', 'K7QM3XPA');
  await invite('ben', 'CAMPFARM');
  await invite('eve', 'RANG4ART');
  expect((await after(ana, () => ana.say('k7qm 3xpa'))).text).toContain('This chat now belongs to ana.');
  expect((await after(ben, () => ben.say('CAMPFARM'))).text).toContain('This chat now belongs to ben.');
  expect((await after(ben, () => ben.say('K7QM3XPA'))).text).toContain('This code does not work.');
  expect((await after(ben, () => ben.say('member_AAAAAAA3'))).text).toContain('This code does not work.');
  expect((await after(eve, () => eve.say('Margaret'), asks)).text).toContain('an idea');
  await after(eve, () => eve.press('Yes, it is an idea'), receipt);
  await after(eve, () => eve.command('/comment Three'));
  await after(eve, () => eve.say('CAMP4444'), receipt);
  expect((await after(eve, () => eve.command('/start RANG4ART'))).text).toContain('This chat now belongs to eve.');
  expect(await rows('SELECT text FROM contribution ORDER BY text')).toEqual([
    { text: 'CAMP4444' },
    { text: 'Margaret' },
  ]);
  expect(await members.byIdentity('telegram:4711:3')).toMatchObject({ id: 'eve' });
});

test('a code is told of in the chat and nowhere else: not in the log, not in what is kept of updates', async () => {
  const it = await stage({});
  const { ana, eve, members, rows } = it;
  await join(it.telegram.user(9, { language: 'es' }));
  const said = await becomes(it, it.telegram.user(9), 'ana', ['organizer', 'liaison']);
  expect(said.text).toMatch(/^Este chat es ahora el de Ana Díaz\.\n\nUsted es parte de la organización/);
  expect((await after(eve, () => eve.command('/start member_ANA-ACDEFGHJ'))).text).toContain(
    'This code does not work.',
  );
  for (const n of [1, 2, 3, 4]) await after(ana, () => ana.command(`/start member_AAAA${n}`));
  expect((await after(ana, () => ana.command('/start member_A'))).text).toContain('This code does not work.');
  expect((await after(ana, () => ana.command('/start member_A'))).text).toContain('too many wrong codes');
  expect(await members.byIdentity('telegram:4711:1')).toBe(null);
  const kept = JSON.stringify([await rows('SELECT * FROM identity'), await rows('SELECT * FROM inbound_update')]);
  expect(kept).not.toContain('ACDEFGHJ');
  expect(await readFile('flows/messages.yaml', 'utf8')).not.toContain('organize:');
});
