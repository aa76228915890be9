import { type NoticeStanding, standingOf } from '../../actions/heldNotice.ts';
import { may } from '../../actions/permission.ts';
import type { ActionName } from '../../actions/table.ts';
import { KINDS } from '../../notices/kinds.ts';
import type { Notice, NoticeChange, NoticeStatus } from '../../notices/notice.ts';
import type { Member } from '../../people/member.ts';

/** What can be done with a notice. */
export type PanelAction = 'approve' | 'schedule' | NoticeChange;

type Standing = NoticeStanding & Pick<Notice, 'approval'>;

/** What is offered, in the order of the buttons, where the table lets it be done. */
const OFFERED: { deed: PanelAction; action: ActionName; when: (notice: Standing) => boolean }[] = [
  { deed: 'approve', action: 'notices.approve', when: ({ approval }) => approval === 'needed' },
  {
    deed: 'schedule',
    action: 'notices.schedule',
    when: ({ state, kind }) => state === 'draft' && KINDS[kind].reaches !== 'made_for',
  },
  { deed: 'pause', action: 'notices.pause', when: () => true },
  { deed: 'resume', action: 'notices.resume', when: () => true },
  { deed: 'cancel', action: 'notices.cancel', when: ({ state }) => state !== 'draft' },
];

/** What this member may do with a notice as it stands. */
export const actionsFor = (notice: Standing, member: Member): PanelAction[] =>
  OFFERED.filter(({ action, when }) => when(notice) && may(action, member, standingOf(notice))).map(({ deed }) => deed);

/** Whether messages may have gone out; a release has its recipients before that, and its moment before it is approved. */
export const hasBegun = (
  { recipients, at, approval }: Pick<NoticeStatus, 'recipients' | 'at' | 'approval'>,
  now: number,
): boolean => recipients > 0 && approval !== 'needed' && (at === null || at.getTime() <= now);

/** Whether a change has come about already: by the same press, handled twice, or by somebody else's. */
export const isSo = (change: NoticeChange, { state }: Pick<NoticeStatus, 'state'>): boolean =>
  change === 'pause'
    ? state === 'paused'
    : change === 'cancel'
      ? state === 'cancelled'
      : ['scheduled', 'running', 'done'].includes(state);
