import type { Group } from '../../core/inbound.ts';
import { wellFormed } from '../../core/wellFormed.ts';
import { keyOf, type ParsedPayload, parsed } from './parsed.ts';
import type { EventEnvelope } from './payloads.ts';
import type { PayloadReading } from './reading.ts';

/** We ourselves have left, by somebody's doing. */
const LEFT = new Set(['channel_left', 'group_left']);
/** Slack tells this of every public channel, ours or not. */
const ENDED = new Set(['channel_archive', 'channel_deleted', 'group_archive', 'group_deleted']);

/** We were added to a channel, or are no longer in one; null for everything else that happens there. */
export function ofMembership(
  { event_id: unique, event }: EventEnvelope,
  reading: PayloadReading,
  at: number,
): ParsedPayload | null {
  const { type, user, inviter, actor_id, channel } = event;
  const { botUser } = reading;
  if (!channel) return null;
  const group: Group = { key: keyOf(reading.team, channel), address: wellFormed(channel), title: wellFormed(channel) };
  const isOurs = user === botUser;
  if (type === 'member_joined_channel' && isOurs && inviter && inviter !== botUser)
    return parsed(reading, { user: inviter, unique, at, content: { kind: 'added', group } });
  const removed = (by: string | undefined) => {
    const content = { kind: 'removed' as const, group };
    // The person who ends a channel may never have spoken to us, and Slack may not say who removed us.
    if (!by || by === botUser) return parsed(reading, { user: channel, unique, at, content, address: channel });
    return parsed(reading, { user: by, unique, at, content });
  };
  if (LEFT.has(type)) return removed(actor_id);
  return ENDED.has(type) || (type === 'member_left_channel' && isOurs) ? removed(undefined) : null;
}
