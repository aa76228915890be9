import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import {
  type AudienceCount,
  type Notice,
  type NoticeEvent,
  type NoticeStatus,
  type Notices,
  recipientsIn,
} from './notice.ts';

export interface NoticePreview {
  notice: Notice;
  audience: AudienceCount[];
  recipients: number;
  skipped: number;
}

/** Stored facts about notices. Each method throws a UserError when no notice has that id. */
export interface NoticeRecords {
  find(id: string): Promise<Notice>;
  preview(id: string): Promise<NoticePreview>;
  status(id: string): Promise<NoticeStatus>;
  statuses(process?: number | null): Promise<NoticeStatus[]>;
  /** What was done with it, the oldest first. */
  history(id: string): Promise<NoticeEvent[]>;
}

type Read = Pick<Notices, 'find' | 'count' | 'status' | 'statuses' | 'history'>;

export function createNoticeRecords(notices: Read): NoticeRecords {
  const find = async (id: string) => existing(id, await notices.find(id));
  return {
    find,
    async preview(id) {
      const notice = await find(id);
      const audience = await notices.count(notice);
      const skipped = audience.reduce((total, row) => total + row.skipped, 0);
      return { notice, audience, recipients: recipientsIn(audience), skipped };
    },
    status: async (id) => existing(id, await notices.status(id)),
    statuses: notices.statuses,
    history: async (id) => (await find(id)) && notices.history(id),
  };
}

/** @throws UserError when there is none */
export function existing<T>(id: string, notice: T | null): T {
  if (notice !== null) return notice;
  throw new UserError(`There is no notice ${id}. \`${commandLine('notices status')}\` lists them all.`);
}
