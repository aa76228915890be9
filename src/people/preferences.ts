/**
 * Which notices somebody wants: all, those of their topics (and those of none), only what is critical, or only what answers
 * to their own words.
 */
export const WANTS = ['all', 'chosen', 'critical', 'answers'] as const;
export type Wants = (typeof WANTS)[number];

export type StakeholderGroup = (typeof STAKEHOLDER_GROUPS)[number];

/** The topic of every reminder; the others are the themes of the process. */
export const REMINDERS = 'reminders';

/** What a person has decided about what reaches them, and has said about themselves. */
export interface Preferences {
  wants: Wants;
  topics: string[];
  group: StakeholderGroup | null;
  place: string | null;
}

/** Of somebody who has said nothing. */
export const NO_PREFERENCES: Preferences = { wants: 'all', topics: [], group: null, place: null };

/** Whether somebody gets what is of this topic. */
export const wantsTopic = ({ wants, topics }: Pick<Preferences, 'wants' | 'topics'>, topic: string): boolean =>
  wants === 'all' || (wants === 'chosen' && topics.includes(topic));

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

const FITS: Record<keyof Preferences, (value: unknown) => boolean> = {
  wants: isOneOf(WANTS),
  topics: (value) => Array.isArray(value) && value.length <= MOST_TOPICS && value.every(isText(MOST_PLACE)),
  group: (value) => value === null || isOneOf(STAKEHOLDER_GROUPS)(value),
  place: (value) => value === null || isText(MOST_PLACE)(value),
};

/** Whether a part of the record may hold this. */
export const fitsPreference = (field: keyof Preferences, value: unknown): boolean => FITS[field](value);

/** What people can say they are part of; `left_out`: a group that is usually left out. */
export const STAKEHOLDER_GROUPS = [
  'citizen',
  'cso',
  'government',
  'private_sector',
  'academia',
  'left_out',
  'other',
] as const;
