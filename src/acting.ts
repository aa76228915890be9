import { type ActionParts, createActions } from './actions/actions.ts';
import { performOn } from './performing.ts';
import type { Database } from './store/database.ts';

/** Everything that members and operators do, on this database. */
export const openActions = (db: Pick<Database, 'pool'>, parts: Omit<ActionParts, 'perform' | 'expect'>) =>
  createActions({ ...parts, ...performOn(db, parts.clock) });
