import type { UsedButton } from '../delivery/markUsed.ts';
import type { ClaimedReply } from '../delivery/ports.ts';
import type { Due } from './inbox.ts';
import type { PersonQueue } from './personQueue.ts';
import type { GiveUp } from './putAside.ts';
import type { Committed, Identity, TurnStore, TurnWrite } from './turn.ts';

/** An update that is being handled; its person is busy until their turn ends. */
export interface Item extends Due {
  person: string;
}
export interface Made {
  item: Item;
  write: TurnWrite;
  before: Identity;
}

export interface CommitParts {
  turns: Pick<TurnStore, 'commit'>;
  people: Pick<PersonQueue, 'again' | 'letGo'>;
  giveUp: Pick<GiveUp, 'on'>;
  /** Resolves when they are sent, or cannot be now. */
  send: (replies: ClaimedReply[]) => Promise<void>;
  /** Called once for each turn that was committed. */
  committed?: (write: TurnWrite, before: Identity) => void;
  /** Called with buttons that were used, and the replies to them. */
  used?: (buttons: UsedButton[], answered: Promise<void>) => void;
  isOutage: (error: unknown) => boolean;
}

/**
 * Commits turns together, sends their replies, and ends them; one that cannot be committed does not delay the others.
 */
export function createCommit(parts: CommitParts): (made: Made[]) => Promise<void> {
  const { people, giveUp, isOutage } = parts;

  async function commit(made: Made[]): Promise<void> {
    if (made.length === 0) return;
    try {
      settle(made, await parts.turns.commit(made.map(({ write }) => write)));
    } catch (error) {
      if (made.length > 1 && !isOutage(error)) for (const one of made) await commit([one]);
      else for (const { item } of made) await giveUp.on(item, error);
    }
  }

  function settle(made: Made[], outcomes: Map<string, Committed>): void {
    const replies: ClaimedReply[] = [];
    const buttons: UsedButton[] = [];
    for (const { item, write, before } of made) {
      const outcome = outcomes.get(write.updateId) ?? { kind: 'stale' };
      if (outcome.kind === 'stale') {
        people.again(item.person);
        continue;
      }
      if (outcome.kind === 'done') {
        parts.committed?.(write, before);
        buttons.push(...usedIn(item, write, before));
        if (outcome.deliveryId) replies.push(replyOf(outcome.deliveryId, write, before));
      }
      people.letGo(item.person, item.more || outcome.kind === 'known');
    }
    const sent = replies.length > 0 ? parts.send(replies) : Promise.resolve();
    if (buttons.length > 0) parts.used?.(buttons, sent);
  }

  return commit;
}

function usedIn(
  { inbound }: Item,
  { used: use, answered, address }: TurnWrite,
  { channel, askedIn }: Identity,
): UsedButton[] {
  const { content } = inbound;
  if (answered && askedIn !== null) return [{ channel, pressed: { delivery: askedIn, ...answered }, use: 'answered' }];
  if (use === null || content.kind !== 'choice' || content.messageId === null || content.shown === undefined) return [];
  const { data, messageId, shown } = content;
  return [{ channel, pressed: { address, messageId, data, shown }, use }];
}

const replyOf = (id: string, write: TurnWrite, { channel }: Identity): ClaimedReply => {
  const { identityId, address, lease, messages, pacing } = write;
  return { id, identityId, channel, address, lease, messages, pacedUntil: pacing.until };
};
