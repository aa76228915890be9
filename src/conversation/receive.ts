import type { Ids } from '../core/clock.ts';
import type { Inbound } from '../core/inbound.ts';
import { createTrouble, type Log } from '../core/log.ts';
import type { UsedButton } from '../delivery/markUsed.ts';
import type { ClaimedReply } from '../delivery/ports.ts';
import { createCommit, type Item, type Made } from './commitTurns.ts';
import { type Inbox, KNOWS_NOBODY } from './inbox.ts';
import { createTurnMaking, type Patience } from './makeTurns.ts';
import { createPersonQueue } from './personQueue.ts';
import { createGiveUp } from './putAside.ts';
import type { Identity, TurnStore, TurnWrite } from './turn.ts';

export interface ReceiveParts {
  inbox: Inbox;
  turns: Pick<TurnStore, 'commit'>;
  /** Takes one update's turn on one identity; changes nothing itself. */
  turn: (inbound: Inbound, known: Identity) => Promise<TurnWrite>;
  /** Handles updates that are not a person's turn, and says whether it was one; the same update twice does no harm. */
  aside?: (inbound: Inbound) => Promise<boolean>;
  /** Resolves when they are sent, or cannot be now. */
  send: (replies: ClaimedReply[]) => Promise<void>;
  /** Called once for each turn that was committed. */
  committed?: (write: TurnWrite, before: Identity) => void;
  /** Called with buttons that were used, and the replies to them. */
  used?: (buttons: UsedButton[], answered: Promise<void>) => void;
  isOutage: (error: unknown) => boolean;
  ids: Ids;
  log: Log;
  patience?: Patience | undefined;
}

export interface Receiver {
  /** Says that something of this person waits. */
  wake(person: string): void;
  /** Wakes people for whom something has waited at least so long; what failed before waits again once it is due. */
  sweep(seconds: number): Promise<void>;
  /** Resolves when nothing is being handled; handlers that are late are not waited for. */
  idle(): Promise<void>;
}

const PATIENCE = { lateMs: 250, hangingMs: 30_000 };
const MOST_SWEPT = 1_000;
const MOST_TAKEN_UP = 50;

/**
 * Handles the inbox: each person's updates in order, one at a time, and many people in one statement. Somebody who
 * sends a flood, or an update that fails or hangs, delays only themselves.
 */
export function createReceiver(parts: ReceiveParts): Receiver {
  const { inbox, isOutage, log, patience = PATIENCE } = parts;
  const people = createPersonQueue(handle);
  const trouble = createTrouble(log, { begins: 'Updates cannot be handled now', ends: 'Updates are handled again' });
  const giveUp = createGiveUp({ inbox, people, isOutage, trouble, log });
  const commit = createCommit({ ...parts, people, giveUp });
  const makeTurns = createTurnMaking({ writeOf, commit, giveUp, patience });

  /** Never rejects: what could not be handled stays in the inbox, and the sweep returns to it. */
  async function handle(keys: string[]): Promise<void> {
    try {
      const due = await inbox.next(keys, () => parts.ids.uuid());
      trouble.over();
      const items = due.map(({ inbound, known, more }) => ({ inbound, known, more, person: inbound.sender.key }));
      await makeTurns(items);
      const found = new Set(due.map(({ inbound }) => inbound.sender.key));
      for (const key of keys) if (!found.has(key)) people.letGo(key, false);
    } catch (error) {
      if (keys.length > 1 && !isOutage(error)) for (const key of keys) await handle([key]);
      else for (const key of keys) await giveUp.next(key, error);
    }
  }

  /** Null where there is nothing to commit. */
  async function writeOf(item: Item): Promise<Made | null> {
    const { inbound, known, person, more } = item;
    if ((await parts.aside?.(inbound)) || (known === null && isOfNobody(inbound))) {
      await inbox.finish(inbound.id);
      people.letGo(person, more);
    } else if (known) return { item, write: await parts.turn(inbound, known), before: known };
    else people.again(person);
    return null;
  }

  async function sweep(seconds: number): Promise<void> {
    await inbox.takeUp(MOST_TAKEN_UP);
    for (const person of await inbox.waitingFor(seconds, MOST_SWEPT)) people.wake(person);
  }

  return { wake: people.wake, sweep, idle: people.idle };
}

/**
 * It is about somebody unknown, for whom no identity is created: an organizer who adds us to a group is answered once
 * they have one.
 */
const isOfNobody = ({ content: { kind } }: Inbound): boolean => kind !== 'added' && KNOWS_NOBODY.includes(kind);
