import { type ForgetList, noForgetList } from '../people/forgetList.ts';
import { createAttachmentStore } from '../store/attachments.ts';
import { createAttendance } from '../store/attendance.ts';
import { createAudit } from '../store/audit.ts';
import { createKeeping } from '../store/canKeep.ts';
import { createConsoleSessions } from '../store/consoleSessions.ts';
import { createContributionStore } from '../store/contributions.ts';
import { currentNotices } from '../store/currentNotices.ts';
import type { Database } from '../store/database.ts';
import { createDecisionDrafts } from '../store/decisionDrafts.ts';
import { createErasure } from '../store/erasure.ts';
import { createFinalizations } from '../store/finalizations.ts';
import { createFlowVersionStore, createScripts } from '../store/flowVersions.ts';
import { createGate } from '../store/gate.ts';
import { createGroups } from '../store/groups.ts';
import { createHomeViews } from '../store/homeViews.ts';
import { createInbox } from '../store/inbox.ts';
import { createLinks } from '../store/links.ts';
import { createMemberNews } from '../store/memberNews.ts';
import { createMembers } from '../store/members.ts';
import { createNoticeEdits } from '../store/noticeEdits.ts';
import { createNotices } from '../store/notices.ts';
import { createOverview } from '../store/overview.ts';
import { createOwnContributions } from '../store/ownContributions.ts';
import { createPlannedNotices } from '../store/plannedNotices.ts';
import { createProcesses } from '../store/processes.ts';
import { createProposals } from '../store/proposals.ts';
import { createPersonRecords } from '../store/record.ts';
import { createResponsePreview } from '../store/responsePreview.ts';
import { createResponseStore } from '../store/responses.ts';
import { createRetention } from '../store/retention.ts';
import { createSearchIndex } from '../store/searchIndex.ts';
import { createSharedRateLimit } from '../store/sharedRateLimit.ts';
import { createSubjects } from '../store/subjects.ts';
import { createTestSends } from '../store/testSends.ts';
import { createThreads } from '../store/threads.ts';
import { createTimelines } from '../store/timelines.ts';
import { createTriage } from '../store/triage.ts';
import { createTurnStore } from '../store/turns.ts';
import { createUnsure } from '../store/unsure.ts';

/** What actions write: on a pool, or on the connection of one transaction. */
export const writesOn = (db: Parameters<typeof createResponseStore>[0], forgetList: ForgetList = noForgetList) => ({
  audit: createAudit(db),
  members: createMembers(db),
  console: createConsoleSessions(db),
  groups: createGroups(db),
  links: createLinks(db),
  notices: createNotices(db),
  revisions: createNoticeEdits(db),
  testSends: createTestSends(db),
  responses: createResponseStore(db),
  processes: createProcesses({ pool: db }),
  timelines: createTimelines(db),
  erasure: createErasure(db, forgetList),
  people: createPersonRecords(db),
  threads: createThreads(db),
  proposals: createProposals(db),
  decisionDrafts: createDecisionDrafts(db),
  memberNews: createMemberNews(db),
  triage: createTriage(db),
  gate: createGate(db),
  finalizations: createFinalizations(db),
});

/** A store for each aggregate of a database; each is made once. */
export function storesOn({ pool }: Pick<Database, 'pool'>, forgetList: ForgetList = noForgetList) {
  return {
    ...writesOn(pool, forgetList),
    attachments: createAttachmentStore(pool),
    attendance: createAttendance(pool),
    contributions: createContributionStore(pool),
    currentNotices: currentNotices(pool),
    flowVersions: createFlowVersionStore(pool),
    homeViews: createHomeViews(pool),
    inbox: createInbox(pool),
    subjects: createSubjects(pool),
    keeping: createKeeping(pool),
    overview: createOverview(pool),
    ownContributions: createOwnContributions(pool),
    plannedNotices: createPlannedNotices(pool),
    rateLimit: createSharedRateLimit(pool),
    responsePreview: createResponsePreview(pool),
    retention: createRetention(pool),
    scripts: createScripts(pool),
    searchIndex: createSearchIndex(pool),
    turns: createTurnStore(pool, forgetList),
    unsure: createUnsure(pool),
  };
}
export type Stores = ReturnType<typeof storesOn>;
