import type { Texts } from '../core/texts.ts';
import type { ProcessDefinition } from './schema.ts';

/** What is put into an organizer's own words for a reminder. */
export const BLANKS = ['title', 'day', 'days'];

export type ReminderKind = Exclude<keyof NonNullable<ProcessDefinition['reminders']>, 'unfinished'>;

export interface ReminderRule {
  /** So long before the end of a stage. */
  days: number;
  /** The organizer's own words; null: those of the catalog. */
  texts: Texts | null;
}

const DAYS = 3;

/** How the process wants a reminder; null: not at all. Each comes by itself until it is switched off. */
export function reminderRule({ reminders = {} }: ProcessDefinition, kind: ReminderKind): ReminderRule | null {
  const given: boolean | { days?: number | undefined; texts?: Texts | undefined } = reminders[kind] ?? true;
  if (given === false) return null;
  const { days = DAYS, texts = null } = given === true ? {} : given;
  return { days, texts };
}

/**
 * Whether somebody is reminded of what they themselves have begun. Unlike dates, which people agreed to hear of, nobody has
 * asked for that: it comes only where the organizers have said so.
 */
export const remindsOnce = ({ reminders }: Pick<ProcessDefinition, 'reminders'>): boolean =>
  reminders?.unfinished === true;
