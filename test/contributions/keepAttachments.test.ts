import { expect, test } from 'vitest';
import { createAttachmentKeeper } from '../../src/contributions/keepAttachments.ts';
import { SendError, type SendErrorCode } from '../../src/core/channel.ts';
import { silentLog } from '../../src/core/log.ts';

/** What becomes of one file that the platform refuses like this, at this attempt. */
async function outcome(code: SendErrorCode, attempts: number): Promise<string> {
  const wanted = [{ id: '1', channel: 'telegram' as const, ref: 'F1', attempts }];
  const state = { is: 'wanted' };
  const attachments = {
    take: async () => wanted.splice(0),
    keep: async () => void (state.is = 'kept'),
    refuse: async () => void (state.is = 'refused'),
  };
  const platform = { download: () => Promise.reject(new SendError(code, 'the file was not given')) };
  await createAttachmentKeeper({ attachments, channels: new Map([['telegram', platform]]), log: silentLog })();
  return state.is;
}

test.each(['unauthorized', 'slow_down', 'unavailable', 'not_connected', 'unknown_outcome'] as const)(
  'a file is asked for again after %s, until its last attempt',
  async (code) => {
    expect([await outcome(code, 1), await outcome(code, 19), await outcome(code, 20)]).toEqual([
      ...['wanted', 'wanted', 'refused'],
    ]);
  },
);

test('a file that the platform will not give is refused at once', async () => {
  expect(await outcome('rejected', 1)).toBe('refused');
});
