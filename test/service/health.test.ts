import { expect, test, vi } from 'vitest';
import { hearback } from '../support/hearback.ts';

const fine = { state: 'fine', reason: null };
const within = { timeout: 60_000, interval: 50 };

test('the service says how each part does, and whose trouble it is', async () => {
  const { telegram, service } = await hearback();
  const health = async () => {
    const answer = await fetch(`${service.url}/health`);
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  expect(await health()).toMatchObject({
    status: 200,
    ok: true,
    database: fine,
    queue: fine,
    channels: { telegram: fine },
  });
  telegram.faults.failCalls = 1_000_000;
  await vi.waitFor(async () => {
    const trouble = { state: 'trouble', reason: 'updates do not come (unavailable)' };
    expect(await health()).toMatchObject({ status: 200, ok: true, channels: { telegram: trouble } });
  }, within);
});
