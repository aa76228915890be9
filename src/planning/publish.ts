import type { Clock } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import type { Addressed, AudienceCount, Notices } from '../notices/notice.ts';
import {
  canonical,
  type Lead,
  leadOf,
  type PublicTimeline,
  publicTimeline,
  type Snapshot,
  startOf,
  type Timelines,
  type Told,
} from '../process/publication.ts';
import type { ProcessDefinition } from '../process/schema.ts';
import { type TimelineChange, timelineChanges } from '../process/timelineChanges.ts';
import type { PlannedNotices, TimelineNotice } from './scheduledNotices.ts';
import { concernsEveryone } from './timelineNotices.ts';

export interface PublicationOutlookParts {
  timelines: Pick<Timelines, 'latest'>;
  notices: Pick<Notices, 'count'>;
  planned: Pick<PlannedNotices, 'timelineNotices'>;
  clock: Clock;
}

/** What publishing the timeline would do. */
export interface Outlook {
  /** Whether anything public differs from the published timeline. */
  changed: boolean;
  /** What changes for people who know an older one. */
  changes: TimelineChange[];
  /** How many people will be told, on each channel. */
  told: Told[];
  /** The number of the newest timeline; 0 while there is none. */
  newest: number;
  /** Set when it comes too late for the start: then it needs a reason. */
  late: Lead | null;
}

export interface Publication {
  /** Why it is published although it is late; kept on record. */
  override?: string | undefined;
  /** The member who does it. */
  by?: string | null | undefined;
}

/** What can be asked before and after a timeline is published; nothing here changes anything. */
export interface PublicationOutlook {
  /** The newest of the current process; null while nothing of it is public. */
  latest(): Promise<Snapshot | null>;
  outlook(process: ProcessDefinition): Promise<Outlook>;
  /** The notice that announces the timeline with this number; null where nobody has to be told. */
  teller(timeline: number): Promise<TimelineNotice | null>;
}

const MOST_RACES = 5;
/** The first publication is for everybody. */
const ANNOUNCED: Pick<Addressed, 'topic' | 'texts'> = { topic: null, texts: '' };

export function createPublicationOutlook(parts: PublicationOutlookParts): PublicationOutlook {
  const { timelines, notices, planned, clock } = parts;
  async function outlook(process: ProcessDefinition): Promise<Outlook> {
    const now = clock();
    const { timeline, latest, ...difference } = differenceFrom(await timelines.latest(), process, now);
    if (latest === null) return { ...difference, changes: [], told: await toldOf(1) };
    const changes = difference.changed ? timelineChanges(latest.definition, timeline, now) : [];
    const told = changes.length > 0 ? await toldOf(difference.newest + 1) : [];
    return { ...difference, changes, told };
  }

  const toldOf = async (number: number) => {
    const everyone = concernsEveryone(await planned.timelineNotices());
    const kind = everyone ? 'timeline' : 'timeline_change';
    return byChannel(
      await notices.count({ ...ANNOUNCED, kind, timeline: number, audience: everyone ? 'everyone' : null }),
    );
  };

  return {
    latest: timelines.latest,
    outlook,
    teller: async (timeline) =>
      (await planned.timelineNotices()).find((notice) => notice.timeline === timeline) ?? null,
  };
}

/** What is public of a process, compared with the published timeline. */
function differenceFrom(latest: Snapshot | null, process: ProcessDefinition, now: number) {
  const timeline = publicTimeline(process);
  const late = lateFor(timeline, latest?.definition ?? null, now);
  const changed = latest === null || canonical(timeline) !== canonical(latest.definition);
  return { timeline, latest, newest: latest?.number ?? 0, changed, late: changed ? late : null };
}

/**
 * Publishes the timeline of the process; the planner announces it. Null: it was published already.
 * @throws UserError when it comes less than two weeks before the start and no reason is given
 */
export async function recordTimeline(
  process: ProcessDefinition,
  { override, by }: Publication,
  { timelines, clock }: { timelines: Pick<Timelines, 'latest' | 'append'>; clock: Clock },
): Promise<Snapshot | null> {
  for (let race = 0; race < MOST_RACES; race += 1) {
    const { timeline, changed, newest, late } = differenceFrom(await timelines.latest(), process, clock());
    if (!changed) return null;
    if (late && !override) throw new UserError(lateWords(late));
    const snapshot = await timelines.append(newest, {
      definition: timeline,
      publishedAt: new Date(clock()),
      override: late ? (override ?? null) : null,
      by: by ?? null,
    });
    if (snapshot) return snapshot;
  }
  throw new UserError(
    `The timeline is being published elsewhere at the same time. See \`${commandLine('process history')}\`.`,
  );
}

/** The two weeks apply to the first timeline, and to one that starts sooner than was announced. */
function lateFor(timeline: PublicTimeline, published: PublicTimeline | null, now: number): Lead | null {
  const lead = leadOf(timeline, now);
  if (lead === null && published) return null;
  if (lead === null)
    throw new UserError('There is no date to publish. Give the process startsOn, or stages, and apply it first.');
  const told = published && startOf(published)?.slice(0, 10);
  return lead.missing > 0 && (!told || lead.start < told) ? lead : null;
}

/** Why it is not published, and when it could be. */
export const lateWords = ({ start, missing, earliest }: Lead, what: 'PUBLISHED' | 'APPLIED' = 'PUBLISHED'): string =>
  `NOT ${what}: the process starts on ${start}, ${missing} ${missing === 1 ? 'day' : 'days'} too soon. A timeline is public at ` +
  `least two weeks before the start (OGP minimum requirement 3.1).\nThe earliest lawful start is ${earliest}: move startsOn and ` +
  'the stages, apply the process, and publish again. Or say --override REASON, which is kept in the record.';

function byChannel(counts: readonly AudienceCount[]): Told[] {
  const channels = [...new Set(counts.map(({ channel }) => channel))];
  return channels.flatMap((channel) => {
    const here = counts.filter((count) => count.channel === channel);
    const sum = (of: 'people' | 'groups') => here.reduce((total, count) => total + count[of], 0);
    return sum('people') + sum('groups') > 0 ? [{ channel, people: sum('people'), groups: sum('groups') }] : [];
  });
}
