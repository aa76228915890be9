import type { AttachmentStore } from '../contributions/attachmentStore.ts';
import type { Links } from '../people/links.ts';
import type { Attendance } from '../process/events/attendance.ts';
import type { Timelines } from '../process/publication.ts';
import type { ResponseStore } from '../responses/ports.ts';
import { createAttachmentStore } from '../store/attachments.ts';
import { createAttendance } from '../store/attendance.ts';
import type { Database } from '../store/database.ts';
import { createLinks } from '../store/links.ts';
import { createMembers, type MemberStore } from '../store/members.ts';
import { createResponseStore } from '../store/responses.ts';
import { createTimelines } from '../store/timelines.ts';

type Kept = Pick<Database, 'pool'>;

// What interfaces may see of what is kept: to change it they ask for an action.

export const attachmentsIn = ({ pool }: Kept): Pick<AttachmentStore, 'find'> => createAttachmentStore(pool);

export const attendanceIn = ({ pool }: Kept): Pick<Attendance, 'counts'> => createAttendance(pool);

export const linksIn = ({ pool }: Kept): Pick<Links, 'arrivals'> => createLinks(pool);

export const membersIn = ({ pool }: Kept): Pick<MemberStore, 'listed'> => createMembers(pool);

export const responsesIn = ({ pool }: Kept): Pick<ResponseStore, 'look' | 'releasable'> => createResponseStore(pool);

export const timelinesIn = ({ pool }: Kept): Pick<Timelines, 'list'> => createTimelines(pool);
