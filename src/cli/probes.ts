import type { Config } from '../config.ts';
import { type Core, openCore } from '../core.ts';
import { Mistake } from '../domain/errors.ts';
import { DEFAULT_PROCESS } from '../domain/process.ts';
import { leavingWarnings } from '../flow/leaving.ts';
import { openBook } from '../flow/source/load.ts';
import { createLog } from '../log.ts';
import { createAttachmentStore } from '../store/attachments.ts';
import { createInbox } from '../store/inbox.ts';
import { missingFiles, type Probes, waitingUpdates } from './doctor.ts';
import { during } from './ending.ts';
import { tokenProbes } from './tokens.ts';
import { counted } from './words.ts';

const REDIS_REMEDY =
  'See that Redis runs, and that the address is right; unset, the queue lives in the database. Until then people are heard and answered all the same.';

/** One look at each part; the database and the queue are opened as a command opens them. */
export function probes(config: Config): Probes {
  const opened = <T>(look: (core: Core) => Promise<T>): Promise<T> =>
    during(openCore(config, createLog('fatal')), (core) => core.close(), look);
  return {
    ...tokenProbes(config),
    database: () =>
      opened(async ({ db }) => {
        const { rows } = await db.pool.query<{ people: number }>(
          `SELECT count(*)::int AS people FROM identity WHERE kind = 'person'`,
        );
        const what = `answers and is migrated; ${counted(rows[0]?.people ?? 0, 'person is', 'people are')} known`;
        const aside = waitingUpdates(await createInbox(db.pool).countAside());
        return [
          { state: 'fine', what, remedy: null },
          ...aside,
          ...missingFiles(await createAttachmentStore(db.pool).count()),
        ];
      }),
    queue: () =>
      opened(async ({ queue }) => {
        await queue.start();
        const trouble = queue.trouble();
        if (trouble) throw new Mistake(`REDIS_URL: ${trouble}. ${REDIS_REMEDY}`);
        return config.redisUrl ? 'Redis answers' : 'lives in the database and answers';
      }),
    flows: async () => {
      const { messages } = await openBook(config.flowsDir);
      // A database that does not answer is the finding of its own probe.
      const process = await opened(({ processes }) => processes.current()).catch(() => null);
      const hints = leavingWarnings(messages, (process ?? DEFAULT_PROCESS).languages);
      const fine = { state: 'fine', what: 'all flows are sound', remedy: null } as const;
      return [fine, ...hints.map((what) => ({ state: 'hint', what, remedy: null }) as const)];
    },
  };
}
