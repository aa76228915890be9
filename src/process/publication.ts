import { createHash } from 'node:crypto';
import { dateOf, daysBetween, plusDays } from '../core/calendar.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { ProcessDefinition } from './schema.ts';

/** What of a process is public: not who works on it, nor how reminders are worded. */
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

/** One JSON text for each value, in whatever order its keys stand: what a hash is taken of. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** What was public from a moment on, and how that came: as it is on record. */
export interface RecordedTimeline {
  /** 1, 2, 3... over all processes. */
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

/** The same, as it was read. */
export interface Snapshot extends RecordedTimeline {
  definition: PublicTimeline;
}

/** SHA-256 over the hash before, the canonical JSON of what is recorded, and the time: nothing of it can be changed unseen. */
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

/** Where the chain is broken, in words; null when it is whole. `snapshots` in the order of their numbers. */
export function brokenLink(snapshots: readonly RecordedTimeline[]): string | null {
  for (const [index, snapshot] of snapshots.entries()) {
    const { number, before, hash } = snapshot;
    if (number !== index + 1) return `timeline ${index + 1} is missing`;
    if (before !== (snapshots[index - 1]?.hash ?? null)) return `timeline ${number} does not follow the one before it`;
    if (hash !== snapshotHash(snapshot)) return `timeline ${number} is not what was published`;
  }
  return null;
}

/** The guidance's minimum requirement 3.1: the timeline is public so long before the process starts. */
const LEAD_DAYS = 14;

/** How many days a publication comes too late for a start; dates or local times of one zone. */
export const missingDays = (published: string, starts: string): number =>
  Math.max(0, LEAD_DAYS - daysBetween(published.slice(0, 10), starts.slice(0, 10)));

/** When the process starts: as it says itself, else when its first stage opens; null where neither is fixed. */
export const startOf = ({ startsOn, stages }: PublicTimeline): string | null =>
  startsOn ?? stages.map(({ opens }) => opens).sort()[0] ?? null;

export interface Lead {
  /** The day on which the process starts. */
  start: string;
  /** Days by which that is too soon; 0: it is not. */
  missing: number;
  /** The first day on which it could start. */
  earliest: string;
}

/** How much notice the public would have if the timeline were published at this moment; null where no start is fixed. */
export function leadOf(timeline: PublicTimeline, now: number): Lead | null {
  const start = startOf(timeline)?.slice(0, 10);
  if (start === undefined) return null;
  const today = dateOf(now, timeline.timeZone);
  return { start, missing: missingDays(today, start), earliest: plusDays(today, LEAD_DAYS) };
}

/** What is added to the record; its number, its hash and the one before it come by themselves. */
export type NewSnapshot = Pick<Snapshot, 'definition' | 'publishedAt' | 'override' | 'by'>;

export interface Told {
  channel: ChannelName;
  people: number;
  groups: number;
}

export interface Timelines {
  /** The newest of the current process; null while nothing of it was published. */
  latest(): Promise<Snapshot | null>;
  /** Those of all processes, the oldest first: one chain. */
  list(): Promise<RecordedTimeline[]>;
  many(numbers: readonly number[]): Promise<Map<number, Snapshot>>;
  /**
   * Adds what follows the current process's one of that number (0: none). Null when another came first: the decision was
   * based on one that is not the newest any more.
   */
  append(after: number, snapshot: NewSnapshot): Promise<Snapshot | null>;
  /**
   * By the id of an identity, the timeline of the current process that it was shown last: the one it has looked at, or that of the newest
   * notice that has arrived. Without those who were shown none.
   */
  lastTold(identityIds: readonly string[]): Promise<Map<string, number>>;
}
