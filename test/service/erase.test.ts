import { expect, test } from 'vitest';
import { join } from '../../src/sandbox/people.ts';
import { statusesIn } from '../support/happens.ts';
import { after, asks, type Hearback, hearback, receipt } from '../support/hearback.ts';
import { hears } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';
import { columnsWith } from '../support/telltales.ts';
import { until } from '../support/wait.ts';

const IDEA = 'Plant lindens along the Zwanenkade';
const DRAFT = 'Lindens, no. 12';
const ID = 770_012_345;
const OTHERS = ['lindens', 'Wilhelmina', String(ID)];

/** Somebody with an idea, a file that was added to it, and a comment that was begun. */
async function withIdea({ telegram }: Hearback) {
  const ana = telegram.user(ID, { language: 'en', name: 'Wilhelmina' });
  await join(ana);
  await after(ana, () => ana.say(IDEA), receipt);
  await after(ana, () => ana.document('lindens.pdf', Buffer.from('lindens')), asks);
  await after(ana, () => ana.press(0));
  await after(
    ana,
    () => ana.command(`/comment ${DRAFT}`),
    ({ text }) => text.includes(DRAFT),
  );
  return ana;
}

const nothingUnderWay = ({ rows }: Hearback) =>
  until(
    'every reply to have its outcome',
    async () => (await rows(`SELECT FROM delivery WHERE state IN ('pending', 'sending')`)).length === 0,
  );

test('whoever has stopped may still say that they want to be erased: asked twice, then nothing of them is left', async () => {
  const logged: unknown[] = [];
  const line = (...parts: unknown[]) =>
    void logged.push(...parts.map(String), ...parts.map((part) => JSON.stringify(part)));
  const stage = await hearback({}, { log: { debug: line, info: line, warn: line, error: line } });
  const { pool } = stage.service.core.db;
  const ana = await withIdea(stage);
  await after(ana, () => ana.say('stop'), asks);
  expect(await columnsWith(pool, [DRAFT])).toContain('identity.session');
  expect((await after(ana, () => ana.say('Erase my data'), asks)).text).toContain('erase them too');
  expect((await after(ana, () => ana.press('Erase my words too'), asks)).text).toContain('cannot be undone');
  const last = await after(ana, () => ana.press('Yes, erase everything'));
  expect(last.text).toContain('Everything about you is erased');
  await nothingUnderWay(stage);
  expect(await columnsWith(pool, OTHERS)).toEqual([]);
  expect(OTHERS.filter((word) => logged.join('\n').includes(word))).toEqual([]);
  const [said] = await stage.rows('SELECT state, text, attachments FROM contribution');
  expect(said).toEqual({ state: 'withdrawn', text: '', attachments: [] });
});

test('their old buttons and a block make nobody known; who writes again is a newcomer', async () => {
  const stage = await hearback();
  const ana = await withIdea(stage);
  const { buttons } = await after(ana, () => ana.command('/privacy'), asks);
  await after(ana, () => ana.press(buttons.find(({ label }) => label === 'Erase me')?.data ?? ''), asks);
  await after(ana, () => ana.press('Keep it without my name'), asks);
  await after(ana, () => ana.press('Yes, erase everything'));
  const known = () => statusesIn(stage.service.core.db.pool);
  await ana.leave();
  await until('the block to be handled', async () => {
    const waiting = await stage.rows(`SELECT FROM inbound_update WHERE state = 'waiting'`);
    return waiting.length === 0;
  });
  expect(await known()).toEqual(['erased']);
  ana.unblock();
  const hello = await after(ana, () => ana.say('Hello, it is me'), asks);
  expect(hello.text).toContain('Do you agree');
  expect(await known()).toEqual(['erased', 'active']);
  const words = await stage.rows(
    'SELECT c.text FROM contribution c JOIN identity i ON i.id = c.identity_id AND i.key = $1',
    [`telegram:4711:${ID}`],
  );
  expect(words).toEqual([]);
  expect(await columnsWith(stage.service.core.db.pool, ['Zwanenkade'])).toEqual([
    'contribution.text',
    'contribution_version.text',
  ]);
});

test('whoever thinks better of it keeps everything', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(ID, { language: 'es' });
  await join(ana);
  await after(ana, () => ana.command('/erase'), asks);
  await after(ana, () => ana.press('Dejarlo sin mi nombre'), asks);
  expect((await after(ana, () => ana.press('No, volver'))).text).toContain('no se borra nada');
  expect(await statusesIn(stage.service.core.db.pool)).toEqual(['active']);
});

test('on Slack as well, also after /stop', async () => {
  const { slack, service } = await startSlackService('socket');
  const { pool } = service.core.db;
  const ana = slack.user('UWILHELMINA', { language: 'en-US' });
  const says = async (words: string, act: () => Promise<unknown>) => {
    const from = ana.chat.length;
    await act();
    return hears(ana, words, from);
  };
  await says('Do you agree', () => ana.slash(''));
  await says('Just write your idea here', () => ana.press('I agree'));
  await says('recorded as', () => ana.say(IDEA));
  await says('no more messages', () => ana.slash('stop'));
  await says('What happens with your words', () => ana.slash('privacy'));
  await says('What shall happen', () => ana.press('Erase me'));
  await says('cannot be undone', () => ana.press('Erase my words too'));
  await says('is erased', () => ana.press('Yes, erase everything'));
  await until('the last reply to have its outcome', async () => {
    const { rowCount } = await pool.query(`SELECT FROM delivery WHERE state IN ('pending', 'sending')`);
    return rowCount === 0;
  });
  expect(await columnsWith(pool, ['UWILHELMINA', 'Zwanenkade'])).toEqual([]);
});

test('who is known on two platforms is erased on both', async () => {
  const stage = await hearback();
  const ana = await withIdea(stage);
  await stage.rows(`INSERT INTO identity (key, contributor_id, channel, address, name)
    SELECT 'slack:T1:UWILHELMINA', contributor_id, 'slack', 'D1', 'Wilhelmina' FROM identity`);
  await after(ana, () => ana.say('stop'), asks);
  await after(ana, () => ana.say('erase me'), asks);
  await after(ana, () => ana.press('Erase my words too'), asks);
  await after(ana, () => ana.press('Yes, erase everything'));
  await nothingUnderWay(stage);
  expect(await stage.rows('SELECT DISTINCT status FROM identity')).toEqual([{ status: 'erased' }]);
  expect(await columnsWith(stage.service.core.db.pool, OTHERS)).toEqual([]);
});

test('what is held about somebody comes as files to read and for programs, on both platforms, also after /stop', async () => {
  const stage = await hearback();
  const ana = await withIdea(stage);
  await after(ana, () => ana.say('stop'), asks);
  const from = ana.chat.length;
  await after(ana, () => ana.command('/privacy'), asks);
  await ana.press('See my data');
  await hears(ana, ({ file }) => file === 'hearback.json', from);
  const files = ana.chat.slice(from).filter(({ file }) => file !== undefined);
  expect(files.map(({ file }) => file)).toEqual(['hearback.html', 'hearback.json']);
  expect(files[0]?.text).toContain('all that we hold about you');
  await nothingUnderWay(stage);
  expect(await stage.rows(`SELECT FROM delivery WHERE payload IS NOT NULL AND notice_id IS NULL`)).toEqual([]);

  const { slack } = await startSlackService('socket');
  const ben = slack.user('UBEN', { language: 'en-US' });
  const before = ben.chat.length;
  await ben.slash('privacy');
  await hears(ben, 'What happens with your words', before);
  await ben.press('See my data');
  await hears(ben, ({ file }) => file === 'hearback.json', before);
});
