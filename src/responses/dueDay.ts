import { type DateReader, dateOf, spelled } from '../core/calendar.ts';

/** The day on which an answer is due, in words for its reader. */
export const dueDay = (dueAt: Date, reader: Required<Pick<DateReader, 'language' | 'timeZone' | 'now'>>): string =>
  spelled(dateOf(dueAt.getTime(), reader.timeZone), reader);
