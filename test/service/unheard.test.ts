import { expect, test } from 'vitest';
import { join } from '../../src/sandbox/people.ts';
import { after, asks, type Hearback, hearback, referenceIn } from '../support/hearback.ts';
import { contributionsIn, isAllHandled, outcomesIn, repliesBut } from '../support/kept.ts';
import { fromBot, hears, isReceipt } from '../support/people.ts';
import { until } from '../support/wait.ts';

/** The answers to all that is sent meanwhile are lost, and nobody tries again. */
async function unanswered<T>({ telegram, rows }: Hearback, talk: () => Promise<T>): Promise<T> {
  const doubtful = `UPDATE delivery SET state = 'uncertain' WHERE notice_id IS NULL AND state = 'pending' RETURNING id`;
  telegram.faults.loseEvery = 1;
  const said = await talk();
  await until('the answer to be missed', async () => (await rows(doubtful)).length === 1);
  telegram.faults.loseEvery = 0;
  return said;
}

test('a reply of which nobody knows whether it arrived is said again when the person writes, and once', async () => {
  const stage = await hearback();
  const { telegram, service } = stage;
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  await expect.poll(() => repliesBut(service.core.db.pool, 'sent')).toEqual([]);
  const question = await unanswered(stage, () => after(ana, () => ana.command('/idea')));

  const from = ana.chat.length;
  await after(
    ana,
    () => ana.command('/help'),
    ({ text }) => text.includes('/privacy'),
  );
  const heard = ana.chat.slice(from).filter((message) => message.from === 'bot');
  expect(heard[0]?.text).toBe('This may not have reached you before, so here it is again:');
  expect(heard[1]?.text).toBe(question.text);
  await after(ana, () => ana.command('/help'));
  expect(ana.chat.filter(({ text }) => text.startsWith('This may not have reached you'))).toHaveLength(1);
  const outcomes = await outcomesIn(service.core.db.pool);
  expect(outcomes.filter(({ reason }) => reason === 'repeated')).toHaveLength(1);
});

test('a reply to which the platform never answered in an outage is one of them', async () => {
  const { telegram, rows, service } = await hearback();
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  telegram.faults.failEvery = 1;
  await ana.command('/idea');
  const open = () => repliesBut(service.core.db.pool, 'sent');
  await until('the platform to refuse', async () => (await open())[0]?.state === 'pending');
  await rows(`UPDATE delivery SET attempts = 11, not_before = now() WHERE state = 'pending'`);
  await until('it to be given up', async () => (await open())[0]?.state === 'uncertain');
  telegram.faults.failEvery = 0;
  const from = ana.chat.length;
  await ana.command('/help');
  await ana.waitFor(({ text }) => text.startsWith('This may not have reached you before'), from);
});

test('whoever presses a button of such a reply has had it', async () => {
  const stage = await hearback();
  const { telegram, service } = stage;
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  await expect.poll(() => repliesBut(service.core.db.pool, 'sent')).toEqual([]);
  const question = await unanswered(stage, () => after(ana, () => ana.command('/language'), asks));
  const next = await after(ana, () => ana.press(0));
  expect(next.text).not.toContain('may not have reached you');
  expect(next.text).not.toBe(question.text);
});

test('a flood is kept word by word, and answered once, together', async () => {
  // As shipped: the receipt waits for more.
  const { telegram, service } = await hearback({ FLOWS_DIR: 'flows' });
  const { pool } = service.core.db;
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  const from = ana.chat.length;
  const words = Array.from({ length: 60 }, (_, index) => `The lamp number ${index} is broken`);
  await Promise.all(words.map((text) => ana.say(text)));
  const answer = await hears(ana, isReceipt, from);
  expect(await contributionsIn(pool)).toMatchObject([{ reference: referenceIn(answer), text: words.join('\n\n') }]);
  await until('all to be read', () => isAllHandled(pool));
  expect(fromBot(ana).filter((message) => ana.chat.indexOf(message) >= from)).toEqual([answer]);
});

test('a flood that asks for an answer each is answered once, together, with the last of them', async () => {
  const { telegram, service } = await hearback();
  const ana = telegram.user(1, { language: 'en' });
  await join(ana);
  const from = ana.chat.length;
  const asked = Array.from({ length: 59 }, () => '/help');
  await Promise.all([...asked, '/idea'].map((text) => ana.command(text)));
  const note = await hears(ana, ({ text }) => text.startsWith('You write faster than I can answer'), from);
  expect(note.text).toMatch(/so here is one answer to your last \d\d messages\. Nothing is lost\.$/);
  await hears(ana, 'What should change?', ana.chat.indexOf(note));
  expect(fromBot(ana).length).toBeLessThan(asked.length);
  expect(await isAllHandled(service.core.db.pool)).toBe(true);
});
