import { type Member, ROLES, type Role } from '../people/member.ts';
import { REMINDERS } from '../people/preferences.ts';
import { RELEASE_HELD_FROM } from '../responses/response.ts';

/** What is true of every notice of a kind. All code that depends on the kind asks here. */
export interface Kind {
  /** What the terminal calls it. */
  name: string;
  /** Who writes it: members with a role, or the program. */
  writtenBy: Role | 'timeline' | 'waiting_list';
  /** The role whose members may schedule it, stop it and call it back. */
  runBy: Role;
  /**
   * Whom it reaches: the audience that its author wrote; people who know an older timeline; or the people it was made
   * for, who have deliveries from the beginning.
   */
  reaches: 'audience' | 'told_older' | 'made_for';
  /** Groups and channels get it as well, where it is for everyone. */
  toGroups: boolean;
  /** People who arrive later get it while it is of interest. */
  toLatecomers: boolean;
  /** It also goes to people who have chosen to get less. */
  asksNoPreference: boolean;
  /** It answers what its readers have said: it also goes to people who want nothing but answers. */
  answersReaders: boolean;
  /** The topic that it has when its author names none. */
  topic: string | null;
  /** Goes before the others, and does not wait for the end of a night or conversation. */
  urgent: boolean;
  /** How its message is rendered when it goes: its own text, or something made for each reader. */
  rendering: 'texts' | 'timeline' | 'responses' | 'seat' | 'event';
  /** With this many chats or more it is held for a while, so that it can be called back; null: never. */
  heldFrom: number | null;
}

const BY_ORGANIZERS = { writtenBy: 'organizer', runBy: 'organizer', reaches: 'audience' } as const;
const BY_TIMELINE = { writtenBy: 'timeline', runBy: 'organizer' } as const;
const TO_ALL = { toGroups: true, toLatecomers: true } as const;
const TO_PEOPLE = { toGroups: false, toLatecomers: false } as const;
const TO_WHOM_IT_MAY_CONCERN = { asksNoPreference: false, answersReaders: false } as const;
const ORDINARY = { ...TO_WHOM_IT_MAY_CONCERN, topic: null, urgent: false, rendering: 'texts', heldFrom: 0 } as const;

const TABLE = {
  announcement: { name: 'announcement', ...BY_ORGANIZERS, ...TO_ALL, ...ORDINARY },
  question: { name: 'question', ...BY_ORGANIZERS, ...TO_ALL, ...ORDINARY },
  reminder: { name: 'reminder', ...BY_ORGANIZERS, ...TO_PEOPLE, ...ORDINARY, topic: REMINDERS },
  critical: { name: 'critical', ...BY_ORGANIZERS, ...TO_ALL, ...ORDINARY, asksNoPreference: true, urgent: true },
  closure: { name: 'closure', ...BY_ORGANIZERS, ...TO_ALL, toLatecomers: false, ...ORDINARY },
  /** What the forum answers to contributions: a release makes it. */
  response: {
    ...{ name: 'responses', writtenBy: 'forum', runBy: 'forum', reaches: 'made_for', ...TO_PEOPLE },
    ...{ asksNoPreference: true, answersReaders: true, topic: null, urgent: false, rendering: 'responses' },
    heldFrom: RELEASE_HELD_FROM,
  },
  /** The first published timeline. */
  timeline: { name: 'timeline', ...BY_TIMELINE, reaches: 'audience', ...TO_ALL, ...ORDINARY, rendering: 'timeline' },
  /** What has changed since. */
  timeline_change: {
    ...{ name: 'changes of the timeline', ...BY_TIMELINE, reaches: 'told_older', toGroups: true, toLatecomers: false },
    ...{ ...ORDINARY, rendering: 'timeline' },
  },
  /** For people who are coming to an event that was moved or cancelled. They asked for it, whatever else they want. */
  event_change: {
    ...{ name: 'news of an event', ...BY_TIMELINE, reaches: 'audience', ...TO_PEOPLE },
    ...{ asksNoPreference: true, answersReaders: true, topic: null, urgent: false, rendering: 'event', heldFrom: 0 },
  },
  /** A reminder of a stage or an event; it can be seen, and called back, long before. */
  timeline_reminder: {
    ...{ name: 'reminder of a date', ...BY_TIMELINE, reaches: 'audience', ...TO_PEOPLE },
    ...{ ...ORDINARY, topic: REMINDERS, heldFrom: null },
  },
  /**
   * For somebody on a waiting list who has got a seat. They asked for it, whatever else they want; the waiting list
   * itself respects quiet hours.
   */
  seat: {
    ...{ name: 'news of a seat', writtenBy: 'waiting_list', runBy: 'organizer', reaches: 'made_for', ...TO_PEOPLE },
    ...{ asksNoPreference: true, answersReaders: true, topic: null, urgent: true, rendering: 'seat', heldFrom: null },
  },
} as const satisfies Record<string, Kind>;

export type NoticeKind = keyof typeof TABLE;
export const KINDS: Record<NoticeKind, Kind> = TABLE;

/** The kinds for which this is true, in the order of the table. */
export const kindsWhere = (isSo: (kind: Kind) => boolean): NoticeKind[] =>
  (Object.keys(KINDS) as NoticeKind[]).filter((name) => isSo(KINDS[name]));

/** The kinds that can be written in a notice file. */
export const WRITTEN_KINDS = kindsWhere(({ writtenBy }) => writtenBy === 'organizer');

/** Whether members write notices of this kind, in files or by what they decide. */
export const isMembers = (kind: NoticeKind): boolean => (ROLES as readonly string[]).includes(KINDS[kind].writtenBy);

/** Whether the program created it, from the calendar or from a repeating notice. */
export const isMadeByItself = ({ kind, turnOf }: { kind: NoticeKind; turnOf: string | null }): boolean =>
  turnOf !== null || !isMembers(kind);

export const mayRun = (member: Pick<Member, 'roles'>, kind: NoticeKind): boolean =>
  member.roles.includes(KINDS[kind].runBy);

/** Whether it is rendered for each reader when it goes, and has no text of its own. */
export const isMadeForEach = (kind: NoticeKind): boolean => ['responses', 'seat'].includes(KINDS[kind].rendering);

/** When the first message may go of a notice that is scheduled now for this many chats. */
export function heldUntil(kind: NoticeKind, chats: number, now: number, holdSeconds: number): number {
  const { heldFrom } = KINDS[kind];
  return heldFrom !== null && chats >= heldFrom ? now + holdSeconds * 1000 : now;
}
