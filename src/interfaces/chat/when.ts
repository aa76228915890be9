import { DateTime } from 'luxon';
import { spelled } from '../../core/calendar.ts';

/** A moment that a notice can be scheduled for. `local` as `announcer.schedule` takes it. */
export interface Moment {
  name: 'today' | 'tomorrow' | 'monday';
  local: string;
  time: string;
}

/** As soon as the hold allows. */
export const AT_ONCE = 'n';

/** The usual hours of today, tomorrow and next Monday, as far as they are still to come in this zone. */
export function momentsAhead(now: number, zone: string): Moment[] {
  const here = DateTime.fromMillis(now, { zone });
  const monday = here.plus({ days: (8 - here.weekday) % 7 || 7 });
  const at = (name: Moment['name'], day: DateTime, time: string): Moment => ({
    ...{ name, time },
    local: `${day.toFormat('yyyy-MM-dd')}T${time}`,
  });
  const all = [
    at('today', here, '18:00'),
    at('tomorrow', here.plus({ days: 1 }), '09:00'),
    at('monday', monday, '09:00'),
  ];
  const ahead = all.filter(({ local }) => local > localOf(now, zone));
  return ahead.filter(({ local }, index) => ahead.findIndex((other) => other.local === local) === index);
}

/** A moment on the clocks of a zone, to the minute. */
export const localOf = (millis: number, zone: string): string =>
  DateTime.fromMillis(millis, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

/** Ten digits, since buttons hold little. */
export const packed = (local: string): string => local.slice(2).replace(/\D/g, '');

/** Null for what no button of ours says. */
export function unpacked(digits: string): string | null {
  const found = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  return found && `20${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}`;
}

/** A moment as people of that language write it. */
export const momentWords = (
  at: Date,
  { language, zone, now }: { language: string; zone: string; now: number },
): string => spelled(localOf(at.getTime(), zone), { language, timeZone: zone, now });
