import type { Pool } from 'pg';
import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { OwnContributions } from '../conversation/own.ts';
import { IDENTITY_STATUSES } from '../people/identity.ts';
import { THREAD_KINDS, THREAD_STATES } from '../responses/thread.ts';
import { CURRENT } from './current.ts';
import { RECORDED } from './recorded.ts';
import { ITEM_COLUMNS, itemFor } from './responses.ts';
import { ATTACHMENTS } from './shapes.ts';
import { statement } from './statement.ts';

/** What one person has said, for that person. */
export function createOwnContributions(pool: Pool): OwnContributions {
  return {
    person: (key) => PERSON.first(pool, [key]),
    async latest(contributorId, limit, from = 0) {
      const rows = await LATEST.rows(pool, [contributorId, limit, from]);
      const { total = 0, earlier = 0 } = rows[0] ?? {};
      const list = rows.filter(({ here }) => here).map(({ here: _, total: __, earlier: ___, ...row }) => row);
      return { list, total, earlier };
    },
    threads: (contributorId, limit) => THREADS.rows(pool, [contributorId, limit]),
    answered: async (contributorId) => (await ANSWERED.rows(pool, [contributorId])).map(({ question }) => question),
    find: (contributorId, reference) => FIND.first(pool, [contributorId, reference]),
    answer: (contributorId, reference) => ANSWER.first(pool, [contributorId, reference]),
  };
}

export const PERSON = statement(
  {
    contributorId: z.string(),
    key: z.string(),
    language: z.string().nullable(),
    zone: z.string().nullable(),
    status: z.enum(IDENTITY_STATUSES),
    consentVersion: z.string().nullable(),
  },
  `
  SELECT contributor_id AS "contributorId", key, language, zone, status, consent_version AS "consentVersion"
  FROM identity WHERE key = $1`,
);

/** `here`: of the current process, to which they come first; `total` and `earlier` count those of it and all others. */
export const LATEST = statement(
  {
    reference: z.string(),
    text: z.string(),
    attachments: ATTACHMENTS,
    state: z.enum(CONTRIBUTION_STATES),
    kind: z.enum(CONTRIBUTION_KINDS),
    shownName: z.string().nullable(),
    submittedAt: z.date(),
    here: z.boolean(),
    total: z.int(),
    earlier: z.int(),
  },
  `
  SELECT reference, text, attachments, state, kind, submitted_at AS "submittedAt", here,
    CASE WHEN attribution <> 'nobody' THEN attribution_name END AS "shownName",
    (count(*) FILTER (WHERE here) OVER ())::int AS total,
    (count(*) FILTER (WHERE NOT here) OVER ())::int AS earlier
  FROM (SELECT *, process_id = ${CURRENT} AS here FROM contribution) AS said
  WHERE contributor_id = $1
  ORDER BY here DESC, submitted_at DESC LIMIT $2 OFFSET $3`,
);

const LINE = z.object({ text: z.string(), attachments: ATTACHMENTS });
const line = (of: string) =>
  `CASE WHEN ${of}.id IS NOT NULL THEN jsonb_build_object('text', ${of}.text, 'attachments', ${of}.attachments) END`;
const OF_THREAD =
  'SELECT m.id, m.text, m.attachments FROM thread_message m WHERE m.thread_id = t.id AND m.taken_out_at IS NULL';

export const THREADS = statement(
  {
    reference: z.string(),
    kind: z.enum(THREAD_KINDS),
    state: z.enum(THREAD_STATES),
    asked: LINE,
    answered: LINE.nullable(),
    since: LINE.nullable(),
    dueAt: z.date(),
  },
  `
  SELECT t.reference, t.kind, t.state, t.due_at AS "dueAt",
    ${line('asked')} AS asked, ${line('answered')} AS answered, ${line('since')} AS since
  FROM thread t JOIN identity i ON i.id = t.identity_id
  CROSS JOIN LATERAL (${OF_THREAD} AND m.by IS NULL ORDER BY m.id LIMIT 1) AS asked
  LEFT JOIN LATERAL (${OF_THREAD} AND m.by IS NOT NULL ORDER BY m.id DESC LIMIT 1) AS answered ON true
  LEFT JOIN LATERAL (${OF_THREAD} AND m.by IS NULL AND m.id > answered.id ORDER BY m.id DESC LIMIT 1) AS since ON true
  WHERE i.contributor_id = $1
  ORDER BY t.opened_at DESC, t.id LIMIT $2`,
);

export const ANSWERED = statement(
  { question: z.string() },
  `
  SELECT DISTINCT question FROM contribution
  WHERE process_id = ${CURRENT} AND contributor_id = $1 AND question IS NOT NULL AND state <> 'withdrawn'`,
);

export const FIND = statement(RECORDED.row, `${RECORDED.select} WHERE contributor_id = $1 AND reference = $2`);

/** The newest that has arrived: what may still be called back does not count yet. */
export const ANSWER = statement(
  ITEM_COLUMNS,
  `
  SELECT ${itemFor('c.identity_id')} FROM contribution c JOIN response r ON r.contribution_id = c.id
  WHERE c.contributor_id = $1 AND c.reference = $2 AND r.state = 'delivered' ORDER BY r.number DESC LIMIT 1`,
);
