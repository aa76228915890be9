import { STAKEHOLDER_GROUPS } from './records.ts';

/** Which notices somebody wants: all, those of their topics (and those of none), or only what is critical. */
export const WANTS = ['all', 'chosen', 'critical'] as const;
export type Wants = (typeof WANTS)[number];

export type StakeholderGroup = (typeof STAKEHOLDER_GROUPS)[number];

/** The topic of every reminder; the others are the themes of the process. */
export const REMINDERS = 'reminders';

/** What a person has decided about what reaches them, and has told about themselves. */
export interface OwnRecord {
  wants: Wants;
  topics: string[];
  group: StakeholderGroup | null;
  place: string | null;
}

/** Of somebody who has said nothing. */
export const BLANK_OWN: OwnRecord = { wants: 'all', topics: [], group: null, place: null };

/** What is only known with a consent of its own. */
export const PROFILE = ['group', 'place'] as const;

/** A town or a district, not a story. */
export const MOST_PLACE = 80;
const MOST_TOPICS = 100;

const isOneOf =
  (list: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && list.includes(value);
const isText = (most: number) => (value: unknown) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most;

const FITS: Record<keyof OwnRecord, (value: unknown) => boolean> = {
  wants: isOneOf(WANTS),
  topics: (value) => Array.isArray(value) && value.length <= MOST_TOPICS && value.every(isText(MOST_PLACE)),
  group: (value) => value === null || isOneOf(STAKEHOLDER_GROUPS)(value),
  place: (value) => value === null || isText(MOST_PLACE)(value),
};

/** Whether a part of the record may hold this. */
export const fitsOwn = (field: keyof OwnRecord, value: unknown): boolean => FITS[field](value);
