import { DateTime, Duration, IANAZone } from 'luxon';

/** A date, or a date and time, without an offset: it is in the time zone of the process. */
const LOCAL = /^(19|20|21)\d\d-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$/;

/** Whether this is a local date or time in writing, of a day that the calendar holds. */
export const isLocal = (text: string): boolean => LOCAL.test(text) && DateTime.fromISO(text, { zone: 'UTC' }).isValid;

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d)?)?$/;

/** What is wrong with a local date or time that is written as one, such as 30 February; null where it is right, or is not written as one. */
export function localObjection(text: string): string | null {
  const [, year, month = '', day = '', hour = '00', minute = '00'] = WRITTEN.exec(text) ?? [];
  if (year === undefined || isLocal(text)) return null;
  if (year < '1900' || year > '2199') return `"${text}" is out of reach: years from 1900 to 2199 are known`;
  if (hour > '23' || minute > '59') return `"${text}" is not a time of day: 23:59 is the last`;
  const first = DateTime.fromISO(`${year}-${month}-01`, { zone: 'UTC', locale: 'en' });
  if (!first.isValid) return `"${text}" is not a date: months are 01 to 12`;
  return `"${text}" is not a date: ${first.toFormat('LLLL yyyy')} has ${first.daysInMonth} days, not ${Number(day)}`;
}

/** Only names: an offset such as +01:00 is not a zone, since it knows no summer. */
export const isTimeZone = (zone: string): boolean => IANAZone.isValidZone(zone) && /^[a-z]/i.test(zone);

/** How long something lasts, in hours and minutes, at most some days: `PT2H`, `PT1H30M`, `P2D`. */
export const isDuration = (text: string): boolean =>
  /^P(\dD)?(T(?=\d)(\d{1,2}H)?(\d{1,3}M)?)?$/.test(text) && Duration.fromISO(text).toMillis() > 0;

/** For how long something is kept: days, weeks, months or years, `P7D`, `P6M`. */
export const isPeriod = (text: string): boolean => /^P[1-9]\d{0,3}[DWMY]$/.test(text);

/** The moment so long before this one, by the calendar. */
export const before = (moment: number, period: string): number =>
  DateTime.fromMillis(moment, { zone: 'UTC' }).minus(Duration.fromISO(period)).toMillis();

/** When what begins then and lasts so long is over; a date without a duration lasts its day, a time nobody knows how long. */
export function overAt({ at, duration }: { at: string; duration?: string | undefined }, zone: string): number {
  if (duration === undefined) return endOf(at.slice(0, 10), zone);
  return DateTime.fromMillis(momentOf(at, zone), { zone }).plus(Duration.fromISO(duration)).toMillis();
}

/**
 * A local date or time of a zone in milliseconds since the epoch, the one meaning that it has everywhere: a date is the
 * first moment of its day; a time that the clocks skip is moved on as far as they are (02:30 becomes 03:30); a time that
 * comes twice is the first of the two. @throws RangeError for what `isLocal` and `isTimeZone` refuse
 */
export const momentOf = (local: string, zone: string): number => Math.min(...momentsOf(local, zone));

/** As `momentOf`, both where it comes twice. */
export function momentsOf(local: string, zone: string): number[] {
  const at = DateTime.fromISO(local, { zone });
  if (!LOCAL.test(local) || !at.isValid) throw new RangeError(`"${local}" in "${zone}" is not a moment`);
  return at
    .getPossibleOffsets()
    .map((each) => each.toMillis())
    .sort((one, other) => one - other);
}

