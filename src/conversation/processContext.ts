import { phaseOf, spelled } from '../core/calendar.ts';
import type { Clock } from '../core/clock.ts';
import type { Block } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { textFor } from '../core/texts.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { timelineBlocks } from '../process/timeline.ts';
import type { World } from './flow/types.ts';

/** The process as the conversation needs it, read afresh for every batch. */
export interface ProcessContext {
  languages: string[];
  process: ProcessDefinition;
  world(language: string, now: number): World;
  /** `opensOn`: the day, where that is still to come. */
  question(id: string, language: string): { text: string; open: boolean; opensOn: string | null } | null;
}

/** How stale the process may be that a conversation sees. */
const FRESH_MS = 2000;

export interface Processes {
  current(): Promise<ProcessDefinition | null>;
  /** The number of its published timeline; null while there is none. Left out: nothing is published here. */
  published?(): Promise<number | null>;
}

export interface ProcessView {
  processContext(): Promise<ProcessContext>;
  process(): Promise<ProcessDefinition>;
  /** As the process was last seen: for what cannot wait for the database. */
  lastSeen(): ProcessContext;
  timeline(language: string, phrases: Phrases): Promise<Block[]>;
  /** Of the published timeline that is shown now, or an older one where another has just come. */
  timelineNumber(): Promise<number | null>;
}

/** The process as conversations see it; `fallback` stands until one is found. */
export function createProcessView(
  processes: Processes,
  fallback: ProcessDefinition,
  clock: Clock,
  random: () => string,
): ProcessView {
  interface Held {
    at: number;
    number: Promise<number | null>;
    process: Promise<ProcessDefinition>;
  }
  let held: Held | null = null;
  let seen = fallback;

  const current = (): Promise<ProcessDefinition> => now().process;

  function now(): Held {
    if (held && clock() - held.at < FRESH_MS) return held;
    // One after the other: whoever is shown a process has seen the timeline of that number at least.
    const number = processes.published?.() ?? Promise.resolve(null);
    const process = number.then(() => processes.current()).then((found) => found ?? fallback);
    const mine = { at: clock(), number, process };
    held = mine;
    process.then(
      (found) => {
        seen = found;
      },
      () => {
        if (held === mine) held = null;
      },
    );
    return mine;
  }

  const around = (process: ProcessDefinition): ProcessContext => ({
    languages: process.languages,
    process,
    world: (language, now) => worldOf(process, language, now, random),
    question: (id, language) => questionOf(process, id, language, clock()),
  });

  return {
    processContext: async () => around(await current()),
    process: current,
    lastSeen() {
      // Seen anew for the next time; a database that is away is told of by those who wait for it.
      current().catch(() => undefined);
      return around(seen);
    },
    timelineNumber: () => now().number,
    timeline: async (language, phrases) => timelineBlocks(await current(), language, phrases, clock()),
  };
}

function worldOf(process: ProcessDefinition, language: string, now: number, random: () => string): World {
  const { hearBackBy, timeZone } = process;
  // A day that has passed is no promise.
  const ahead = hearBackBy !== undefined && phaseOf({ closes: hearBackBy }, timeZone, now) === 'open';
  return {
    now,
    random,
    languages: process.languages,
    timeZone,
    process: {
      name: textFor(process.name, language, process.languages),
      themes: process.themes ?? [],
      places: process.places ?? [],
      hearBackBy: ahead ? spelled(hearBackBy.slice(0, 10), { language, timeZone }) : null,
    },
  };
}

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
