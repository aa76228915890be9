import { type ActionParts, createActions } from './actions/actions.ts';
import type { ActionStore } from './actions/writes.ts';
import { createAudit } from './store/audit.ts';
import type { Database } from './store/database.ts';
import { createMembers } from './store/members.ts';
import { createNotices } from './store/notices.ts';
import { createRehearsals } from './store/rehearsals.ts';
import { createRevisions } from './store/revisions.ts';
import type { Queryable } from './store/statement.ts';
import { transaction } from './store/transaction.ts';

/** Everything that members and operators do, on this database. */
export const openActions = ({ pool }: Pick<Database, 'pool'>, parts: Omit<ActionParts, 'store'>) =>
  createActions({ ...parts, store: storeOn(pool) });

const storeOn = (pool: Database['pool']): ActionStore => ({
  transaction: (work) => transaction(pool, (client) => work(writesOn(client))),
});

const writesOn = (db: Queryable) => ({
  audit: createAudit(db),
  members: createMembers(db),
  notices: createNotices(db),
  revisions: createRevisions(db),
  testSends: createRehearsals(db),
});
