import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withServer } from './ground.ts';
import { atMost, type Measure, median, progress, scaled } from './measure.ts';
import type { MemoryOptions } from './memoryProcess.ts';

interface Memory {
  /** Megabytes resident, in their order. */
  samples: number[];
  open: number;
}

/** A process that does nothing but take updates in, so that its size is that of the service. */
async function measured(options: Omit<MemoryOptions, 'databaseUrl'>): Promise<Memory> {
  return withServer((fresh) =>
    fresh(async ({ url }) => {
      const file = fileURLToPath(new URL('./memoryProcess.js', import.meta.url));
      const child = fork(file, [JSON.stringify({ ...options, databaseUrl: url })]);
      return new Promise<Memory>((resolve, reject) => {
        child.once('message', (message) => resolve(message as Memory));
        child.once('exit', (code) => reject(new Error(`The measured process ended with ${code}.`)));
      });
    }),
  );
}

const SESSIONS = scaled(100_000, 1000);
const MOST_MEGABYTES = 300;

/** Megabytes resident at their most while so many sessions are open; the baseline is what is allowed. */
export const memory: Measure = {
  name: 'memory',
  async run() {
    const { samples, open } = await measured({ chats: SESSIONS, updates: SESSIONS, sampleEvery: SESSIONS / 20 });
    if (open !== SESSIONS) throw new Error(`Of ${SESSIONS} sessions ${open} are open.`);
    progress(`megabytes: ${samples.map(Math.round).join(' ')}`);
    return [atMost('memory', Math.max(...samples), MOST_MEGABYTES, 1)];
  },
};

const UPDATES = scaled(200_000, 4000);
/** Twentieths: the first are left to the engine's compiler and to caches that fill once. */
const WARM = 3;

/** Megabytes resident near the end of many updates against those near their beginning. */
export const memoryFlat: Measure = {
  name: 'memory-flat',
  async run() {
    const { samples } = await measured({ chats: scaled(2000, 100), updates: UPDATES, sampleEvery: UPDATES / 20 });
    progress(`megabytes: ${samples.map(Math.round).join(' ')}`);
    return [atMost('memory-flat', median(samples.slice(-3)), median(samples.slice(WARM, WARM + 3)), 1.1)];
  },
};
