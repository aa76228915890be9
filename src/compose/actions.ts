import { type ActionParts, createActions } from '../actions/actions.ts';
import { createPerform } from '../actions/perform.ts';
import type { ActionStore } from '../actions/writes.ts';
import type { Database } from '../store/database.ts';
import { transaction } from '../store/transaction.ts';
import { writesOn } from './stores.ts';

/** Everything that members and operators do, on this database: each in one transaction. */
export function openActions(
  { pool }: Pick<Database, 'pool'>,
  parts: Omit<ActionParts, 'perform' | 'expect' | 'store'>,
) {
  const store: ActionStore = { transaction: (work) => transaction(pool, (db) => work(writesOn(db))) };
  return createActions({ ...parts, store, ...createPerform({ store, clock: parts.clock }) });
}
