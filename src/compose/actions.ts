import { type ActionParts, createActions } from '../actions/actions.ts';
import { createPerform } from '../actions/perform.ts';
import type { ActionStore } from '../actions/writes.ts';
import { createAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { createNoticeEdits } from '../store/edits.ts';
import { createGroups } from '../store/groups.ts';
import { createLinks } from '../store/links.ts';
import { createMembers } from '../store/members.ts';
import { createNotices } from '../store/notices.ts';
import { createResponseStore } from '../store/responses.ts';
import { createTestSends } from '../store/testSends.ts';
import { transaction } from '../store/transaction.ts';

/** Everything that members and operators do, on this database: each in one transaction. */
export function openActions(
  { pool }: Pick<Database, 'pool'>,
  parts: Omit<ActionParts, 'perform' | 'expect' | 'store'>,
) {
  const store = storeOn(pool);
  return createActions({ ...parts, store, ...createPerform({ store, clock: parts.clock }) });
}

const storeOn = (pool: Database['pool']): ActionStore => ({
  transaction: (work) =>
    transaction(pool, (db) =>
      work({
        audit: createAudit(db),
        members: createMembers(db),
        groups: createGroups(db),
        links: createLinks(db),
        notices: createNotices(db),
        revisions: createNoticeEdits(db),
        testSends: createTestSends(db),
        responses: createResponseStore(db),
      }),
    ),
});
