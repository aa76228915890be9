import { localOf, momentsOf, plusDays } from './calendar.ts';

/** Hours of the night, by a clock on the wall: `{from: "21:00", to: "08:00"}`. */
export interface QuietHours {
  from: string;
  to: string;
}

/** When the quiet hours in which a moment lies are over, in that zone; null when it lies in none. Always after `now`. */
export function endOfQuiet(quiet: QuietHours | null | undefined, zone: string, now: number): number | null {
  if (!quiet || quiet.from === quiet.to) return null;
  const [date = '', time = ''] = localOf(now, zone).split('T');
  const { from, to } = quiet;
  const overnight = from > to;
  const isQuiet = overnight ? time >= from || time < to : time >= from && time < to;
  if (!isQuiet) return null;
  const day = time < to ? date : plusDays(date, 1);
  // When clocks go back an hour comes twice, and the first of its two ends may have passed.
  return momentsOf(`${day}T${to}`, zone).find((moment) => moment > now) ?? now + 1;
}
