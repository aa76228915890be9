import type { Channel } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channelName.ts';
import type { Clock } from '../../core/clock.ts';
import type { Health, PartHealth } from '../../core/health.ts';

export interface HealthParts {
  /** Tries what keeping people's words needs; null when it can be done, else the reason. Never rejects. */
  database: () => Promise<string | null>;
  /** What keeps updates from being taken in; left out where this process takes none. */
  intake?: () => string | null;
  queue: () => string | null;
  channels: ReadonlyMap<ChannelName, Pick<Channel, 'trouble'>>;
  clock: Clock;
}

/** However often somebody asks, the database is tried so often at most. */
const TRY_EVERY_MS = 2_000;

/** Looks at each part; only what keeps people's words from being kept makes the whole not `ok`. */
export function createHealth({ database, intake, queue, channels, clock }: HealthParts): () => Promise<Health> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<string | null> = Promise.resolve(null);

  function tried(): Promise<string | null> {
    if (clock() - asked < TRY_EVERY_MS) return answer;
    asked = clock();
    answer = database();
    return answer;
  }

  return async () => {
    const keeping = { database: part(await tried()), ...(intake && { intake: part(intake()) }) };
    return {
      ok: Object.values(keeping).every(({ state }) => state === 'fine'),
      ...keeping,
      queue: part(queue()),
      channels: Object.fromEntries([...channels].map(([name, channel]) => [name, part(channel.trouble())])),
    };
  };
}

const part = (reason: string | null): PartHealth => ({ state: reason === null ? 'fine' : 'trouble', reason });
