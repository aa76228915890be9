import { createPerform } from '../actions/perform.ts';
import { createReading, type Read } from '../actions/reading.ts';
import type { CoreWrites } from '../actions/writes.ts';
import type { Clock } from '../core/clock.ts';
import { createAudit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { createMembers } from '../store/members.ts';
import { transaction } from '../store/transaction.ts';

/** Notes who reads what is personal, for commands that load nothing else of the actions. */
export const openReading = ({ pool }: Pick<Database, 'pool'>, clock: Clock): Read =>
  createReading(
    createPerform<CoreWrites>({
      store: {
        transaction: (work) => transaction(pool, (db) => work({ audit: createAudit(db), members: createMembers(db) })),
      },
      clock,
    }).perform,
  );
