import type { AttachmentStore } from '../contributions/attachmentStore.ts';
import type { Inbox } from '../conversation/turn.ts';
import type { NoticeEdits } from '../notices/edits.ts';
import type { Notices } from '../notices/notice.ts';
import type { TestSends } from '../notices/testSend.ts';
import type { Links } from '../people/links.ts';
import type { Attendance } from '../process/events/attendance.ts';
import type { Timelines } from '../process/publication.ts';
import type { ResponseStore } from '../responses/ports.ts';
import type { ProposalReading } from '../responses/proposal.ts';
import type { ThreadReading } from '../responses/thread.ts';
import { createAttachmentStore } from '../store/attachments.ts';
import { createAttendance } from '../store/attendance.ts';
import type { Database } from '../store/database.ts';
import { createInbox } from '../store/inbox.ts';
import { createLinks } from '../store/links.ts';
import { createMembers, type MemberStore } from '../store/members.ts';
import { createNoticeEdits } from '../store/noticeEdits.ts';
import { createNotices } from '../store/notices.ts';
import { createProposals } from '../store/proposals.ts';
import { createResponseStore } from '../store/responses.ts';
import { createTestSends } from '../store/testSends.ts';
import { createThreads } from '../store/threads.ts';
import { createTimelines } from '../store/timelines.ts';

type Kept = Pick<Database, 'pool'>;

// What interfaces may see of what is kept: to change it they ask for an action.

export const attachmentsIn = ({ pool }: Kept): Pick<AttachmentStore, 'find' | 'count'> => createAttachmentStore(pool);

export const attendanceIn = ({ pool }: Kept): Pick<Attendance, 'counts'> => createAttendance(pool);

export const editsIn = ({ pool }: Kept): Pick<NoticeEdits, 'status'> => createNoticeEdits(pool);

export const inboxIn = ({ pool }: Kept): Pick<Inbox, 'countAside'> => createInbox(pool);

export const linksIn = ({ pool }: Kept): Pick<Links, 'arrivals'> => createLinks(pool);

export const membersIn = ({ pool }: Kept): Pick<MemberStore, 'listed'> => createMembers(pool);

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
export const noticesIn = ({ pool }: Kept): Pick<Notices, NoticeReads> => createNotices(pool);

export const proposalsIn = ({ pool }: Kept): Pick<ProposalReading, 'count'> => createProposals(pool);

export const responsesIn = ({ pool }: Kept): Pick<ResponseStore, 'look' | 'releasable'> => createResponseStore(pool);

export const testReadersIn = ({ pool }: Kept): Pick<TestSends, 'onChannel' | 'ofMember'> => createTestSends(pool);

export const threadsIn = ({ pool }: Kept): ThreadReading => createThreads(pool);

export const timelinesIn = ({ pool }: Kept): Pick<Timelines, 'list'> => createTimelines(pool);
