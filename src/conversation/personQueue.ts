import { setTimeout } from 'node:timers/promises';

const BATCH = 100;
const BATCHES_AT_ONCE = 3;
const MOST_STALE = 20;
/** After this many turns in a row a person pauses this long before each further one, which leaves room for others. */
const UNHURRIED = 5;
const REST_MS = 25;

export interface PersonQueue {
  /** Something waits of this person: their turn comes, once, however often this is said before. */
  wake(person: string): void;
  /** Whoever was in hand is free again, and goes to the end of the line where more of theirs waits. */
  letGo(person: string, more: boolean): void;
  /** The same where another process was ahead with this person; one that stays ahead is left to it. */
  again(person: string): void;
  /** Resolves when nobody waits and nobody is in hand, but for those that `handle` did not let go of. */
  idle(): Promise<void>;
}

/**
 * Nobody is handled twice at once, everybody in their turn, and a batch that takes long holds up no other. `handle` never
 * rejects, and lets go of each of its people, at its end or later.
 */
export function createPersonQueue(
  handle: (people: string[]) => Promise<void>,
  pause: (ms: number) => Promise<void> = (ms) => setTimeout(ms),
): PersonQueue {
  const line = createLine(handle);
  /** How many turns they have had since nothing of theirs waited. */
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

/** Who waits, and who is in hand. */
function createLine(handle: (people: string[]) => Promise<void>) {
  /** The longest waiting first. */
  const ready = new Set<string>();
  /** In hand or at rest, and whether something has come meanwhile. */
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
    /** They stay busy, and come to the end of the line once they are free. */
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
