import { expect, it, onTestFinished, vi } from 'vitest';
import { createTally, logOnDemand } from '../../src/core/log.ts';
import { createLog } from '../../src/core/pinoLog.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog('debug', { write: (line) => void lines.push(line) }) };
}

it('a line holds its event and facts', () => {
  const { lines, log } = capture();
  log.info('delivered', { count: 3 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'delivered', count: 3, level: 30 });
});

it('personal facts are kept out, whoever passes them', () => {
  const { lines, log } = capture();
  log.warn('refused', { text: 'I live in Oak Lane', name: 'Ana', address: '4711', delivery: 'd1' });
  expect(lines[0]).not.toMatch(/Oak Lane|Ana|4711/);
  expect(lines[0]).toContain('d1');
});

it('an error keeps its type, code, place and causes, and loses secrets and values', () => {
  const { lines, log } = capture();
  const refused = Object.assign(new Error('invalid input syntax for type integer: "Oak Lane"'), {
    code: '22P02',
    detail: 'Oak Lane',
  });
  const url = 'https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe';
  const error = new Error(`${url} postgres://hearback:hunter2@db/x xoxb-12-abc xapp-1-A`, { cause: refused });
  log.error('failed', {}, error);
  expect(lines[0]).not.toMatch(/Oak Lane|AAHdq|hunter2|xoxb-12|xapp-1/);
  expect(JSON.parse(lines[0] ?? '').error).toMatchObject({ type: 'Error', cause: { code: '22P02' } });
  expect(JSON.parse(lines[0] ?? '').error.at[0]).toContain('pinoLog.test.ts');
});

it('an error of Prisma is told by its last line: the others print the arguments', () => {
  const { lines, log } = capture();
  const error = new Error(
    '\nInvalid `x.create()` invocation:\n{ data: { text: "Oak Lane" } }\n\nUnique constraint failed',
  );
  error.name = 'PrismaClientKnownRequestError';
  log.error('failed', {}, error);
  expect(lines[0]).not.toContain('Oak Lane');
  expect(lines[0]).toContain('Unique constraint failed');
});

it('what is said a thousand times in a row is told five times, and then how often', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { lines, log } = capture();
  for (let time = 1; time <= 1000; time++) log.warn('refused', { time });
  log.warn('something else');
  expect(lines).toHaveLength(6);
  vi.advanceTimersByTime(10_000);
  expect(lines).toHaveLength(7);
  expect(JSON.parse(lines[6] ?? '')).toMatchObject({ msg: 'refused', time: 1000, times: 995 });
  log.warn('refused', { time: 1001 });
  expect(lines).toHaveLength(8);
});

it('a log that is opened with its first line has all lines, in their order', async () => {
  const { lines, log } = capture();
  let opened = 0;
  const later = logOnDemand(async () => {
    opened += 1;
    return log;
  });
  expect(opened).toBe(0);
  later.warn('first', { count: 1 });
  later.info('second');
  await vi.waitUntil(() => lines.length === 2);
  expect(opened).toBe(1);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['first', 'second']);
});

it('what anybody can make happen is told with its number, at most once a minute', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { lines, log } = capture();
  const refused = createTally(log, 'Refused');
  const counts = () => lines.map((line) => JSON.parse(line).count);
  for (let times = 0; times < 5; times++) refused();
  expect(counts()).toEqual([1]);
  vi.advanceTimersByTime(60_000);
  expect(counts()).toEqual([1, 4]);
  vi.advanceTimersByTime(120_000);
  refused();
  expect(counts()).toEqual([1, 4, 1]);
});
