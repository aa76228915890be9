import type { Audit, AuditEntry, AuditFilter } from '../people/actor.ts';
import type { Database } from './database.ts';
import type { Queryable } from './statement.ts';

/** What members and operators did: only ever added to, as the database itself sees to. */
export function createAudit(db: Queryable): Audit {
  return {
    async add({ at, actor, action, subject, outcome, detail, request, ...entry }) {
      const values = [at, actor, entry.interface, action, subject, outcome, detail && JSON.stringify(detail), request];
      return ((await db.query(ADD, values)).rowCount ?? 0) > 0;
    },
    isDone: async (request) => ((await db.query(IS_DONE, [request])).rowCount ?? 0) > 0,
  };
}

const ADD = `
  INSERT INTO audit (at, actor, interface, action, subject, outcome, detail, request) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (request) DO NOTHING`;

const IS_DONE = 'SELECT FROM audit WHERE request = $1';

/** The entries of the audit, the oldest first. */
export async function listAudit({ prisma }: Database, { since, action, actor }: AuditFilter): Promise<AuditEntry[]> {
  const found = await (await prisma()).audit.findMany({
    where: { ...(since && { at: { gte: since } }), action, actor },
    orderBy: { id: 'asc' },
    omit: { id: true, request: true },
  });
  return found as AuditEntry[];
}
