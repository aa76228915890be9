import { expect, test } from 'vitest';
import { createProcessView } from '../../src/conversation/processContext.ts';
import { UserError } from '../../src/core/errors.ts';
import { DEFAULT_PROCESS } from '../../src/process/process.ts';

const process = {
  ...DEFAULT_PROCESS,
  timeZone: 'Europe/Madrid',
  hearBackBy: '2027-06-30T23:30',
  questions: [{ id: 'trust', text: 'Why?', opens: '2027-03-01', closes: '2027-03-14T18:00' }],
};

/** The process as conversations see it at that moment. */
async function seen(moment: string) {
  const view = createProcessView(
    { now: async () => ({ id: 1, definition: process, closedAt: null }) },
    DEFAULT_PROCESS,
    () => Date.parse(moment),
    String,
  );
  return view.processContext();
}

test('a question closes at its hour, by the clocks of the process', async () => {
  const open = async (moment: string) => (await seen(moment)).question('trust', 'en')?.open;
  expect(await open('2027-02-28T22:59:59Z')).toBe(false);
  expect(await open('2027-02-28T23:00:00Z')).toBe(true);
  expect(await open('2027-03-14T16:59:59Z')).toBe(true);
  expect(await open('2027-03-14T17:00:00Z')).toBe(false);
});

test('of a timeline that has just come, the number of the older one is what was seen', async () => {
  let published = 1;
  const processes = {
    published: async () => published,
    // Another is published between the two looks.
    now: async () => {
      published = 2;
      return { id: 1, definition: process, closedAt: null };
    },
  };
  const view = createProcessView(processes, DEFAULT_PROCESS, () => 0, String);
  await view.timeline('short', { language: 'en', phrases: () => '' });
  expect(await view.timelineNumber()).toBe(1);
});

test('the day of the answers is the one that the process names', async () => {
  const world = (await seen('2027-03-01')).world('en', 0);
  expect(world.process.hearBackBy).toBe('30 June 2027');
});

test('a process that cannot be read any more is the one that was read last, until it is mended', async () => {
  let at = 0;
  let readable = true;
  const now = async () => {
    if (!readable) throw new UserError('It cannot be read.');
    return { id: 3, definition: process, closedAt: null };
  };
  const view = createProcessView({ now }, DEFAULT_PROCESS, () => at, String);
  await view.processContext();
  [readable, at] = [false, 60_000];
  expect(await view.processContext()).toMatchObject({ processId: 3, process: { timeZone: process.timeZone } });
});
