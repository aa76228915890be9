/** What a channel waits for before it has stopped. */
export function createUnderWay() {
  const all = new Set<Promise<unknown>>();
  return {
    /** Gives the work back, whatever becomes of it. */
    track<T>(work: Promise<T>): Promise<T> {
      all.add(work);
      const done = () => void all.delete(work);
      work.then(done, done);
      return work;
    },
    /** Resolves when all of it is done, and what was begun meanwhile. Never rejects. */
    async settled(): Promise<void> {
      while (all.size > 0) await Promise.allSettled([...all]);
    },
  };
}

export type Track = ReturnType<typeof createUnderWay>['track'];
