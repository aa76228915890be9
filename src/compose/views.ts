import type { AttachmentStore } from '../contributions/attachmentStore.ts';
import type { TriageReading } from '../contributions/triage.ts';
import type { Inbox } from '../conversation/inbox.ts';
import type { Clock } from '../core/clock.ts';
import type { PhrasesIn } from '../core/loadPhrases.ts';
import type { NoticeEdits } from '../notices/edits.ts';
import type { Notices, UnsureMessage } from '../notices/notice.ts';
import type { Overview } from '../notices/overview.ts';
import type { ReportCount } from '../notices/report.ts';
import type { TestSends } from '../notices/testSend.ts';
import type { AuditEntry, AuditFilter } from '../people/actor.ts';
import type { ConsoleReading } from '../people/console.ts';
import type { Links } from '../people/links.ts';
import type { PersonRecords } from '../people/record.ts';
import type { NoticeCalendar } from '../planning/calendar.ts';
import type { PublicationOutlook } from '../planning/publish.ts';
import type { Attendance } from '../process/events/attendance.ts';
import type { Timelines } from '../process/publication.ts';
import type { FinalizationReading } from '../responses/finalization.ts';
import type { GateReading } from '../responses/gate.ts';
import type { ContributionStore, ResponsePreview, ResponseStore } from '../responses/ports.ts';
import type { ProposalReading } from '../responses/proposal.ts';
import type { ThreadReading } from '../responses/thread.ts';
import type { Database } from '../store/database.ts';
import type { MemberStore } from '../store/members.ts';
import type { Aside, AsideUpdate } from '../store/putAside.ts';

type NoticeReads =
  | 'find'
  | 'list'
  | 'many'
  | 'file'
  | 'count'
  | 'samples'
  | 'status'
  | 'statuses'
  | 'history'
  | 'retryable';

/**
 * What interfaces may see of what is kept; to change it they ask for an action. Each is loaded when it is asked for, so that
 * a command waits for no part but its own.
 */
export interface Views {
  attachments(): Promise<Pick<AttachmentStore, 'find' | 'count'>>;
  attendance(): Promise<Pick<Attendance, 'counts'>>;
  audit(filter: AuditFilter): Promise<AuditEntry[]>;
  /** What goes out when. `phrasesIn`: outreach.yaml. */
  calendar(parts: { phrasesIn: PhrasesIn; clock: Clock; holdSeconds: number }): Promise<NoticeCalendar>;
  /** Links into the console, and the sessions there. */
  consoleSessions(): Promise<ConsoleReading>;
  contributions(): Promise<ContributionStore>;
  edits(): Promise<Pick<NoticeEdits, 'status'>>;
  /** What a process still owes. */
  gate(): Promise<GateReading>;
  finalizations(): Promise<FinalizationReading>;
  inbox(): Promise<Pick<Inbox, 'countAside'>>;
  links(): Promise<Pick<Links, 'arrivals'>>;
  members(): Promise<Pick<MemberStore, 'listed' | 'find'>>;
  notices(): Promise<Pick<Notices, NoticeReads>>;
  /** What members see at a glance. */
  overview(): Promise<Pick<Overview, 'cameIn' | 'counts'>>;
  people(): Promise<PersonRecords>;
  countPeople(): Promise<number>;
  proposals(): Promise<Pick<ProposalReading, 'open' | 'waitingFor'>>;
  /** What making a timeline public would do. */
  publication(clock: Clock): Promise<PublicationOutlook>;
  /** Updates that could not be handled, the newest first. */
  asideUpdates(): Promise<Aside[]>;
  /** One of them; null when nothing of this id was put aside. */
  asideUpdate(id: string): Promise<AsideUpdate | null>;
  /** Who had a notice, and who answered it or one of these questions. */
  report(notice: string, questions: readonly string[]): Promise<ReportCount[]>;
  responsePreview(): Promise<ResponsePreview>;
  responses(): Promise<Pick<ResponseStore, 'look' | 'releasable'>>;
  /** The services that run on this database, of all machines: `all 4711@host`. */
  services(): Promise<string[]>;
  /** What buttons are signed with. */
  signingSecret(): Promise<string>;
  testReaders(): Promise<Pick<TestSends, 'onChannel' | 'ofMember'>>;
  threads(): Promise<ThreadReading>;
  triage(): Promise<TriageReading>;
  timelines(): Promise<Pick<Timelines, 'list'>>;
  unsure(): Promise<{ list(notice: string | null): Promise<UnsureMessage[]>; countReplies(): Promise<number> }>;
}

export function viewsOf(db: Database): Views {
  const { pool } = db;
  return {
    attachments: async () => (await import('../store/attachments.ts')).createAttachmentStore(pool),
    attendance: async () => (await import('../store/attendance.ts')).createAttendance(pool),
    audit: async (filter) => (await import('../store/audit.ts')).listAudit(db, filter),
    calendar: async (parts) => (await import('./planningViews.ts')).calendarIn(db, parts),
    consoleSessions: async () => (await import('../store/consoleSessions.ts')).createConsoleSessions(pool),
    contributions: async () => (await import('../store/contributions.ts')).createContributionStore(pool),
    edits: async () => (await import('../store/noticeEdits.ts')).createNoticeEdits(pool),
    gate: async () => (await import('../store/gate.ts')).createGate(pool),
    finalizations: async () => (await import('../store/finalizations.ts')).createFinalizations(pool),
    inbox: async () => (await import('../store/inbox.ts')).createInbox(pool),
    links: async () => (await import('../store/links.ts')).createLinks(pool),
    members: async () => (await import('../store/members.ts')).createMembers(pool),
    notices: async () => (await import('../store/notices.ts')).createNotices(pool),
    overview: async () => (await import('../store/overview.ts')).createOverview(pool),
    people: async () => (await import('../store/record.ts')).createPersonRecords(pool),
    countPeople: async () => (await db.prisma()).identity.count({ where: { kind: 'person' } }),
    proposals: async () => (await import('../store/proposals.ts')).createProposals(pool),
    publication: async (clock) => (await import('./planningViews.ts')).publicationOutlookIn(db, clock),
    asideUpdates: async () => (await import('../store/putAside.ts')).listAside(db),
    asideUpdate: async (id) => (await import('../store/putAside.ts')).findAside(db, id),
    report: async (notice, questions) => (await import('../store/report.ts')).reportCounts(pool, notice, questions),
    responsePreview: async () => (await import('../store/responsePreview.ts')).createResponsePreview(pool),
    responses: async () => (await import('../store/responses.ts')).createResponseStore(pool),
    services: async () => (await import('../store/services.ts')).runningServices(pool),
    signingSecret: async () => (await import('../store/settings.ts')).signingSecret(db),
    testReaders: async () => (await import('../store/testSends.ts')).createTestSends(pool),
    threads: async () => (await import('../store/threads.ts')).createThreads(pool),
    timelines: async () => (await import('../store/timelines.ts')).createTimelines(pool),
    triage: async () => (await import('../store/triage.ts')).createTriage(pool),
    unsure: async () => (await import('../store/unsure.ts')).createUnsure(pool),
  };
}
