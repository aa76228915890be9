import { createHash } from 'node:crypto';
import { dateOf, daysBetween, plusDays } from '../core/calendar.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { ProcessDefinition } from './schema.ts';

/** The public part of a process: without its members and the texts of reminders. */
export type PublicTimeline = Pick<
  ProcessDefinition,
  | 'name'
  | 'languages'
  | 'timeZone'
  | 'startsOn'
  | 'hearBackBy'
  | 'stages'
  | 'events'
  | 'opportunities'
  | 'questions'
  | 'themes'
>;

export function publicTimeline(process: ProcessDefinition): PublicTimeline {
  const { name, languages, timeZone, startsOn, hearBackBy, stages, events, opportunities, questions, themes } = process;
  return { name, languages, timeZone, startsOn, hearBackBy, stages, events, opportunities, questions, themes };
}

/** JSON with sorted keys, so that equal values have the same hash. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** A published timeline, as it is on record. */
export interface RecordedTimeline {
  /** 1, 2, 3… across all processes. */
  number: number;
  /** The id of the process. */
  process: number;
  definition: unknown;
  publishedAt: Date;
  /** Why it was published less than two weeks before the start; null where it was not. */
  override: string | null;
  /** The member who published it; null: nobody said who. */
  by: string | null;
  /** The hash of the one before it; null for the first. */
  before: string | null;
  hash: string;
}

/** The same, after it was read and checked. */
export interface Snapshot extends RecordedTimeline {
  definition: PublicTimeline;
}

/** SHA-256 over the previous hash, the canonical JSON of the record, and the time: any later change shows. */
export function snapshotHash({
  definition,
  publishedAt,
  override,
  by,
  before,
}: Omit<RecordedTimeline, 'hash' | 'number' | 'process'>): string {
  const record = canonical({ definition, override, by });
  return createHash('sha256')
    .update(`${before ?? ''}\n${record}\n${publishedAt.toISOString()}`)
    .digest('hex');
}

/** Where the chain is broken, in words; null when it is intact. @param snapshots in the order of their numbers */
export function brokenLink(snapshots: readonly RecordedTimeline[]): string | null {
  for (const [index, snapshot] of snapshots.entries()) {
    const { number, before, hash } = snapshot;
    if (number !== index + 1) return `timeline ${index + 1} is missing`;
    if (before !== (snapshots[index - 1]?.hash ?? null)) return `timeline ${number} does not follow the one before it`;
    if (hash !== snapshotHash(snapshot)) return `timeline ${number} is not what was published`;
  }
  return null;
}

/** The guidance's minimum requirement 3.1: how long before the start the timeline must be public. */
const LEAD_DAYS = 14;

/** By how many days a publication is too late for a start; both are dates or local times in one zone. */
export const missingDays = (published: string, starts: string): number =>
  Math.max(0, LEAD_DAYS - daysBetween(published.slice(0, 10), starts.slice(0, 10)));

/** When the process starts: `startsOn`, else when its first stage opens; null where neither is set. */
export const startOf = ({ startsOn, stages }: PublicTimeline): string | null =>
  startsOn ?? stages.map(({ opens }) => opens).sort()[0] ?? null;

export interface Lead {
  /** The day on which the process starts. */
  start: string;
  /** By how many days that is too soon; 0: it is not. */
  missing: number;
  /** The first day on which it could start. */
  earliest: string;
}

/** How much notice the public would have if the timeline were published now; null where no start is set. */
export function leadOf(timeline: PublicTimeline, now: number): Lead | null {
  const start = startOf(timeline)?.slice(0, 10);
  if (start === undefined) return null;
  const today = dateOf(now, timeline.timeZone);
  return { start, missing: missingDays(today, start), earliest: plusDays(today, LEAD_DAYS) };
}

/** What is published; number and hashes are added when it is stored. */
export type NewSnapshot = Pick<Snapshot, 'definition' | 'publishedAt' | 'override' | 'by'>;

export interface Told {
  channel: ChannelName;
  people: number;
  groups: number;
}

export interface Timelines {
  /** The newest of the current process; null while nothing of it was published. */
  latest(): Promise<Snapshot | null>;
  /** The timelines of all processes, oldest first: one chain. */
  list(): Promise<RecordedTimeline[]>;
  many(numbers: readonly number[]): Promise<Map<number, Snapshot>>;
  /**
   * Publishes it after the current process's timeline with that number (0: none). Null when another was published
   * first: the decision was based on one that is no longer the newest.
   */
  append(after: number, snapshot: NewSnapshot): Promise<Snapshot | null>;
  /**
   * By identity id: the timeline of the current process that it saw last, either by looking at it or in the newest
   * notice that arrived. Without identities that saw none.
   */
  lastTold(identityIds: readonly string[]): Promise<Map<string, number>>;
}
