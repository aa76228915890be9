import path from 'node:path';
import { openActions } from './acting.ts';
import { noticeMessage } from './app/announce.ts';
import { createGroupDoor, createMemberDesk } from './app/members.ts';
import { createNoticeRecords } from './app/noticeRecords.ts';
import { createOrganize } from './app/organize/organize.ts';
import { loadPhrases } from './app/phrases.ts';
import type { ProcessView } from './app/surroundings.ts';
import { systemClock, systemIds } from './domain/clock.ts';
import type { Notice } from './domain/notice.ts';
import type { Queue } from './domain/ports.ts';
import type { Phrases } from './domain/response.ts';
import { openCalendar } from './outreach.ts';
import { createContributionStore } from './store/contributions.ts';
import type { Database } from './store/database.ts';
import { createGroups } from './store/groups.ts';
import { createMembers } from './store/members.ts';
import { createNotices } from './store/notices.ts';
import { createOverview } from './store/overview.ts';
import { createResponsePreview } from './store/responsePreview.ts';
import { createResponseStore } from './store/responses.ts';

/** What notices need that are steered in the chat. */
export interface Steering {
  queue: Pick<Queue, 'startNotice' | 'retryReplies' | 'revise'>;
  holdSeconds: number;
  approvalAbove: number;
}

export interface OrganizingParts extends Steering {
  flowsDir: string;
  /** Of the process, in the order in which texts fall back. */
  languages: readonly string[];
  view: ProcessView;
  /** What the chat says. */
  chatIn: (language: string | null) => Phrases;
  secret: string;
}

/** What members do in the chat, on every platform. */
export async function createOrganizing(db: Database, parts: OrganizingParts) {
  const { pool } = db;
  const { flowsDir, languages, view, chatIn, secret, queue, holdSeconds, approvalAbove } = parts;
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'members.yaml'), languages);
  const frameIn = await loadPhrases(path.join(flowsDir, 'notices.yaml'), languages);
  const [members, groups, notices] = [createMembers(pool), createGroups(pool), createNotices(pool)];
  const time = { clock: systemClock, ids: systemIds };
  const limits = { holdSeconds, approvalAbove };
  const rendering = { notices, secret, languages, chatLink: () => null, openChat: () => '', phrasesIn: chatIn };
  const anybody = { identityKey: '', recipient: 'person', channel: 'memory' } as const;
  const organize = createOrganize({
    members,
    actions: openActions(db, { process: view.process, queue, ...time, ...limits }),
    records: createNoticeRecords(notices),
    overview: createOverview(pool),
    contributions: createContributionStore(pool),
    responses: createResponseStore(pool),
    preview: createResponsePreview(pool),
    upcoming: async (until) => (await openCalendar({ db, flowsDir, holdSeconds, clock: systemClock })).upcoming(until),
    async process() {
      const around = await view.surroundings();
      return { languages: around.languages, timeZone: around.world(languages[0] ?? 'en', systemClock()).timeZone };
    },
    noticeIn: (notice: Notice, language: string) => noticeMessage(notice, { ...anybody, language }, rendering),
    phrasesIn,
    frameIn,
    secret,
    clock: systemClock,
    ...limits,
  });
  return {
    organize,
    desk: createMemberDesk({ members, groups, organize, phrasesIn, secret, clock: systemClock }),
    aside: createGroupDoor(members, groups),
  };
}
