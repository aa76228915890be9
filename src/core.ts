import type { Config } from './config.ts';
import type { ChannelName } from './domain/channel.ts';
import { Mistake } from './domain/errors.ts';
import type { Log } from './domain/log.ts';
import type { Queue } from './domain/ports.ts';
import type { ProcessDefinition } from './domain/process.ts';
import { queueOnDemand } from './queue/onDemand.ts';
import { createStops, type Stops } from './stops.ts';
import { type Database, isOutage, notLetIn, openDatabase } from './store/database.ts';
import { openEmbedded } from './store/embedded.ts';
import { createProcesses } from './store/processes.ts';

const CHANNELS: ChannelName[] = ['telegram', 'slack'];

export interface Core {
  db: Database;
  processes: ReturnType<typeof createProcesses<ProcessDefinition>>;
  /** Adds jobs, runs none. */
  queue: Queue;
  close(): Promise<void>;
}

/**
 * What the commands need beside a running service, or without one: the database and a way to hint the workers.
 * `keepUp`: an embedded server that is killed is brought back for as long as this is open.
 * @throws Mistake when the database cannot be reached
 */
export async function openCore(config: Config, log: Log, keepUp = false): Promise<Core> {
  const stops = createStops();
  try {
    const url = config.databaseUrl ?? (await embedded(config, stops, keepUp ? log : null));
    const db = await openDatabase(url).catch((error) => {
      throw (config.databaseUrl && withoutDatabase(error)) ?? error;
    });
    stops.add(() => db.close());
    const queue = queueOnDemand(async () => {
      const { createQueue } = await import('./queue/queue.ts');
      const lanes = { redisUrl: config.redisUrl, databaseUrl: url, channels: CHANNELS };
      return createQueue(lanes, null, { log, isOutage });
    });
    stops.add(() => queue.stop());
    return { db, processes: createProcesses<ProcessDefinition>(db), queue, close: stops.run };
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

function withoutDatabase(error: unknown): Mistake | null {
  const why = notLetIn(error);
  const remedy = 'See that it runs, and that address, user, password and name of the database are right.';
  return why === null ? null : new Mistake(`DATABASE_URL: PostgreSQL does not let Hearback in (${why}). ${remedy}`);
}

async function embedded(config: Config, stops: Stops, keepUp: Log | null): Promise<string> {
  const server = await openEmbedded(config.dataDir);
  stops.add(() => server.close());
  if (keepUp) server.keepUp(keepUp);
  return server.url;
}
