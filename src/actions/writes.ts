import type { TriageWrites } from '../contributions/triage.ts';
import type { NoticeEdits } from '../notices/edits.ts';
import type { Notices } from '../notices/notice.ts';
import type { TestSends } from '../notices/testSend.ts';
import type { Audit } from '../people/actor.ts';
import type { ConsoleWrites } from '../people/console.ts';
import type { Erasure } from '../people/erasure.ts';
import type { Groups } from '../people/groups.ts';
import type { Links } from '../people/links.ts';
import type { MemberChats, Members, MemberWrites } from '../people/member.ts';
import type { MemberNews } from '../people/memberNews.ts';
import type { PersonRecords } from '../people/record.ts';
import type { Timelines } from '../process/publication.ts';
import type { ProcessRecords, ProcessWrites } from '../process/stored.ts';
import type { FinalizationWrites } from '../responses/finalization.ts';
import type { GateReading } from '../responses/gate.ts';
import type { ResponseStore } from '../responses/ports.ts';
import type { DecisionDrafts, ProposalWrites } from '../responses/proposal.ts';
import type { ThreadWrites } from '../responses/thread.ts';

/** What every action needs: the members, to check the actor, and the audit. */
export interface CoreWrites {
  audit: Audit;
  members: Pick<Members, 'find'>;
}

/** What actions write, all on one connection: what one of them does is kept together, with its entry in the audit. */
export interface Writes {
  audit: Audit;
  members: Members & MemberChats & MemberWrites;
  console: ConsoleWrites;
  groups: Groups;
  links: Pick<Links, 'keep'>;
  notices: Notices;
  revisions: NoticeEdits;
  responses: ResponseStore;
  processes: Pick<ProcessRecords, 'list'> & ProcessWrites;
  timelines: Pick<Timelines, 'latest' | 'append'>;
  threads: ThreadWrites;
  proposals: ProposalWrites;
  decisionDrafts: DecisionDrafts;
  memberNews: MemberNews;
  triage: TriageWrites;
  gate: GateReading;
  finalizations: FinalizationWrites;
  testSends: Pick<TestSends, 'put'>;
  people: Pick<PersonRecords, 'find'>;
  erasure: Pick<Erasure, 'erase'>;
}

export interface ActionStore<W extends CoreWrites = Writes> {
  /** All of the work is kept, or nothing. */
  transaction<T>(work: (writes: W) => Promise<T>): Promise<T>;
}
