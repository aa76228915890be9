import path from 'node:path';
import { channelsIn } from '../../channels/registry.ts';
import { type Base, openBase } from '../../compose/base.ts';
import type { Config } from '../../config.ts';
import { openFlowRegistry } from '../../conversation/flow/source/load.ts';
import { leavingWarnings } from '../../conversation/flow/stopWords.ts';
import { commandLine } from '../../core/commandLine.ts';
import { NoDatabase, UserError } from '../../core/errors.ts';
import { createLog } from '../../core/pinoLog.ts';
import { textFor } from '../../core/texts.ts';
import { useProxy } from '../../core/useProxy.ts';
import { DEFAULT_PROCESS } from '../../process/process.ts';
import { tryPort } from '../web/server.ts';
import { dataFolderFinding } from './dataFolder.ts';
import { type Found, missingFiles, type Probes, unsureReplies, waitingUpdates } from './doctor.ts';
import { during } from './ending.ts';
import { proposalsWaiting, proposedWords } from './proposals.ts';
import { counted, waitingWords } from './words.ts';

const REDIS_REMEDY =
  'See that Redis runs, and that the address is right; unset, the queue lives in the database. Until then people are heard and answered all the same.';

/** One look at each part; the database and the queue are opened as a command opens them. */
export function probes(config: Config): Probes {
  const opened = <T>(look: (core: Base) => Promise<T>): Promise<T> =>
    during(openBase(config, createLog('fatal')), (core) => core.close(), look);
  /** One that is still to be made is the finding of its own probe. */
  const openedIfThere = <T, U>(otherwise: U, look: (core: Base) => Promise<T>): Promise<T | U> =>
    opened(look).catch((error) => {
      if (error instanceof NoDatabase) return otherwise;
      throw error;
    });
  return {
    ...tokenProbes(config),
    data: () => dataFolderFinding(config.dataDir),
    database: () => opened((core) => databaseFindings(core, config)).catch(noDatabaseYet),
    service: async () => {
      const running = await openedIfThere([], ({ views }) => views.services());
      return running.length > 0 ? `runs on this database: ${running.join(', ')}` : portFinding(config);
    },
    process: () => openedIfThere([], processFindings),
    queue: () =>
      openedIfThere([], async ({ queue }) => {
        await queue.start();
        const trouble = queue.trouble();
        if (trouble) throw new UserError(`REDIS_URL: ${trouble}. ${REDIS_REMEDY}`);
        return config.redisUrl ? 'Redis answers' : 'lives in the database and answers';
      }),
    flows: async () => {
      const read = await openFlowRegistry(config.flowsDir).catch(faultsOf);
      // A database that does not answer is the finding of its own probe.
      if (Array.isArray(read)) return [...read, ...(await opened(keptScript).catch(() => []))];
      const process = await opened(({ processes }) => processes.current()).catch(() => null);
      const hints = leavingWarnings(read.messages, (process ?? DEFAULT_PROCESS).languages);
      return [fine('all flows are sound'), ...hints.map((what) => hint(what, null))];
    },
  };
}

/** Asks each platform that is set up whether it knows the tokens; nothing is sent to anybody. */
export const tokenProbes = (config: Config): Probes =>
  Object.fromEntries(
    channelsIn(config).map(({ name, kind, settings }) => [
      name,
      () => useProxy(config.proxy).then(() => kind.probe(settings)),
    ]),
  );

const noDatabaseYet = (error: unknown): Found[] => {
  if (error instanceof NoDatabase) return [hint(error.message, null)];
  throw error;
};

function faultsOf(error: unknown): Found[] {
  if (!(error instanceof UserError)) throw error;
  return error.all.map((what) => ({ state: 'wrong', what, remedy: null }));
}

const keptScript = async ({ views }: Base): Promise<Found[]> =>
  (await views.services()).length === 0
    ? []
    : [
        hint(
          'what was in force before stays so in the running service',
          'Correct the files: they come into force by themselves.',
        ),
      ];

const fine = (what: string): Found => ({ state: 'fine', what, remedy: null });
const hint = (what: string, remedy: string | null): Found => ({ state: 'hint', what, remedy });

async function databaseFindings({ views }: Base, { databaseUrl, dataDir }: Config): Promise<Found[]> {
  const people = await views.countPeople();
  const which = databaseUrl ? 'the one of DATABASE_URL' : `the embedded one in ${path.resolve(dataDir)}`;
  return [
    fine(`${which} answers and is migrated; ${counted(people, 'person is', 'people are')} known`),
    ...waitingUpdates(await (await views.inbox()).countAside()),
    ...unsureReplies(await (await views.unsure()).countReplies()),
    ...missingFiles(await (await views.attachments()).count()),
  ];
}

/** @throws UserError when a service could not listen here */
async function portFinding({ host, port }: Config): Promise<string> {
  await tryPort(host, port);
  return port === 0 ? 'none runs on this database' : `none runs on this database; port ${port} is free for it`;
}

async function processFindings({ views, processes }: Base): Promise<Found[]> {
  const { key, definition: process, closedAt } = await processes.now();
  if (closedAt !== null)
    return [hint(`${key} is closed`, `To begin the next: ${commandLine('process apply FILE.yaml')}`)];
  if (!process)
    return [hint('none is applied', `${commandLine('process apply FILE.yaml')}; flows/example.process.yaml is one.`)];
  const linked = (await (await views.members()).listed()).filter(({ chats }) => chats.length > 0).length;
  const published = await processes.published();
  return [
    published === null
      ? hint(
          `${textFor(process.name, 'en', process.languages)} is applied and not published`,
          commandLine('process publish'),
        )
      : fine(`${textFor(process.name, 'en', process.languages)}, published`),
    linked === 0
      ? hint('nobody is linked as a member: nobody organizes or reads responses in the chat', MEMBERS_REMEDY)
      : fine(`${counted(linked, 'member is', 'members are')} linked`),
    ...[
      ...waitingWords(await (await views.threads()).counts()),
      ...proposedWords(await proposalsWaiting({ views, processes })),
    ].map((what) => hint(what, null)),
  ];
}

const MEMBERS_REMEDY = `${commandLine('members add ID --name NAME --role organizer')} prints a code; they send it to the bot.`;
