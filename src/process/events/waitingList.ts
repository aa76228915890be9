import type { StoredProcess } from '../stored.ts';
import type { Attendance } from './attendance.ts';
import { eventsToCome, seatsOf } from './event.ts';

/**
 * Gives out the seats that have become free without anybody's answer: there are more of them than before, or somebody in
 * line can be reached again. Of a process that is over none are. Any number of services may do it at once. Gives how many.
 */
export async function promoteSeats(
  attendance: Attendance,
  { id: process, definition, closedAt }: Pick<StoredProcess, 'id' | 'definition' | 'closedAt'>,
  now: number,
): Promise<number> {
  if (definition === null || closedAt !== null) return 0;
  const events = await attendance.waitedFor(process);
  if (events.length === 0) return 0;
  const toCome = eventsToCome(definition, now).filter(({ id }) => events.includes(id));
  let promoted = 0;
  for (const event of toCome)
    promoted += (await attendance.promote(seatsOf(event, process, definition.timeZone))).length;
  return promoted;
}
