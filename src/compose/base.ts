import path from 'node:path';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createStops, type Stops } from '../core/shutdown.ts';
import type { Queue } from '../notices/queue.ts';
import { createForgetList, FORGET_LIST, type ForgetList } from '../people/forgetList.ts';
import type { ProcessRecords } from '../process/stored.ts';
import { queueOnDemand } from '../queue/onDemand.ts';
import { type Database, isOutage, notLetIn, openDatabase } from '../store/database.ts';
import { openEmbedded } from '../store/embedded.ts';
import { createProcesses } from '../store/processes.ts';
import { serviceName } from '../store/services.ts';
import { signingSecret } from '../store/settings.ts';
import { type Views, viewsOf } from './views.ts';

export interface Base {
  db: Database;
  views: Views;
  processes: ProcessRecords;
  /** Adds jobs, runs none. */
  queue: Queue;
  forgetList: ForgetList;
  close(): Promise<void>;
}

export interface BaseOpening {
  service?: boolean;
  /** Aborted when nobody wants it any more: what was not begun is left, and the signal's reason thrown. */
  ended?: AbortSignal;
}

/**
 * What the commands need beside a running service, or without one: the database and a way to hint the workers.
 * `service`: for the service itself, which makes a database where there is none, and brings an embedded server that is
 * killed back for as long as this is open.
 * @throws NoDatabase when there is none; UserError when it cannot be reached
 */
export async function openBase(config: Config, log: Log, { service = false, ended }: BaseOpening = {}): Promise<Base> {
  const stops = createStops();
  try {
    const url = config.databaseUrl ?? (await embedded(config, stops, service ? log : null, ended));
    ended?.throwIfAborted();
    const name = service ? serviceName(config.role) : 'hearback';
    const db = await openDatabase(url, { name, existing: !service }).catch((error) => {
      throw (config.databaseUrl && withoutDatabase(error)) ?? error;
    });
    stops.add(() => db.close());
    const queue = queueOnDemand(async () => {
      const { createQueue } = await import('../queue/queue.ts');
      const queues = { redisUrl: config.redisUrl, databaseUrl: url, channels: [...CHANNEL_NAMES] };
      return createQueue(queues, null, { log, isOutage });
    }, log);
    stops.add(() => queue.stop());
    const forgetList = createForgetList(path.join(config.dataDir, FORGET_LIST), () => signingSecret(db));
    return { db, views: viewsOf(db), processes: createProcesses(db), queue, forgetList, close: stops.run };
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

function withoutDatabase(error: unknown): UserError | null {
  const why = notLetIn(error);
  return why === null
    ? null
    : new UserError(`DATABASE_URL: PostgreSQL does not let Hearback in (${why}). ${remedy(why)}`);
}

function remedy(why: string): string {
  if (/certificate/.test(why))
    return 'sslmode=require encrypts without looking at the certificate; sslrootcert=FILE names the authority that signed it.';
  return 'See that it runs, and that address, user, password and name of the database are right.';
}

async function embedded(config: Config, stops: Stops, keepUp: Log | null, ended?: AbortSignal): Promise<string> {
  const server = await openEmbedded(config.dataDir, { existing: keepUp === null, ended });
  stops.add(() => server.close());
  if (keepUp) server.keepUp(keepUp);
  return server.url;
}
