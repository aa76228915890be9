import { localOf, spelled } from '../../../core/calendar.ts';
import type { Visit } from './context.ts';

/** A moment as the reader writes it, by the clock of the process. */
export function momentIn({ reader, process, parts }: Visit): (moment: Date) => string {
  const { timeZone } = process;
  const now = parts.clock();
  return (moment) => spelled(localOf(moment.getTime(), timeZone), { language: reader.language, timeZone, now });
}
