import type { Inbound } from '../core/inbound.ts';
import type { Groups } from '../people/groups.ts';
import { isOrganizer, type Members } from '../people/member.ts';

/**
 * What is about a group, or moves somebody to another address, is nobody's turn: nobody becomes known by it. True when it is
 * done with; an organizer who adds us to a group is answered in a turn of theirs.
 */
export function createGroupEvents(
  members: Pick<Members, 'byIdentity'>,
  groups: Pick<Groups, 'left' | 'moved'>,
): (inbound: Inbound) => Promise<boolean> {
  return async ({ sender, content }) => {
    switch (content.kind) {
      case 'added':
        return !isOrganizer(await members.byIdentity(sender.key));
      case 'removed':
        await groups.left(content.group);
        return true;
      case 'moved':
        await groups.moved(sender.key, content.address);
        return true;
      default:
        return false;
    }
  };
}
