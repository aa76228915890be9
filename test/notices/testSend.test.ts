import { expect, test } from 'vitest';
import { EXAMPLES } from '../../src/channels/registry.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { createDeliverer } from '../../src/delivery/deliver.ts';
import { createTestSend } from '../../src/notices/testSend.ts';
import { atTerminal } from '../../src/people/actor.ts';
import { isOutage } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createSharedRateLimit } from '../../src/store/sharedRateLimit.ts';
import { createTestSends } from '../../src/store/testSends.ts';
import { acting, idleQueue } from '../support/actions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers, become } from '../support/happens.ts';
import { recordingChannel, seedNotice, seedPeople } from '../support/outbound.ts';

test('a test reaches whoever it is meant for, with its picture, and no figure of the notice knows of it', async () => {
  const database = await freshDatabase();
  const { pool } = database;
  await seedPeople(database, 4);
  const notices = createNotices(pool);
  const channel = recordingChannel();
  const deliveries = createDeliveries(pool, ['telegram', 'slack']);
  const deliverer = createDeliverer({
    isOutage,
    ...{ deliveries, rateLimit: createSharedRateLimit(pool), channels: new Map([['telegram' as const, channel]]) },
    ...{ render: async () => new Map(), clock: systemClock, ids: systemIds, log: silentLog },
  });
  const bytes = new Uint8Array([1, 2, 254, 255]);
  const hinted: Promise<void>[] = [];
  const testSend = createTestSend({
    examples: EXAMPLES,
    notices,
    testSends: createTestSends(pool),
    render: async ({ id }, { language }) => ({
      blocks: [{ kind: 'text', text: `Test of ${id} in ${language}` }],
      file: { name: 'map.png', mime: 'image/png', bytes },
    }),
  });
  const queue = { ...idleQueue, retryReplies: (ids: string[]) => void hinted.push(deliverer.retryReplies(ids)) };
  const { test: send } = acting(database, { queue }).notices;
  const tried = async (to: string) => {
    const copies = await testSend('n', to);
    expect(await send(atTerminal(), 'n', copies)).toEqual(copies);
    return copies.map(({ channel, language }) => ({ channel, language }));
  };
  await seedNotice(database, 'n');
  const before = await notices.status('n');
  await addMembers(pool, { ana: ['organizer'] });
  await pool.query(`INSERT INTO member_identity VALUES ('telegram:bot:2', 'ana'), ('telegram:bot:3', 'ana')`);
  await become(pool, 'stopped', [3, 4]);

  expect(await tried('telegram:1')).toEqual([{ channel: 'telegram', language: 'en' }]);
  expect(await tried('ana')).toEqual([{ channel: 'telegram', language: 'es' }]);
  await Promise.all(hinted);
  // Two people: neither waits for the other.
  expect(channel.calls.map(({ address, message }) => [address, message.blocks[0]?.text]).sort()).toEqual([
    ['chat-1', 'Test of n in en'],
    ['chat-2', 'Test of n in es'],
  ]);
  expect(channel.calls[0]?.message.file).toEqual({ name: 'map.png', mime: 'image/png', bytes: Buffer.from(bytes) });
  expect(await notices.status('n')).toEqual(before);

  await expect(testSend('n', 'telegram:4')).rejects.toThrow('have stopped the bot');
  await expect(testSend('n', 'telegram:77')).rejects.toThrow('nobody with this id');
  await expect(testSend('n', 'ben')).rejects.toThrow('no chat belongs to a member of that name');
  await expect(testSend('n', 'fax:1')).rejects.toThrow('"fax" is not a platform');
  await expect(testSend('x', 'ana')).rejects.toThrow('There is no notice x');
  expect(channel.calls).toHaveLength(2);
});
