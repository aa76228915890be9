/** Of one person's doings at once; what is refused, Slack sends again. */
const MOST_AT_ONCE = 100;

interface Line {
  /** Resolves when all of it is done. */
  end: Promise<unknown>;
  length: number;
}

/**
 * Everything that one person does begins at once, and each step learns when those before it are over, well or not: it prepares
 * itself as long as it takes, and is recorded in its turn. Others wait for nothing.
 */
export function createTurns() {
  const lines = new Map<string, Line>();
  return async <T>(person: string | null, work: (turn: Promise<unknown>) => Promise<T>): Promise<T> => {
    if (person === null) return work(Promise.resolve());
    const line = lines.get(person) ?? { end: Promise.resolve(), length: 0 };
    if (line.length >= MOST_AT_ONCE) throw new Error('Too much of one person is waiting to be recorded.');
    lines.set(person, line);
    line.length += 1;
    const mine = work(line.end);
    line.end = Promise.allSettled([line.end, mine]);
    try {
      return await mine;
    } finally {
      line.length -= 1;
      if (line.length === 0) lines.delete(person);
    }
  };
}