/** What a clock on the wall shows at a moment in a zone: `2027-03-28T09:00`. */
export const localOf = (moment: number, zone: string): string =>
  DateTime.fromMillis(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

/** A moment on the clocks of a zone, with its distance from UTC: `2027-03-28T09:00:00+02:00`. */
export const offsetTime = (moment: Date, zone: string): string =>
  DateTime.fromJSDate(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");

/** From when until when something is open; an end that is left out never comes. */
export interface Period {
  opens?: string | undefined;
  closes?: string | undefined;
}
export type Phase = 'before' | 'open' | 'over';

/** Whether a moment is before, in or after a period. A closing date counts to the end of that day, a closing time to the minute. */
export function phaseOf({ opens, closes }: Period, zone: string, now: number): Phase {
  if (opens !== undefined && now < momentOf(opens, zone)) return 'before';
  return closes !== undefined && now >= endOf(closes, zone) ? 'over' : 'open';
}

/** The first moment at which what closes then is closed. @throws RangeError as `momentOf` */
export const endOf = (closes: string, zone: string): number =>
  momentOf(closes.includes('T') ? closes : dayAfter(closes), zone);

const dayAfter = (date: string): string => plusDays(date, 1);

/** The date `days` days later, or (below 0) earlier. */
export const plusDays = (date: string, days: number): string =>
  DateTime.fromISO(date, { zone: 'UTC' }).plus({ days }).toFormat('yyyy-MM-dd');

/** From one date to another. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000;

/** The date that a moment falls on in a zone. */
export const dateOf = (moment: number, zone: string): string => localOf(moment, zone).slice(0, 10);

export interface DateReader {
  language: string;
  timeZone: string;
  /**
   * The year of this moment goes without saying, and so does that of a day which comes within the next ten months; a weekday
   * helps to find it. Left out: every year is written.
   */
  now?: number;
  /** Times are the reader's own, or their zone is named beside them. */
  zoneKnown?: boolean;
}

/** A local date or time as people of that language write it; a time with the city of its zone, as readers may be elsewhere. */
export function spelled(local: string, { language, timeZone, now, zoneKnown = false }: DateReader): string {
  const timed = local.includes('T');
  const year = now === undefined || !isYearKnown(local, dateOf(now, timeZone));
  const fields = { ...DAY, ...(now !== undefined && WEEKDAY), ...(year && YEAR), ...(timed && HOUR) };
  const written = timed
    ? formatter(language, timeZone, fields).format(momentOf(local, timeZone))
    : formatter(language, 'UTC', fields).format(Date.parse(local));
  const city = timed && !zoneKnown ? ` (${cityOf(timeZone)})` : '';
  return (CUSTOMS[language.slice(0, 2)]?.(written) ?? written) + city;
}

/** After these many days a date could be taken for one of the year before. */
const NEAR_DAYS = 300;

function isYearKnown(local: string, today: string): boolean {
  const ahead = daysBetween(today, local);
  return local.slice(0, 4) === today.slice(0, 4) || (ahead > 0 && ahead <= NEAR_DAYS);
}

/** A day of the months to come in as few letters as a button takes; with its hour where the day alone does not tell. */
export function dayLabel(local: string, { language, timeZone }: DateReader, withHour: boolean): string {
  const timed = withHour && local.includes('T');
  const fields = timed ? ({ day: 'numeric', month: 'short', ...HOUR } as const) : DAY;
  const written = formatter(language, timed ? timeZone : 'UTC', fields).format(
    timed ? momentOf(local, timeZone) : Date.parse(local.slice(0, 10)),
  );
  return CUSTOMS[language.slice(0, 2)]?.(written) ?? written;
}

/** The city that a zone is called by: `America/Mexico_City` is Mexico City. */
export const cityOf = (timeZone: string): string => (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');

const DAY = { day: 'numeric', month: 'long' } as const;
const WEEKDAY = { weekday: 'long' } as const;
const YEAR = { year: 'numeric' } as const;
const HOUR = { hour: 'numeric', minute: '2-digit' } as const;

/** What people of a language write otherwise than the formatter does. */
const CUSTOMS: Record<string, (written: string) => string> = {
  es: (written) => written.replace(/^(\p{L}+), /u, '$1 '),
  fr: (written) =>
    written
      .replace(/(?<!\d)1(?= \p{L})/u, '1er')
      .replace(
        /(\d{1,2}):(\d\d)/,
        (_, hour: string, minute: string) => `${Number(hour)} h${minute === '00' ? '' : ` ${minute}`}`,
      ),
};

/** Making one takes longer than a whole turn of a conversation may. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: string, timeZone: string, fields: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = [language, timeZone, ...Object.entries(fields).flat()].join();
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(localeOf(language), { ...fields, timeZone });
  formatters.set(key, made);
  return made;
}

/** Plain `en` is American: the month first, and hours that need an AM or PM. */
const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language);
