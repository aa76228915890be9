import type { ActionParts } from '../actions/actions.ts';
import type { ThreadActionParts } from '../actions/threads.ts';
import { asideNews } from '../contributions/setAside.ts';
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
import { scheduledNews } from '../notices/scheduledNews.ts';
import { quorumOf } from '../responses/quorum.ts';
import { rejectedNews } from '../responses/rejectedNews.ts';
import { createMemberTelling } from '../responses/tellMembers.ts';
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
  /** Where browsers reach this service: known when it listens. */
  publicUrl(): string;
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
  const threadMessages = threadMessagesIn(parts);
  const membersIn = spoken.catalog('members');
  const toProposer: ActionParts['rejectedNews'] = async (rejected, { key, language }) =>
    rejectedNews(rejected, key, { phrases: membersIn(language), secret });
  const toOrganizer: ActionParts['scheduledNews'] = async (news, chat) =>
    scheduledNews(news, chat, {
      ...{ phrases: membersIn(chat.language), process: await view.process(), secret, now: clock() },
    });
  const chatIn = spoken.catalog('chat');
  const toAuthor: ActionParts['asideNews'] = async (news, reader) =>
    asideNews(news, reader, { phrases: chatIn(reader.language), secret, process: await view.process() });
  const actions = openActions(db, {
    ...{ process: view.process, queue, planner, clock, ids, holdSeconds, approvalAbove },
    ...{ threadMessages, rejectedNews: toProposer, scheduledNews: toOrganizer, asideNews: toAuthor },
  });
  const organize = panelsIn(db, stores, parts, actions);
  const { members, contributions, responses, threads, decisionDrafts: drafts } = stores;
  const shared = { members, actions, organize, contributions, responses, drafts, clock, phrasesIn: membersIn, secret };
  return {
    actions,
    organize,
    decisions: createDecisionForms(shared),
    memberChat: createMemberChat({
      ...{
        ...shared,
        threads,
        proposals: stores.proposals,
        memberNews: stores.memberNews,
        threadMessages,
        overview: stores.overview,
        download: parts.download,
        publicUrl: parts.publicUrl,
      },
      languages: async () => (await view.processContext()).languages,
    }),
    threadMessages,
    rejectedNews: toProposer,
    scheduledNews: toOrganizer,
    asideNews: toAuthor,
    ...memberNewsIn(db, parts),
    aside: createGroupEvents(members, stores.groups),
  };
}

/** What the person of a thread reads. */
function threadMessagesIn({ spoken, view, secret }: ChatParts): ThreadActionParts['threadMessages'] {
  const phrasesIn = spoken.catalog('chat');
  return async (thread, end) => threadMessages(thread, end, { phrasesIn, process: await view.process(), secret });
}

/** What the bot tells members by itself. */
function memberNewsIn({ pool }: Database, { spoken, view, secret, queue, clock }: ChatParts) {
  const shared = {
    ...{ queue, phrasesIn: spoken.catalog('members'), secret, clock },
    async process() {
      const { languages, process } = await view.processContext();
      return { languages, timeZone: process.timeZone };
    },
  };
  return {
    tellMembers: createMemberTelling({ ...shared, telling: createThreadTelling(pool) }),
    tellWhatWaits: createWaitingNews({ ...shared, waiting: createWaitingTelling(pool) }),
  };
}

function panelsIn(db: Database, stores: Stores, parts: ChatParts, actions: ReturnType<typeof openActions>) {
  const { spoken, view, secret, holdSeconds, approvalAbove, clock } = parts;
  const { notices } = stores;
  const rendering = { notices, secret, chatLink: () => null, openChat: () => '', phrasesIn: spoken.catalog('chat') };
  const anybody = { identityKey: '', recipient: 'person', channel: '' } as const;
  return createChatPanels({
    members: stores.members,
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
      return { languages: around.languages, timeZone, themes, quorum: quorumOf(around.process) };
    },
    noticeIn: (notice: Notice, language: string) =>
      noticeMessage(notice, { ...anybody, language }, { ...rendering, ...view.lastSeen(), now: clock() }),
    phrasesIn: spoken.catalog('members'),
    frameIn: spoken.catalog('notices'),
    ...{ secret, clock, holdSeconds, approvalAbove },
  });
}
