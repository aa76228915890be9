import type { Clock, Ids } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Notice, Notices } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import { canonical } from '../process/publication.ts';
import { isToBeMade, LATE_MS } from './reminders.ts';
import type { Planned, PlannedNotices } from './scheduledNotices.ts';

/** What the upkeep of the calendar's notices needs. */
export interface UpsertParts {
  planned: PlannedNotices;
  notices: Pick<Notices, 'create'>;
  queue: Pick<Queue, 'startNotice'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** A notice as the calendar wants it. */
export type WantedNotice = Omit<Notice, 'id' | 'state' | 'at' | 'origin'> & { origin: string; at: Date };

export async function make(wanted: WantedNotice, { notices, queue, ids, clock, log }: UpsertParts): Promise<void> {
  const notice: Notice = { ...wanted, id: Buffer.from(ids.bytes(6)).toString('hex'), state: 'scheduled' };
  if (!(await notices.create(notice, new Date(clock())))) return;
  log.info('A notice was created from the calendar', { notice: notice.id, kind: notice.kind });
  queue.startNotice(notice.id, Math.max(0, wanted.at.getTime() - clock()));
}

/** Creates, changes or brings back one notice, unless it has begun or somebody has cancelled it. */
export async function upsertScheduled(
  wanted: WantedNotice,
  made: Planned | undefined,
  parts: UpsertParts,
): Promise<void> {
  const { planned, clock } = parts;
  const { at, texts, buttons, until, approval, approvedBy, scheduledBy } = wanted;
  const change = { at, texts, buttons, until, approval, approvedBy, scheduledBy };
  const due = isToBeMade({ at: at.getTime(), until: until?.getTime() ?? Number.POSITIVE_INFINITY }, clock());
  if (made === undefined) return due ? make(wanted, parts) : undefined;
  if (made.begun) return;
  if (made.withdrawn) return void (due && (await planned.revive(made.id, change)));
  if (canonical(changeOf(change)) === canonical(changeOf(made))) return;
  // What was due before still goes out; what is overdue only because its date was moved does not.
  const overdue = made.at?.getTime() !== at.getTime() && at.getTime() < clock() - LATE_MS;
  await (overdue ? planned.withdraw([made.id]) : planned.change(made.id, change));
}

const changeOf = ({ at, texts, buttons, until }: Pick<Planned, 'at' | 'texts' | 'buttons' | 'until'>) => ({
  ...{ at: at?.toISOString(), until: until?.toISOString() },
  ...{ texts, buttons },
});

/** What the calendar has created so far, by origin. */
export const byOrigin = (made: readonly Planned[]): ReadonlyMap<string, Planned> =>
  new Map(made.map((notice) => [notice.origin, notice]));

/** Withdraws notices that have not begun. */
export async function withdraw(all: readonly Planned[], { planned, log }: UpsertParts): Promise<void> {
  const open = all.filter(({ begun, state }) => !begun && (state === 'scheduled' || state === 'paused'));
  if (open.length === 0) return;
  const count = await planned.withdraw(open.map(({ id }) => id));
  log.info('Notices that are no longer in the calendar were withdrawn', { count });
}
