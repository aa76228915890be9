import { setTimeout } from 'node:timers/promises';

const BATCH = 100;
const BATCHES_AT_ONCE = 3;
const MOST_STALE = 20;
/** After this many turns in a row a person pauses this long before each further one, which leaves room for others. */
const UNHURRIED = 5;
const REST_MS = 25;

export interface PersonQueue {
  /** Says that something of this person waits: they get one turn, however often this is called before it. */
  wake(person: string): void;
  /** Ends the person's turn; if more of theirs waits, they go to the end of the queue. */
  letGo(person: string, more: boolean): void;
  /** The same after another process was faster with this person; if it stays faster, they are left to it. */
  again(person: string): void;
  /** Resolves when nobody waits and nobody is being handled, except people whose turn `handle` never ended. */
  idle(): Promise<void>;
}

/**
 * Handles nobody twice at once and everybody in order; a slow batch does not hold up others. `handle` never rejects,
 * and ends each person's turn, when it ends or later.
 */
export function createPersonQueue(
  handle: (people: string[]) => Promise<void>,
  pause: (ms: number) => Promise<void> = (ms) => setTimeout(ms),
): PersonQueue {
  const line = createLine(handle);
  /** How many turns in a row they have had. */
  const inARow = new Map<string, number>();
  const staleTimes = new Map<string, number>();
  const resting = new Set<Promise<void>>();

  function free(person: string, more: boolean): void {
    if (!line.free(person, more)) inARow.delete(person);
  }

  function rest(person: string): void {
    line.hold(person);
    const over: Promise<void> = pause(REST_MS).then(() => {
      resting.delete(over);
      free(person, true);
    });
    resting.add(over);
  }

  return {
    wake: line.wake,
    letGo(person, more) {
      staleTimes.delete(person);
      const goesOn = more || line.hasMore(person);
      const turns = (inARow.get(person) ?? 0) + 1;
      if (goesOn) inARow.set(person, turns);
      if (goesOn && turns > UNHURRIED) rest(person);
      else free(person, more);
    },
    again(person) {
      const times = (staleTimes.get(person) ?? 0) + 1;
      if (times > MOST_STALE) staleTimes.delete(person);
      else staleTimes.set(person, times);
      free(person, times <= MOST_STALE);
    },
    async idle() {
      while (line.running.size + line.ready.size + resting.size > 0) await Promise.all([...line.running, ...resting]);
    },
  };
}

/** People who wait, and people who are being handled. */
function createLine(handle: (people: string[]) => Promise<void>) {
  /** The longest waiting first. */
  const ready = new Set<string>();
  /** People being handled or paused, and whether something has come meanwhile. */
  const busy = new Map<string, boolean>();
  const running = new Set<Promise<void>>();

  function wake(person: string): void {
    if (busy.has(person)) busy.set(person, true);
    else ready.add(person);
    if (running.size === 0) queueMicrotask(pump);
    else pump();
  }

  function pump(): void {
    while (running.size < BATCHES_AT_ONCE && ready.size > 0) {
      const people = nextOf(ready, BATCH);
      for (const person of people) busy.set(person, false);
      const work: Promise<void> = handle(people).finally(() => {
        running.delete(work);
        pump();
      });
      running.add(work);
    }
  }

  return {
    wake,
    hasMore: (person: string): boolean => busy.get(person) === true,
    /** They stay busy, and go to the end of the queue once they are free. */
    hold: (person: string): void => void busy.set(person, true),
    /** Whether something of theirs still waits. */
    free(person: string, more: boolean): boolean {
      const waits = more || busy.get(person) === true;
      busy.delete(person);
      if (waits) wake(person);
      return waits;
    },
    running,
    ready,
  };
}

/** Takes the first `count` out of the set. */
function nextOf<T>(all: Set<T>, count: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length === count) break;
    first.push(one);
    all.delete(one);
  }
  return first;
}
