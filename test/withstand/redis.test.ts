import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Health } from '../../src/core/health.ts';
import { silentLog } from '../../src/core/log.ts';
import { startService } from '../../src/main.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { commandProcess } from '../support/command.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { after, asks, hearback } from '../support/hearback.ts';
import { seedNotice } from '../support/outbound.ts';
import { hears } from '../support/people.ts';
import { hasRedis, type OwnRedis, onRedis, redisServer } from '../support/redis.ts';
import { startProcess } from '../support/service.ts';
import { until } from '../support/wait.ts';

const AWAY: [string, (redis: OwnRedis) => unknown, (redis: OwnRedis) => unknown][] = [
  ['refuses', (redis) => redis.stop(), (redis) => redis.start()],
  ['hangs', (redis) => redis.freeze(), (redis) => redis.thaw()],
];

describe.skipIf(!hasRedis)(onRedis, () => {
  test.each(AWAY)(
    'while it %s people are heard and told all the same, and it is used again when it is back',
    async (_, goes, comes) => {
      const redis = await redisServer();
      const { telegram, service } = await hearback({ REDIS_URL: redis.url });
      const { db } = service.core;
      const notices = createNotices(db.pool);
      const ana = telegram.user(1, { language: 'en' });
      const queue = async () => ((await (await fetch(`${service.url}/health`)).json()) as Health).queue;
      await after(ana, () => ana.command('/start'), asks);
      await goes(redis);
      await seedNotice(db, 'during');
      service.core.queue.startNotice('during', 0);
      await after(ana, () => ana.command('/help'));
      await hears(ana, ({ text }) => text === 'Hello');
      await until('the notice is done', async () => (await notices.status('during'))?.state === 'done');
      expect(await queue()).toMatchObject({
        state: 'trouble',
        reason: expect.stringContaining('Redis does not answer'),
      });
      await comes(redis);
      await until('the queue works again', async () => (await queue()).state === 'fine');
      const from = ana.chat.length;
      await seedNotice(db, 'afterwards');
      service.core.queue.startNotice('afterwards', 0);
      await hears(ana, ({ text }) => text === 'Hello', from);
    },
  );

  test.each(AWAY)('while it %s a command does its work, says so, and ends well', async (_, goes) => {
    const redis = await redisServer();
    const url = await freshDatabaseUrl();
    const db = await openDatabase(url);
    await db.pool.query(
      `INSERT INTO notice (id, kind, texts, audience, on_uncertain, state, created_at)
       VALUES ('n', 'announcement', '"Hello"', 'everyone', 'hold', 'draft', now())`,
    );
    await goes(redis);
    const ended = await commandProcess(['notices', 'schedule', 'n', '--yes'], {
      DATABASE_URL: url,
      REDIS_URL: redis.url,
    });
    expect(ended).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^The queue is away \(Redis does not answer.*\n$/),
    });
    expect((await createNotices(db.pool).status('n'))?.state).toBe('scheduled');
    await db.close();
  });

  test.each(AWAY)('told to stop while it %s, the service ends well', async (_, goes) => {
    const redis = await redisServer();
    const telegram = await startTelegramSandbox();
    const running = await startProcess({
      DATABASE_URL: await freshDatabaseUrl(),
      REDIS_URL: redis.url,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    });
    await goes(redis);
    await until('it has noticed', () => running.log().includes('The queue is in trouble'));
    await running.kill('SIGTERM');
    // Had it not ended by itself it would have ended itself after ten seconds, with another code.
    expect(running.child.exitCode).toBe(0);
    await telegram.close();
  });

  test('the service starts while it is away, and uses it when it is there', async () => {
    const redis = await redisServer();
    await redis.stop();
    const { service } = await hearback({ REDIS_URL: redis.url });
    const queue = async () => ((await (await fetch(`${service.url}/health`)).json()) as Health).queue.state;
    expect(await queue()).toBe('trouble');
    await redis.start();
    await until('the queue works', async () => (await queue()) === 'fine');
  });

  test('a password that is not taken is told by its key, and the service does not start', async () => {
    const redis = await redisServer('right');
    const telegram = await startTelegramSandbox();
    const env = {
      DATABASE_URL: await freshDatabaseUrl(),
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    };
    for (const url of [redis.url, redis.url.replace('//', '//:wrong@')])
      await expect(startService(readConfig({ ...env, PORT: '0', REDIS_URL: url }), silentLog)).rejects.toThrow(
        /^REDIS_URL: Redis does not let Hearback in \((NOAUTH|WRONGPASS)\)/,
      );
    await telegram.close();
  });
});
