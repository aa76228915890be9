import path from 'node:path';
import { type ActionParts, type Actions, createActions } from '../actions/actions.ts';
import { createPerform } from '../actions/perform.ts';
import type { ActionStore } from '../actions/writes.ts';
import type { Config } from '../config.ts';
import { asideNews } from '../contributions/setAside.ts';
import { systemClock, systemIds } from '../core/clock.ts';
import { loadPhrases } from '../core/loadPhrases.ts';
import { silentLog } from '../core/log.ts';
import { scheduledNews } from '../notices/scheduledNews.ts';
import { type ForgetList, noForgetList } from '../people/forgetList.ts';
import { DEFAULT_PROCESS } from '../process/process.ts';
import { rejectedNews } from '../responses/rejectedNews.ts';
import { threadMessages } from '../responses/threadMessages.ts';
import type { Database } from '../store/database.ts';
import { signingSecret } from '../store/settings.ts';
import { transaction } from '../store/transaction.ts';
import type { Base } from './base.ts';
import { openPlannerOnDemand } from './planner.ts';
import { writesOn } from './stores.ts';

/** Everything that members and operators do, on this database: each in one transaction. */
export function openActions(
  { pool }: Pick<Database, 'pool'>,
  parts: Omit<ActionParts, 'perform' | 'expect' | 'store'>,
  forgetList: ForgetList = noForgetList,
): Actions {
  const store: ActionStore = { transaction: (work) => transaction(pool, (db) => work(writesOn(db, forgetList))) };
  return createActions({ ...parts, store, ...createPerform({ store, clock: parts.clock }) });
}

/** The same for commands. */
export function openTerminalActions({ db, queue, processes, forgetList }: Base, config: Config): Actions {
  const { flowsDir, approvalAbove, noticeHoldSeconds: holdSeconds } = config;
  const process = async () => (await processes.current()) ?? DEFAULT_PROCESS;
  const parts = { queue, clock: systemClock, ids: systemIds, holdSeconds };
  const planner = openPlannerOnDemand(db, { ...parts, flowsDir, log: silentLog });
  const inThread: ActionParts['threadMessages'] = async (thread, end) => {
    const definition = await process();
    const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), definition.languages);
    return threadMessages(thread, end, { phrasesIn, process: definition, secret: await signingSecret(db) });
  };
  const toProposer: ActionParts['rejectedNews'] = async (rejected, { key, language }) => {
    const phrasesIn = await loadPhrases(path.join(flowsDir, 'members.yaml'), (await process()).languages);
    return rejectedNews(rejected, key, { phrases: phrasesIn(language), secret: await signingSecret(db) });
  };
  const toOrganizer: ActionParts['scheduledNews'] = async (news, chat) => {
    const definition = await process();
    const phrasesIn = await loadPhrases(path.join(flowsDir, 'members.yaml'), definition.languages);
    const around = { process: definition, secret: await signingSecret(db), now: systemClock() };
    return scheduledNews(news, chat, { phrases: phrasesIn(chat.language), ...around });
  };
  const toAuthor: ActionParts['asideNews'] = async (news, reader) => {
    const definition = await process();
    const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), definition.languages);
    const parts = { phrases: phrasesIn(reader.language), secret: await signingSecret(db), process: definition };
    return asideNews(news, reader, parts);
  };
  const said = { threadMessages: inThread, rejectedNews: toProposer, scheduledNews: toOrganizer, asideNews: toAuthor };
  return openActions(db, { ...parts, approvalAbove, planner, process, ...said }, forgetList);
}
