import { KINDS } from '../../notices/kinds.ts';
import type { Notice, NoticeStatus } from '../../notices/notice.ts';
import type { PanelContext } from './context.ts';
import { hasBegun } from './permissions.ts';

/** A notice as it stands now. */
export interface PanelState {
  notice: Notice;
  status: NoticeStatus;
  /** Whom it goes to, or still goes to. */
  people: number;
  /** Who are meant and get nothing: stopped, or not to be reached. */
  left: number;
  begun: boolean;
}

/** @throws UserError when there is no such notice */
export async function stateOf({ records, now }: PanelContext, id: string): Promise<PanelState> {
  const [notice, status] = [await records.find(id), await records.status(id)];
  const begun = hasBegun(status, now);
  // A release has its recipients from the beginning; every other notice finds them when it begins.
  if (begun || KINDS[notice.kind].reaches === 'made_for')
    return { notice, status, begun, people: status.open, left: 0 };
  const { recipients, skipped } = await records.preview(id);
  return { notice, status, begun, people: recipients, left: skipped };
}
