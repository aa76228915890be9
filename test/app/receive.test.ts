import { expect, it } from 'vitest';
import { quietWrite } from '../../src/app/effects.ts';
import { createReceiver } from '../../src/app/receive.ts';
import { systemClock, systemIds } from '../../src/domain/clock.ts';
import type { Inbound } from '../../src/domain/inbound.ts';
import { silentLog } from '../../src/domain/log.ts';
import { isOutage } from '../../src/store/database.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import { freshDatabase } from '../support/database.ts';

const updateOf = (person: string, id: string): Inbound => ({
  id,
  sender: { key: `telegram:bot:${person}`, channel: 'telegram', address: person, name: null, language: 'en' },
  content: { kind: 'text', text: id, messageId: id },
  at: systemClock(),
});

it('refuses what a person sent after something that the database did not take: the platform repeats both in their order', async () => {
  const { pool } = await freshDatabase();
  const turns: string[] = [];
  let away = true;
  const receiver = createReceiver({
    turns: createTurnStore(pool),
    async turn(inbound, known) {
      if (inbound.id === 'first' && away) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      turns.push(inbound.id);
      return quietWrite(inbound, known, systemIds);
    },
    send: () => undefined,
    isOutage,
    ids: systemIds,
    log: silentLog,
  });
  const [first, second] = [updateOf('1', 'first'), updateOf('1', 'second')];
  const outcomes = await Promise.allSettled([receiver.receive(first), receiver.receive(second)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  await receiver.receive(updateOf('2', 'of somebody else'));
  await Promise.all([first, second].map((update) => receiver.receive(update)));
  expect(turns).toEqual(['of somebody else', 'first', 'second']);
});
