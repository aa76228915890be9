import { createGroupEvents } from '../conversation/groupEvents.ts';
import type { Spoken } from '../conversation/liveScript.ts';
import type { ProcessView } from '../conversation/processContext.ts';
import { systemClock, systemIds } from '../core/clock.ts';
import { createMemberChat } from '../interfaces/chat/members.ts';
import { createChatPanels } from '../interfaces/chat/panels.ts';
import { noticeMessage } from '../notices/announce.ts';
import type { Notice } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import { createNoticeRecords } from '../notices/records.ts';
import { createContributionStore } from '../store/contributions.ts';
import type { Database } from '../store/database.ts';
import { createGroups } from '../store/groups.ts';
import { createMembers } from '../store/members.ts';
import { createNotices } from '../store/notices.ts';
import { createOverview } from '../store/overview.ts';
import { createResponsePreview } from '../store/responsePreview.ts';
import { createResponseStore } from '../store/responses.ts';
import { openActions } from './actions.ts';
import { openCalendar } from './planning.ts';

/** What notices need that are steered in the chat. */
export interface Steering {
  queue: Pick<Queue, 'startNotice' | 'retryReplies' | 'revise'>;
  holdSeconds: number;
  approvalAbove: number;
}

export interface ChatParts extends Steering {
  spoken: Spoken;
  view: ProcessView;
  secret: string;
}

/** What members do in the chat, on every platform. */
export function composeChat(db: Database, parts: ChatParts) {
  const { pool } = db;
  const { spoken, view, secret, queue, holdSeconds, approvalAbove } = parts;
  const phrasesIn = spoken.catalog('members');
  const [members, groups, notices] = [createMembers(pool), createGroups(pool), createNotices(pool)];
  const time = { clock: systemClock, ids: systemIds };
  const limits = { holdSeconds, approvalAbove };
  const rendering = { notices, secret, chatLink: () => null, openChat: () => '', phrasesIn: spoken.catalog('chat') };
  const anybody = { identityKey: '', recipient: 'person', channel: 'memory' } as const;
  const actions = openActions(db, { process: view.process, queue, ...time, ...limits });
  const organize = createChatPanels({
    members,
    actions,
    records: createNoticeRecords(notices),
    overview: createOverview(pool),
    contributions: createContributionStore(pool),
    responses: createResponseStore(pool),
    preview: createResponsePreview(pool),
    upcoming: openCalendar({ db, phrasesIn: spoken.catalog('outreach'), holdSeconds, clock: systemClock }).upcoming,
    async process() {
      const around = await view.processContext();
      return { languages: around.languages, timeZone: around.process.timeZone };
    },
    noticeIn: (notice: Notice, language: string) =>
      noticeMessage(notice, { ...anybody, language }, { ...rendering, languages: view.lastSeen().languages }),
    phrasesIn,
    frameIn: spoken.catalog('notices'),
    secret,
    clock: systemClock,
    ...limits,
  });
  return {
    organize,
    memberChat: createMemberChat({ members, actions, organize, phrasesIn, secret }),
    aside: createGroupEvents(members, groups),
  };
}
