import type { StoredProcess } from '../stored.ts';
import type { Attendance } from './attendance.ts';
import { eventsToCome, seatsOf } from './event.ts';

/**
 * Fills seats that became free without an answer: seats were added, or somebody on the waiting list can be reached
 * again. A closed process has none to fill. Any number of services may do it at once. Gives how many were filled.
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
