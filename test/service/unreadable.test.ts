import { expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { hearback } from '../support/hearback.ts';
import { asks, hears, type Talker } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';

/** Words of another shape than the platforms document. */
const NO_TEXT = ['A bench in the park'];

/** What organizers find of it; then somebody says hello and is answered. */
async function expectKeptAndAnswered(url: string, person: Talker): Promise<void> {
  const env = { DATABASE_URL: url };
  const updates = async (...args: string[]) => (await command(['updates', ...args], env)).out;
  const listed = JSON.parse(await updates('list', '--json')) as { id: string; state: string }[];
  expect(listed.map(({ state }) => state)).toEqual(['unreadable']);
  expect(await updates('show', listed[0]?.id ?? '', '--whole')).toContain('A bench in the park');
  expect((await command(['doctor'], env)).out).toContain('one update could not be handled and waits');
  const from = person.chat.length;
  await person.say('hello');
  await hears(person, asks, from);
}

test.each(['socket', 'http'])(
  'a message on Slack that cannot be read is acknowledged and kept, and who sent it is answered to the next (%s)',
  async (mode) => {
    const { slack, service } = await startSlackService(mode);
    const ana = slack.user('UANA', { language: 'en' });
    // Resolves when Slack has its acknowledgement.
    await ana.say('', { text: NO_TEXT });
    expect(slack.webhooks.refused).toBe(0);
    await expectKeptAndAnswered(service.core.db.url, ana);
  },
);

test('a message on Telegram that cannot be read is acknowledged and kept, and who sent it is answered to the next', async () => {
  const secret = 'a-secret-of-the-test';
  const { telegram, service } = await hearback({ TELEGRAM_WEBHOOK_SECRET: secret });
  const address = `${service.url}/telegram/webhook`;
  Object.assign(telegram.webhooks, { urls: [address], secret });
  const message = { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, from: { id: 1 }, text: NO_TEXT };
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
  const body = JSON.stringify({ update_id: 1_000_000, message });
  expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(200);
  await expectKeptAndAnswered(service.core.db.url, telegram.user(1, { language: 'en' }));
});
