import type { Texts } from '../core/texts.ts';
import type { ProcessDefinition } from './schema.ts';

/** The placeholders in an organizer's own text for a reminder. */
export const BLANKS = ['title', 'day', 'days'];

export type ReminderKind = Exclude<keyof NonNullable<ProcessDefinition['reminders']>, 'unfinished'>;

export interface ReminderRule {
  /** How many days before the end of a stage. */
  days: number;
  /** The organizer's own text; null: that of the catalog. */
  texts: Texts | null;
}

const DAYS = 3;

/** How the process wants a reminder; null: not at all. All are on unless they are switched off. */
export function reminderRule({ reminders = {} }: ProcessDefinition, kind: ReminderKind): ReminderRule | null {
  const given: boolean | { days?: number | undefined; texts?: Texts | undefined } = reminders[kind] ?? true;
  if (given === false) return null;
  const { days = DAYS, texts = null } = given === true ? {} : given;
  return { days, texts };
}

/**
 * Whether people are reminded of what they began and left. Unlike reminders of dates, nobody has asked for these: they
 * are off unless the organizers switch them on.
 */
export const remindsOnce = ({ reminders }: Pick<ProcessDefinition, 'reminders'>): boolean =>
  reminders?.unfinished === true;
