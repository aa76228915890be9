import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { environmentTable, readConfig } from '../src/config.ts';
import { UserError } from '../src/core/errors.ts';

const TELEGRAM = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const SLACK = 'xoxb-1-2-three';

function mistakesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof UserError) return error.all;
    throw error;
  }
  return [];
}

describe('an environment', () => {
  it('may be empty: everything has a default', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      proxy: null,
      redisUrl: null,
      dataDir: './.data',
      flowsDir: './flows',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      telegram: null,
      slack: null,
      role: 'all',
      logLevel: 'info',
      noticeHoldSeconds: 120,
      approvalAbove: 500,
    });
  });

  it('counts an empty value as unset', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: ' ', TELEGRAM_BOT_TOKEN: '' })).toEqual(readConfig({}));
  });

  it('puts both platforms together', () => {
    const config = readConfig({
      TELEGRAM_BOT_TOKEN: TELEGRAM,
      TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/',
      SLACK_BOT_TOKEN: SLACK,
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_MESSAGES_PER_SECOND: '3',
    });
    expect(config.telegram).toEqual({
      botToken: TELEGRAM,
      apiRoot: 'http://127.0.0.1:8081',
      webhookSecret: null,
      messagesPerSecond: 30,
      proxy: null,
    });
    expect(config.slack).toEqual({
      botToken: SLACK,
      apiUrl: 'https://slack.com/api',
      appToken: 'xapp-1',
      signingSecret: null,
      messagesPerSecond: 3,
      proxy: null,
    });
  });

  it('gives the public address its default from host and port, and drops the slash at its end', () => {
    expect(readConfig({ HOST: '::1', PORT: '8080' }).publicUrl).toBe('http://[::1]:8080');
    expect(readConfig({ PUBLIC_URL: 'https://bot.example.org/' }).publicUrl).toBe('https://bot.example.org');
  });

  it('of one role among several machines needs no Redis', () => {
    expect(readConfig({ ROLE: 'worker', DATABASE_URL: 'postgres://db/hearback' }).redisUrl).toBeNull();
  });
});

describe('mistakes', () => {
  it('are listed all together, each with its key and remedy, those across keys too', () => {
    const all = mistakesOf({
      DATABASE_URL: 'mysql://db',
      PORT: '99999',
      NOTICE_HOLD_SECONDS: '1.5',
      APPROVAL_ABOVE: 'many',
      LOG_LEVEL: 'loud',
      SLACK_BOT_TOKEN: SLACK,
    });
    expect(all.map((mistake) => mistake.split(':')[0])).toEqual([
      'DATABASE_URL',
      'PORT',
      'LOG_LEVEL',
      'NOTICE_HOLD_SECONDS',
      'APPROVAL_ABOVE',
      'SLACK_BOT_TOKEN',
    ]);
    for (const mistake of all) expect(mistake).toMatch(/must be|[Ss]et /);
  });

  it.each([
    ['a Slack bot token with no way for events to arrive', { SLACK_BOT_TOKEN: SLACK }, 'SLACK_APP_TOKEN'],
    ['Slack tokens in each other’s place', { SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: SLACK }, 'xoxb-'],
    ['a token as signing secret', { SLACK_BOT_TOKEN: SLACK, SLACK_SIGNING_SECRET: SLACK }, 'not a token'],
    ['a webhook secret with a space', { TELEGRAM_BOT_TOKEN: TELEGRAM, TELEGRAM_WEBHOOK_SECRET: 'a b' }, 'openssl'],
    ['a webhook secret of 257', { TELEGRAM_BOT_TOKEN: TELEGRAM, TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(257) }, '256'],
    ['a webhook secret without a bot', { TELEGRAM_WEBHOOK_SECRET: 'abc' }, 'TELEGRAM_BOT_TOKEN'],
    ['a role among several machines on the embedded database', { ROLE: 'web' }, 'DATABASE_URL'],
    ['an unknown role', { ROLE: 'boss' }, 'all, web, worker'],
    ['a public address without its protocol', { PUBLIC_URL: 'bot.example.org' }, 'https://bot.example.org'],
  ])('%s', (_what, env, remedy) => {
    expect(mistakesOf(env).join('\n')).toContain(remedy);
  });

  it('a webhook needs https, or an address of this machine', () => {
    const bot = { TELEGRAM_BOT_TOKEN: TELEGRAM, TELEGRAM_WEBHOOK_SECRET: 'abc' };
    expect(mistakesOf({ ...bot, PUBLIC_URL: 'http://bot.example.org' })).toHaveLength(1);
    expect(mistakesOf({ ...bot, HOST: '0.0.0.0' })).toHaveLength(1);
    expect(mistakesOf({ ...bot, PUBLIC_URL: 'https://bot.example.org' })).toEqual([]);
    expect(mistakesOf(bot)).toEqual([]);
  });

  it('never show a value', () => {
    const secret = 'hunter2 hunter2';
    const keys = [...environmentTable().matchAll(/^\| `(\w+)`/gm)].map((row) => row[1] as string);
    const all = mistakesOf(Object.fromEntries(keys.map((key) => [key, secret])));
    expect(all.length).toBeGreaterThan(10);
    expect(all.join('\n')).not.toContain('hunter2');
  });
});

it('the README holds the table of the environment as it is', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\n${environmentTable()}\n`);
});
