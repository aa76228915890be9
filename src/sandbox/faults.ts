/** How a platform misbehaves towards whoever sends. */
export interface SendFaults {
  /** Milliseconds before each answer to a send. */
  delayMs: number;
  /** Sends a second in a window of one second; more get a 429. 0: any number. */
  perSecond: number;
  /** The same for one chat. */
  perSecondAndChat?: number;
  /** Every send to this chat gets a 429 with the wish of the storm. */
  limitedChat?: string;
  /** Every send gets a 429 with this wish (seconds) until the moment. */
  stormUntil: number;
  stormRetryAfter: number;
  /** Every n-th send gets a 429; 0: none. */
  refuseEvery: number;
  /** Every n-th send gets a 500 and does not arrive; 0: none. */
  failEvery?: number;
  /** Every n-th send is delivered and its answer lost; 0: none. */
  loseEvery: number;
}

export const noFaults = () => ({
  delayMs: 0,
  perSecond: 0,
  stormUntil: 0,
  stormRetryAfter: 1,
  refuseEvery: 0,
  failEvery: 0,
  loseEvery: 0,
});

/** Counts sends against the limits; `counters.sends` has to include the send that is asked about. */
export function createLimits(faults: SendFaults, counters: { sends: number; refused: number }, clock: () => number) {
  const perChat = new Map<string, number>();
  let second = 0;
  let count = 0;

  /** Whether it is every n-th send. */
  const isEach = (n = 0): boolean => n > 0 && counters.sends % n === 0;

  function isOverLimit(chat: string): boolean {
    const inChat = (perChat.get(chat) ?? 0) + 1;
    perChat.set(chat, inChat);
    count += 1;
    const { perSecond, perSecondAndChat = 0 } = faults;
    return (perSecond > 0 && count > perSecond) || (perSecondAndChat > 0 && inChat > perSecondAndChat);
  }

  /** Whether this send gets a 429. */
  function isRefused(chat: string): boolean {
    const now = clock();
    const current = Math.floor(now / 1000);
    if (second !== current) {
      second = current;
      count = 0;
      perChat.clear();
    }
    const stormy = now < faults.stormUntil || chat === faults.limitedChat;
    const refused = stormy || isEach(faults.refuseEvery) || isOverLimit(chat);
    if (refused) counters.refused += 1;
    return refused;
  }

  return { isEach, isRefused };
}
