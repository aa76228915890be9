import type { Context } from 'hono';
import type { Actions } from '../../../actions/actions.ts';
import type { TriageReading } from '../../../contributions/triage.ts';
import type { Clock, Ids } from '../../../core/clock.ts';
import type { PhrasesIn } from '../../../core/loadPhrases.ts';
import type { Log } from '../../../core/log.ts';
import type { Overview } from '../../../notices/overview.ts';
import type { Actor } from '../../../people/actor.ts';
import type { ConsoleReading, SignedIn } from '../../../people/console.ts';
import type { MemberList, Role } from '../../../people/member.ts';
import type { ProcessDefinition } from '../../../process/process.ts';
import type { ContributionStore } from '../../../responses/ports.ts';
import type { ProposalReading } from '../../../responses/proposal.ts';
import type { ThreadReading } from '../../../responses/thread.ts';
import type { Reader } from './reader.ts';

/** What its pages see of what is kept. */
export interface ConsoleViews {
  consoleSessions(): Promise<ConsoleReading>;
  contributions(): Promise<Pick<ContributionStore, 'counts' | 'page' | 'facets'>>;
  members(): Promise<Pick<MemberList, 'listed' | 'find'>>;
  overview(): Promise<Pick<Overview, 'cameIn' | 'counts'>>;
  proposals(): Promise<Pick<ProposalReading, 'waitingFor'>>;
  triage(): Promise<TriageReading>;
  threads(): Promise<Pick<ThreadReading, 'list' | 'counts' | 'find'>>;
}

export interface ConsoleParts {
  views: ConsoleViews;
  actions: Pick<Actions, 'console' | 'members' | 'threads' | 'triage'>;
  process(): Promise<ProcessDefinition>;
  /** Of console.yaml. */
  phrasesIn: PhrasesIn;
  /** Those that the console speaks. */
  languages(): readonly string[];
  /** Where browsers reach this service. */
  publicUrl(): string;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** One request of anybody. */
export interface Visit {
  c: Context;
  parts: ConsoleParts;
  reader: Reader;
  process: ProcessDefinition;
  /** What the form says; nothing where there is none. */
  fields: URLSearchParams;
  /** Null: they are not signed in. */
  desk: Desk | null;
}

/** A member at work. */
export interface Desk {
  signedIn: SignedIn;
  actor: Actor;
  /** Stands in every form of this session. */
  formToken: string;
}

export type MemberVisit = Visit & { desk: Desk };

interface Place {
  method: 'GET' | 'POST';
  /** Below /console. */
  path: string;
}

/** An address of the console, and who may ask for it. */
export type Route = Place &
  (
    | { by: 'anybody'; answer: (visit: Visit) => Promise<Response> }
    | { by: readonly Role[]; answer: (visit: MemberVisit) => Promise<Response> }
  );
