import { expect, it } from 'vitest';
import { watched } from '../../../src/channels/watched.ts';
import { SendError, type SendErrorCode } from '../../../src/core/channel.ts';
import { say } from '../../../src/core/message.ts';
import { createHealth } from '../../../src/interfaces/web/health.ts';
import { recordingChannel } from '../../support/outbound.ts';

const fine = { state: 'fine', reason: null };
const quiet = { database: async () => null, queue: () => null, channels: new Map(), clock: () => 0 };

it('is not well when words cannot be kept, and names the part', async () => {
  const full = createHealth({ ...quiet, database: async () => 'the disk is full' });
  expect(await full()).toMatchObject({ ok: false, database: { state: 'trouble', reason: 'the disk is full' } });
  const stalled = createHealth({ ...quiet, intake: () => 'stalled' });
  expect(await stalled()).toMatchObject({ ok: false, database: fine, intake: { state: 'trouble', reason: 'stalled' } });
});

it('is well, and names it all the same, when only the queue or a channel is in trouble', async () => {
  const channels = new Map([['telegram', { trouble: () => 'updates do not come' }]] as const);
  const health = createHealth({ ...quiet, queue: () => 'Redis does not answer', channels });
  expect(await health()).toEqual({
    ok: true,
    database: fine,
    queue: { state: 'trouble', reason: 'Redis does not answer' },
    channels: { telegram: { state: 'trouble', reason: 'updates do not come' } },
  });
});

it('tries the database every few seconds, however often it is asked', async () => {
  let [now, tries] = [0, 0];
  const health = createHealth({ ...quiet, database: async () => (++tries > 1 ? 'away' : null), clock: () => now });
  await Promise.all([health(), health()]);
  expect([(await health()).ok, tries]).toEqual([true, 1]);
  now = 2_000;
  expect([(await health()).ok, tries]).toEqual([false, 2]);
});

it('calls it trouble of a channel when message after message does not go out, until one does', async () => {
  const codes: (SendErrorCode | null)[] = ['unavailable', 'blocked', 'unavailable', 'not_connected', 'unknown_outcome'];
  const channel = watched(
    recordingChannel((_address, call) => {
      const code = codes[call - 1];
      return code ? new SendError(code, 'of the test') : null;
    }),
  );
  const troubles: (string | null)[] = [];
  for (let call = 0; call <= codes.length; call++) {
    await channel.send('chat', say('Hello')).catch(() => undefined);
    troubles.push(channel.trouble());
  }
  const last = 'messages do not go out (unknown_outcome)';
  expect(troubles).toEqual([null, null, null, null, last, null]);
});

it('calls a refused token trouble at once', async () => {
  const channel = watched(recordingChannel(() => new SendError('unauthorized', 'of the test')));
  await channel.send('chat', say('Hello')).catch(() => undefined);
  expect(channel.trouble()).toBe('messages do not go out (unauthorized)');
});
