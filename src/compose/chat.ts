import type { ActionParts } from '../actions/actions.ts';
import type { ThreadActionParts } from '../actions/threads.ts';
import { createGroupEvents } from '../conversation/groupEvents.ts';
import type { Spoken } from '../conversation/liveScript.ts';
import type { ProcessView } from '../conversation/processContext.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Ambient } from '../core/clock.ts';
import { createDecisionForms } from '../interfaces/chat/decisionForm.ts';
import { createMemberChat } from '../interfaces/chat/members.ts';
import { createChatPanels } from '../interfaces/chat/panels.ts';
import { noticeMessage } from '../notices/announce.ts';
import type { Notice } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import { createNoticeRecords } from '../notices/records.ts';
import { createMemberTelling } from '../responses/tellMembers.ts';
import { threadTerms } from '../responses/thread.ts';
import { threadMessages } from '../responses/threadMessages.ts';
import { createWaitingNews } from '../responses/waitingForMembers.ts';
import type { Database } from '../store/database.ts';
import { createThreadTelling } from '../store/threadTelling.ts';
import { createWaitingTelling } from '../store/waitingTelling.ts';
import { openActions } from './actions.ts';
import { calendarIn } from './planningViews.ts';
import type { Stores } from './stores.ts';

/** What notices need that are steered in the chat. */
export interface Steering extends Ambient {
  planner: ActionParts['planner'];
  queue: Pick<Queue, 'startNotice' | 'retryReplies' | 'revise'>;
  holdSeconds: number;
  approvalAbove: number;
  /** A file that somebody has sent, from the platform. @throws SendError when it is not given */
  download(channel: ChannelName, ref: string): Promise<Uint8Array>;
}

export interface ChatParts extends Steering {
  spoken: Spoken;
  view: ProcessView;
  secret: string;
}

/** What members do in the chat, on every platform. */
export function composeChat(db: Database, stores: Stores, parts: ChatParts) {
  const { spoken, view, secret, queue, planner, holdSeconds, approvalAbove, clock, ids } = parts;
  const phrasesIn = spoken.catalog('members');
  const { members, groups, notices } = stores;
  const limits = { holdSeconds, approvalAbove };
  const rendering = { notices, secret, chatLink: () => null, openChat: () => '', phrasesIn: spoken.catalog('chat') };
  const anybody = { identityKey: '', recipient: 'person', channel: '' } as const;
  const chatIn = spoken.catalog('chat');
  const inThread: ThreadActionParts['threadMessages'] = async (thread, end) => {
    const { goOnHours: hours } = threadTerms(await view.process());
    return threadMessages(thread, end, { phrases: chatIn(thread.reader.language), secret, hours });
  };
  const actions = openActions(db, {
    ...{ process: view.process, queue, planner, threadMessages: inThread, clock, ids, ...limits },
  });
  const organize = createChatPanels({
    members,
    actions,
    records: createNoticeRecords(notices),
    overview: stores.overview,
    contributions: stores.contributions,
    responses: stores.responses,
    preview: stores.responsePreview,
    threads: stores.threads,
    proposals: stores.proposals,
    attachments: stores.attachments,
    upcoming: calendarIn(db, { phrasesIn: spoken.catalog('outreach'), holdSeconds, clock }).upcoming,
    async process() {
      const around = await view.processContext();
      const { timeZone, themes } = around.process;
      return { languages: around.languages, timeZone, themes };
    },
    noticeIn: (notice: Notice, language: string) =>
      noticeMessage(notice, { ...anybody, language }, { ...rendering, ...view.lastSeen(), now: clock() }),
    phrasesIn,
    frameIn: spoken.catalog('notices'),
    secret,
    clock,
    ...limits,
  });
  const spokenIn = async () => {
    const { languages, process } = await view.processContext();
    return { languages, timeZone: process.timeZone };
  };
  const telling = { queue, phrasesIn, process: spokenIn, secret, clock };
  return {
    organize,
    decisions: createDecisionForms({
      members,
      actions,
      organize,
      contributions: stores.contributions,
      responses: stores.responses,
      drafts: stores.decisionDrafts,
      phrasesIn,
      secret,
      clock,
    }),
    memberChat: createMemberChat({
      members,
      actions,
      organize,
      threads: stores.threads,
      contributions: stores.contributions,
      responses: stores.responses,
      download: parts.download,
      phrasesIn,
      secret,
    }),
    threadMessages: inThread,
    tellMembers: createMemberTelling({ ...telling, telling: createThreadTelling(db.pool) }),
    tellWhatWaits: createWaitingNews({ ...telling, waiting: createWaitingTelling(db.pool) }),
    aside: createGroupEvents(members, groups),
  };
}
