import type { NoticeDraft } from '../notices/file.ts';
import type { Notice } from '../notices/notice.ts';
import { existing } from '../notices/records.ts';
import { OPERATOR } from '../people/actor.ts';
import type { Standing } from './permission.ts';
import type { Writes } from './writes.ts';

/** How a notice stands, as far as the table asks. Its author may be the operator who has scheduled it. */
export const standingOf = ({ kind, state, scheduledBy, createdBy }: NoticeStanding): Standing => ({
  ...{ kind, state },
  firsts: scheduledBy === null || scheduledBy === OPERATOR ? [scheduledBy, createdBy] : [scheduledBy],
});
export type NoticeStanding = Pick<Notice, 'kind' | 'state' | 'scheduledBy' | 'createdBy'>;

/** A notice, held until the action is done. @throws UserError when there is none of this id */
export const held =
  (id: string) =>
  async ({ notices }: Writes): Promise<Standing & { notice: Notice }> => {
    const notice = existing(id, await notices.hold(id));
    return { notice, ...standingOf(notice), called: `Notice ${id}` };
  };

/** A file that a notice brings, before it is kept. */
export interface NoticeFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

/** The draft with the id of its file, which is kept with it. */
export async function withFile(draft: NoticeDraft, file: NoticeFile | null, { notices }: Writes): Promise<NoticeDraft> {
  if (file === null) return draft;
  const { name, mime } = file;
  return { ...draft, attachment: { name, mime, file: await notices.keepFile(file) } };
}
