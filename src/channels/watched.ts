import { type Channel, SendError, type SendErrorCode } from '../core/channel.ts';

/** What speaks of the platform or of our access to it, not of one chat. */
const OF_THE_WHOLE: SendErrorCode[] = ['unauthorized', 'unavailable', 'not_connected', 'unknown_outcome'];
/** How many calls have to fail in a row before it counts as trouble: one failure says little. */
const IN_A_ROW = 3;

/** The channel, with a `trouble` that also covers sending. */
export function watched<C extends Channel>(channel: C): C {
  let failures = 0;
  let reason = '';

  function failed(error: unknown): void {
    const code = error instanceof SendError ? error.code : 'unknown_outcome';
    if (!OF_THE_WHOLE.includes(code)) return void (failures = 0);
    failures += code === 'unauthorized' ? IN_A_ROW : 1;
    reason = `messages do not go out (${code})`;
  }

  return {
    ...channel,
    async send(address, message, fromPart) {
      try {
        const refs = await channel.send(address, message, fromPart);
        failures = 0;
        return refs;
      } catch (error) {
        failed(error);
        throw error;
      }
    },
    trouble: () => channel.trouble() ?? (failures >= IN_A_ROW ? reason : null),
  };
}
