import { phaseOf, spelled } from '../core/calendar.ts';
import type { Clock } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import type { Block } from '../core/message.ts';
import { textFor } from '../core/texts.ts';
import type { ProcessDefinition } from '../process/process.ts';
import type { StoredProcess } from '../process/stored.ts';
import { nextMeeting, type TimelineReader, timelineInShort, wholeTimeline } from '../process/timeline.ts';
import type { Draft, World } from './flow/types.ts';

/** The process as the conversation needs it, read afresh for every batch. */
export interface ProcessContext {
  languages: string[];
  process: ProcessDefinition;
  /** The id of the process, and whether it is over. */
  processId: number;
  closed: boolean;
  world(language: string, now: number): World;
  /** `opensOn`: the day, where that is still to come. */
  question(id: string, language: string): { text: string; open: boolean; opensOn: string | null } | null;
}

/** How stale the process may be that a conversation sees. */
const FRESH_MS = 2000;

export interface ProcessSource {
  now(): Promise<Current>;
  /** The number of its published timeline; null while there is none. Left out: nothing is published here. */
  published?(): Promise<number | null>;
}

/** The open process, or the one that was closed last. */
export type Current = Pick<StoredProcess, 'id' | 'definition' | 'closedAt'>;

/** The next meeting alone, what one sees at a glance, or all of it. */
export type TimelineExtent = 'meeting' | 'short' | 'whole';

export interface ProcessView {
  processContext(): Promise<ProcessContext>;
  process(): Promise<ProcessDefinition>;
  /** As the process was last seen: for what cannot wait for the database. */
  lastSeen(): ProcessContext;
  timeline(extent: TimelineExtent, reader: Omit<TimelineReader, 'now'>): Promise<Block[]>;
  /** Of the published timeline that is shown now, or an older one where another has just come. */
  timelineNumber(): Promise<number | null>;
}

/** The process as conversations see it; `fallback` stands until one is found. */
export function createProcessView(
  processes: ProcessSource,
  fallback: ProcessDefinition,
  clock: Clock,
  random: () => string,
): ProcessView {
  const look = createLook(processes, fallback, clock);
  const current = (): Promise<Seen> => look.now().process;
  const around = (at: Seen): ProcessContext => ({
    languages: at.definition.languages,
    process: at.definition,
    processId: at.id,
    closed: at.closed,
    world: (language, now) => worldOf(at, language, now, random),
    question: (id, language) => questionOf(at.definition, id, language, clock()),
  });

  return {
    processContext: async () => around(await current()),
    process: async () => (await current()).definition,
    lastSeen() {
      // Seen again for the next time; a database that is away is reported by those who wait for it.
      current().catch(() => undefined);
      return around(look.last());
    },
    timelineNumber: () => look.now().number,
    async timeline(extent, reader) {
      return TOLD[extent]((await current()).definition, { ...reader, now: clock() });
    },
  };
}

const TOLD = { meeting: nextMeeting, short: timelineInShort, whole: wholeTimeline };

/** One look at the process and its timeline, held until it is stale. */
interface Look {
  at: number;
  number: Promise<number | null>;
  process: Promise<Seen>;
}

function createLook(processes: ProcessSource, fallback: ProcessDefinition, clock: Clock) {
  let held: Look | null = null;
  let last: Seen = { id: FIRST, definition: fallback, closed: false };

  function now(): Look {
    if (held && clock() - held.at < FRESH_MS) return held;
    // One after the other: a person who is shown a process has seen the timeline of that number at least.
    const number = processes.published?.() ?? Promise.resolve(null);
    const process = number
      .then(() => processes.now())
      .then(({ id, definition, closedAt }) => ({ id, definition: definition ?? fallback, closed: closedAt !== null }))
      .catch(lastReadable);
    const mine = { at: clock(), number, process };
    held = mine;
    process.then(
      (found) => {
        last = found;
      },
      () => {
        if (held === mine) held = null;
      },
    );
    return mine;
  }

  /** People are not to wait until an organizer has corrected what cannot be read; the doctor reports it. */
  function lastReadable(error: unknown): Seen {
    if (error instanceof UserError) return last;
    throw error;
  }

  return { now, last: () => last };
}

/** Before any other is seen. */
const FIRST = 1;

interface Seen {
  id: number;
  definition: ProcessDefinition;
  closed: boolean;
}

function worldOf(
  { id, definition: process, closed }: Seen,
  language: string,
  now: number,
  random: () => string,
): World {
  const { hearBackBy, timeZone } = process;
  // A day that has passed is not a promise.
  const ahead = hearBackBy !== undefined && phaseOf({ closes: hearBackBy }, timeZone, now) === 'open';
  const inLanguage = (spoken: string) => ({
    name: textFor(process.name, spoken, process.languages),
    draft: draftOf(process, spoken, now),
    hearBackBy: ahead ? spelled(hearBackBy.slice(0, 10), { language: spoken, timeZone }) : null,
  });
  return {
    now,
    random,
    languages: process.languages,
    timeZone,
    inLanguage,
    process: {
      id,
      closed,
      ...inLanguage(language),
      themes: process.themes ?? [],
      places: process.places ?? [],
      faq: process.faq ?? [],
    },
  };
}

/** People comment on the draft from the stage on that brings it, or begins the comments. */
function draftOf({ stages, timeZone }: ProcessDefinition, language: string, now: number): Draft {
  const brings = stages.filter(({ document, flow }) => document !== undefined || flow === COMMENT);
  const [first] = brings.sort((one, other) => (one.opens < other.opens ? -1 : 1));
  if (first === undefined) return { state: 'none', day: null };
  if (phaseOf(first, timeZone, now) !== 'before') return { state: 'out', day: null };
  return { state: 'before', day: spelled(first.opens.slice(0, 10), { language, timeZone, now }) };
}

/** The flow in which people say what they think of the draft. */
const COMMENT = 'comment';

function questionOf(
  process: ProcessDefinition,
  id: string,
  language: string,
  now: number,
): ReturnType<ProcessContext['question']> {
  const question = process.questions.find((candidate) => candidate.id === id);
  if (!question) return null;
  const { timeZone } = process;
  const phase = phaseOf(question, timeZone, now);
  const opensOn = phase === 'before' && question.opens ? spelled(question.opens, { language, timeZone, now }) : null;
  return { text: textFor(question.text, language, process.languages), open: phase === 'open', opensOn };
}
