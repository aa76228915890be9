import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { quietWrite } from '../../src/conversation/effects.ts';
import { systemIds } from '../../src/core/clock.ts';
import type { Sender } from '../../src/core/inbound.ts';
import { BLANK_NOTICE } from '../../src/notices/notice.ts';
import { type ProcessDefinition, parseProcess } from '../../src/process/process.ts';
import type { ChatMessage } from '../../src/sandbox/chat.ts';
import { join } from '../../src/sandbox/people.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createOverview } from '../../src/store/overview.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { freshDatabase } from '../support/database.ts';
import { triage } from '../support/happens.ts';
import { after, asks, type Hearback, hearback } from '../support/hearback.ts';

const identity = async ({ rows }: Hearback) =>
  (await rows('SELECT wants, topics, stakeholder_group AS "group", place, status, zone FROM identity'))[0];

test('what somebody chooses, tells, takes back and ends is kept in rows, with its history', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  const says = (words: string) => after(ana, () => ana.say(words));
  const presses = (label: string) => after(ana, () => ana.press(label));
  await join(ana);

  await after(ana, () => ana.command('/topics'), asks);
  for (const label of ['Only some topics', 'Health', 'Reminders of dates'])
    await after(ana, () => ana.press(label), asks);
  expect((await presses('That is all')).text).toContain('Health, Reminders of dates');
  expect(await identity(stage)).toMatchObject({ wants: 'chosen', topics: ['health', 'reminders'] });

  await after(ana, () => ana.command('/profile'), asks);
  await presses('I agree');
  await presses('A group often left out');
  expect((await presses('The north')).text).toContain('– The north');
  expect(await identity(stage)).toMatchObject({ group: 'left_out', place: 'north' });
  expect((await after(ana, () => ana.command('/profile'), asks)).text).toContain('often left out\n– The north');
  await presses('Remove it');
  expect(await identity(stage)).toMatchObject({ wants: 'chosen', group: null, place: null });

  const old = await after(ana, () => ana.say('A bench in the park'), asks);
  const mine = await after(ana, () => ana.command('/mine'), asks);
  await triage(stage.service.core.db.pool);
  const until = (what: string) => (message: ChatMessage) => message.text.includes(what);
  const before = Date.now();
  await after(ana, () => ana.command('/comment The third promise'), until('what should be different there?'));
  const [busy] = await stage.rows<{ until: Date }>('SELECT busy_until AS until FROM identity');
  expect(busy?.until.getTime()).toBeGreaterThanOrEqual(before + 15 * 60_000);
  expect((await says('Стоп')).text).toContain('no more messages');

  const heard = ana.chat.length;
  const pressed = [...old.buttons, ...mine.buttons].map(({ data }) => data ?? '');
  for (const data of pressed) await ana.press(data);
  await ana.edit(ana.chat.findLast(({ text }) => text === 'A bench in the park')?.messageId ?? 0, 'Two benches');
  for (const words of ['/help', '/stop', '/topics', 'stop', 'Hello?']) await ana.say(words);
  await ana.voice();
  const isTold = until('I keep nothing of what you write here.');
  const question = await after(
    ana,
    () => ana.command('/start idea'),
    (message) => !isTold(message),
  );
  // A person's updates keep their order: whatever was to be said to the others has been said by now.
  const answers = ana.chat.slice(heard).filter(({ from }) => from === 'bot');
  expect([answers.map(isTold), answers[1]]).toEqual([[true, false], question]);
  expect(await identity(stage)).toMatchObject({ status: 'active', wants: 'chosen' });
  const history = await stage.rows('SELECT change, words, version FROM consent_change ORDER BY id');
  expect(history).toEqual([
    { change: 'given', words: 'I agree', version: '2' },
    { change: 'preferences', words: 'Only some topics: Health, Reminders of dates', version: '2' },
    { change: 'profile_given', words: 'I agree', version: '2' },
    { change: 'profile_removed', words: 'Remove it', version: '2' },
    { change: 'stopped', words: 'Стоп', version: '2' },
    { change: 'restarted', words: '/start', version: '2' },
  ]);
});

/** The example process, with a question that is open whenever this runs. */
async function processWithQuestion(): Promise<ProcessDefinition> {
  const file = 'flows/example.process.yaml';
  const example = parseProcess(await readFile(file, 'utf8'), file);
  const questions = example.questions.map((each) => (each.id === 'trust' ? { ...each, closes: '2099-12-31' } : each));
  return { ...example, questions };
}

