import type { NoticeEdits } from '../notices/edits.ts';
import type { Notices } from '../notices/notice.ts';
import type { TestSends } from '../notices/testSends.ts';
import type { Audit } from '../people/actor.ts';
import type { Members } from '../people/member.ts';
import type { ResponseStore } from '../responses/ports.ts';

/** What actions write, all on one connection: what one of them does is kept together, with its entry in the audit. */
export interface Writes {
  audit: Audit;
  members: Pick<Members, 'find'>;
  notices: Notices;
  revisions: NoticeEdits;
  responses: ResponseStore;
  testSends: Pick<TestSends, 'put'>;
}

export interface ActionStore {
  /** All of the work is kept, or nothing. */
  transaction<T>(work: (writes: Writes) => Promise<T>): Promise<T>;
}
