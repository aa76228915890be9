import { expect, test } from 'vitest';
import { hearback } from '../support/hearback.ts';

const fine = { state: 'fine', reason: null };

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
  const trouble = { state: 'trouble', reason: 'updates do not come (unavailable)' };
  await expect.poll(health).toMatchObject({ status: 200, ok: true, channels: { telegram: trouble } });
});
