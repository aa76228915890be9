import type { ProcessDefinition } from '../process.ts';
import type { Attendance } from './attendance.ts';
import { eventsToCome, seatsOf } from './event.ts';

/**
 * Gives out the seats that have become free without anybody's answer: there are more of them than before, or somebody in
 * line can be reached again. Any number of processes may do it at once. Gives how many.
 */
export async function promoteSeats(attendance: Attendance, process: ProcessDefinition, now: number): Promise<number> {
  const events = await attendance.waitedFor();
  if (events.length === 0) return 0;
  const toCome = eventsToCome(process, now).filter(({ id }) => events.includes(id));
  let promoted = 0;
  for (const event of toCome) promoted += (await attendance.promote(seatsOf(event, process.timeZone))).length;
  return promoted;
}
