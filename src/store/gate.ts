import { z } from 'zod';
import { CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { GateReading } from '../responses/gate.ts';
import { THREAD_KINDS } from '../responses/thread.ts';
import { SAID_COLUMNS } from './columns.ts';
import { CANNOT_BE_REACHED } from './contributions.ts';
import { isOpen } from './opinions.ts';
import { type Queryable, statement } from './statement.ts';

/** What a process still owes. */
export const createGate = (db: Queryable): GateReading => ({
  async facts(process) {
    const contributions = await OWING.rows(db, [process]);
    const responses = await STANDING.rows(db, [process]);
    return { contributions, responses, threads: await OPEN_THREADS.rows(db, [process]) };
  },
});

export const OWING = statement(
  {
    reference: z.string(),
    state: z.enum(CONTRIBUTION_STATES),
    settled: z.boolean(),
    unreachable: z.boolean(),
    proposed: z.boolean(),
  },
  `
  WITH each AS (
    SELECT c.reference, c.state, i.status = 'erased' AS settled, ${CANNOT_BE_REACHED} AS unreachable, c.submitted_at, c.id,
      EXISTS (SELECT FROM proposal p WHERE p.contribution_id = c.id AND ${isOpen('p', 'c')}) AS proposed
    FROM contribution c JOIN identity i ON i.id = c.identity_id WHERE c.process_id = $1
  )
  SELECT reference, state, settled, unreachable, proposed FROM each
  WHERE state NOT IN ('delivered', 'withdrawn', 'set_aside') OR proposed ORDER BY submitted_at, id`,
);

/** Of the texts no more than whether they are there. */
export const STANDING = statement(
  { reference: z.string(), reads: z.string().nullable(), unreachable: z.boolean(), ...SAID_COLUMNS },
  `
  SELECT c.reference, i.language AS reads, ${CANNOT_BE_REACHED} AS unreachable, r.decision, left(r.input, 1) AS input,
    left(r.considered, 1) AS considered, left(r.influence, 1) AS influence, left(r.reason, 1) AS reason,
    left(r.beyond, 1) AS beyond, r.languages, r.translations
  FROM contribution c JOIN identity i ON i.id = c.identity_id
  CROSS JOIN LATERAL (
    SELECT * FROM response o WHERE o.contribution_id = c.id AND o.state IN ('approved', 'released', 'delivered')
    ORDER BY o.number DESC LIMIT 1) AS r
  WHERE c.process_id = $1 AND i.status <> 'erased' AND c.state NOT IN ('withdrawn', 'set_aside') ORDER BY c.submitted_at, c.id`,
);

export const OPEN_THREADS = statement(
  { reference: z.string(), kind: z.enum(THREAD_KINDS), dueAt: z.date(), unreachable: z.boolean() },
  `
  SELECT t.reference, t.kind, t.due_at AS "dueAt", i.status IN ('stopped', 'unreachable') AS unreachable
  FROM thread t JOIN identity i ON i.id = t.identity_id
  WHERE t.process_id = $1 AND t.state = 'open' AND i.status <> 'erased' ORDER BY t.due_at, t.opened_at, t.id`,
);