test('who comes late is told once what still counts', async () => {
  const stage = await hearback({}, { process: await processWithQuestion() });
  await stage.rows(
    `INSERT INTO notice (id, kind, texts, buttons, audience, on_uncertain, state, snapshot_at, until, created_at)
     SELECT n->>'id', coalesce(n->>'kind', 'announcement'), jsonb_build_object('en', coalesce(n->>'text', n->>'id')),
       coalesce(n->'buttons', '[]'), coalesce(n->>'audience', 'everyone'), 'hold', coalesce(n->>'state', 'done'),
       now() - make_interval(days => (n->>'days')::int), now() + make_interval(days => (n->>'until')::int), now()
     FROM jsonb_array_elements($1) n`,
    [
      JSON.stringify([
        {
          id: 'opening',
          days: 3,
          buttons: [
            { label: 'Give an idea', flow: 'idea' },
            { label: 'Read', url: 'https://plan.example' },
          ],
        },
        {
          id: 'ask',
          kind: 'question',
          days: 2,
          state: 'running',
          buttons: [{ label: 'Answer', question: 'trust' }],
          text: 'w'.repeat(300),
        },
        { id: 'closed', kind: 'question', days: 1, buttons: [{ label: 'Answer', question: 'gone' }] },
        { id: 'storm', kind: 'critical', days: 1, until: 1 },
        { id: 'older', days: 4 },
        { id: 'long ago', days: 22 },
        { id: 'over', days: 1, until: -1 },
        { id: 'reminder', kind: 'reminder', days: 1 },
        { id: 'only some', days: 1, audience: 'language == "en"' },
        { id: 'paused', days: 1, state: 'paused' },
        { id: 'cancelled', days: 1, state: 'cancelled' },
      ]),
    ],
  );
  const ana = stage.telegram.user(1, { language: 'es' });
  await after(ana, () => ana.command('/start'), asks);
  await after(
    ana,
    () => ana.press(0),
    ({ text }) => text.includes('Escriba aquí su idea'),
  );
  const digest = ana.chat.at(-2) as ChatMessage;
  const [intro, ...words] = digest.text.split('\n\n');
  expect(intro).toContain('antes de que usted llegara');
  expect(words.map((each) => each.slice(0, 8))).toEqual(['storm', 'wwwwwwww', 'opening']);
  expect(words[1]?.length).toBeLessThan(210);
  expect(digest.buttons.map(({ label }) => label)).toEqual(['Answer', 'Give an idea', 'Read']);
  expect((await after(ana, () => ana.press(digest.buttons[0]?.data ?? ''))).text).toContain('gasto público');

  const from = ana.chat.length;
  await after(ana, () => ana.command('/start'), asks);
  expect(ana.chat.slice(from).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('storm'));

  const ben = stage.telegram.user(2, { language: 'en' });
  await after(ben, () => ben.command('/start'), asks);
  await stage.rows(`INSERT INTO delivery (notice_id, identity_id, channel, state)
    SELECT n.id, i.id, 'telegram', CASE n.id WHEN 'older' THEN 'skipped' ELSE 'sent' END
    FROM notice n, identity i WHERE n.id NOT IN ('only some', 'ask', 'closed') AND i.key LIKE '%:2'`);
  await after(
    ben,
    () => ben.press(0),
    ({ text }) => text.includes('Just write your idea'),
  );
  expect(ben.chat.at(-2)?.text).toMatch(/^This was sent before you came.+\n\nw+…\n\nolder$/s);
});

test('the newest zone that somebody can be in is kept', async () => {
  // Nobody but the test takes what waits in this inbox.
  const { pool } = await freshDatabase();
  const [inbox, turns] = [createInbox(pool), createTurnStore(pool)];
  const zoneAfter = async (zone: string | null) => {
    const sender: Sender = { key: 'slack:T:U', channel: 'slack', address: 'D', language: 'en', name: null, zone };
    const inbound = { id: `zone:${zone}`, sender, content: { kind: 'joined' as const }, at: Date.now() };
    await inbox.keep([inbound]);
    const known = (await inbox.next([sender.key], systemIds.uuid))[0]?.known;
    if (known) await turns.commit([quietWrite(inbound, known, systemIds)]);
    return (await pool.query('SELECT zone FROM identity WHERE key = $1', [sender.key])).rows[0]?.zone;
  };
  expect(await zoneAfter(null)).toBeNull();
  expect(await zoneAfter('America/Lima')).toBe('America/Lima');
  expect(await zoneAfter('Mars/Olympus')).toBe('America/Lima');
  expect(await zoneAfter('Africa/Lagos')).toBe('Africa/Lagos');
});

test('whoever said no, or nothing yet, is told of nothing until they agree', async () => {
  const stage = await hearback();
  const [ana, ben, eve] = [1, 2, 3].map((number) => stage.telegram.user(number, { language: 'en' }));
  if (!ana || !ben || !eve) throw new Error('There are three of them.');
  await join(ana);
  await after(ben, () => ben.command('/start'), asks);
  await after(eve, () => eve.command('/start'), asks);
  expect((await after(eve, () => eve.press('No, thank you'))).text).toContain('you get no news');
  const { pool } = stage.service.core.db;
  const notices = createNotices(pool);
  const reached = async () => {
    const [count] = await notices.count({ ...BLANK_NOTICE, kind: 'critical', texts: 'The dates moved' });
    return { people: count?.people, not: count?.leftOut.not_agreed };
  };
  expect(await reached()).toEqual({ people: 1, not: 2 });
  expect(await createOverview(pool).reach()).toMatchObject([{ people: 1, unagreed: 2, gone: 0 }]);
  await after(eve, () => eve.command('/start'), asks);
  await after(eve, () => eve.press('I agree'), asks);
  expect(await reached()).toEqual({ people: 2, not: 1 });
});
