import type { Audit } from '../domain/actor.ts';
import type { ResponseStore } from '../domain/decisions.ts';
import type { Members } from '../domain/member.ts';
import type { Notices } from '../domain/notice.ts';
import type { Rehearsals } from '../domain/rehearsal.ts';
import type { Revisions } from '../domain/revision.ts';

/** What actions write, all on one connection: what one of them does is kept together, with its entry in the audit. */
export interface Writes {
  audit: Audit;
  members: Pick<Members, 'find'>;
  notices: Notices;
  revisions: Revisions;
  responses: ResponseStore;
  testSends: Pick<Rehearsals, 'put'>;
}

export interface ActionStore {
  /** All of the work is kept, or nothing. */
  transaction<T>(work: (writes: Writes) => Promise<T>): Promise<T>;
}
