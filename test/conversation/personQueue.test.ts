import { expect, it } from 'vitest';
import { createPersonQueue } from '../../src/conversation/personQueue.ts';

/** `waiting`: how many turns each has before them. Gives who was handled, in their order, and how often somebody rested. */
async function handled(waiting: Record<string, number>): Promise<{ order: string[]; rests: number }> {
  const order: string[] = [];
  let rests = 0;
  const queue = createPersonQueue(
    async (people) => {
      for (const person of people) {
        order.push(person);
        const left = (waiting[person] ?? 1) - 1;
        waiting[person] = left;
        queue.letGo(person, left > 0);
      }
    },
    async () => void (rests += 1),
  );
  for (const person of Object.keys(waiting)) queue.wake(person);
  await queue.idle();
  return { order, rests };
}

it('lets whoever has sent a flood rest after each of their turns, and everybody else go on', async () => {
  const { order, rests } = await handled({ flood: 30, one: 1, some: 4 });
  expect(order.filter((person) => person === 'flood')).toHaveLength(30);
  expect(rests).toBe(24);
  expect(order.indexOf('one')).toBeLessThan(3);
  expect(order.lastIndexOf('some')).toBeLessThan(order.lastIndexOf('flood'));
});

it('hurries those who have sent a few', async () => {
  expect(await handled({ one: 1, some: 5 })).toMatchObject({ rests: 0 });
});

it('takes somebody who has rested up once, however often they are woken meanwhile', async () => {
  const woken: string[] = [];
  let over: () => void = () => undefined;
  let left = 8;
  const queue = createPersonQueue(
    async ([person = '']) => {
      woken.push(person);
      left -= 1;
      queue.letGo(person, left > 0);
    },
    () => new Promise((resolve) => (over = resolve)),
  );
  queue.wake('flood');
  while (left > 2) await Promise.resolve();
  for (let times = 0; times < 3; times++) queue.wake('flood');
  expect(woken).toHaveLength(6);
  over();
  while (left > 1) await Promise.resolve();
  expect(woken).toHaveLength(7);
});
