import { KINDS, mayRun } from '../../domain/kinds.ts';
import { type Member, mayApprove } from '../../domain/member.ts';
import type { Notice, NoticeChange, NoticeStatus } from '../../domain/notice.ts';

/** What can be done with a notice. */
export type Deed = 'approve' | 'schedule' | NoticeChange;

/** What this member may do with a notice as it stands, in the order of the buttons. */
export function deedsFor(
  { kind, state, approval, scheduledBy }: Pick<Notice, 'kind' | 'state' | 'approval' | 'scheduledBy'>,
  member: Member,
): Deed[] {
  const waits = approval === 'needed' && ['scheduled', 'paused'].includes(state);
  const runs = mayRun(member, kind);
  return [
    ...(waits && mayApprove(member) && scheduledBy !== member.id ? ['approve' as const] : []),
    ...(runs && state === 'draft' && KINDS[kind].reaches !== 'made_for' ? ['schedule' as const] : []),
    ...(runs && ['scheduled', 'running'].includes(state) ? ['pause' as const] : []),
    ...(runs && state === 'paused' ? ['resume' as const] : []),
    ...(runs && ['scheduled', 'running', 'paused'].includes(state) ? ['cancel' as const] : []),
  ];
}

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
