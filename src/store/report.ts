import type { Pool } from 'pg';
import { z } from 'zod';
import { ANSWER_DAYS, REPORTED_BY, type ReportCount } from '../notices/report.ts';
import { statement } from './statement.ts';

/** Who had a notice and who answered, counted by everything at once, without the members it was tested on. */
export const reportCounts = (pool: Pool, notice: string, questions: readonly string[]): Promise<ReportCount[]> =>
  COUNTS.rows(pool, [notice, questions, ANSWER_DAYS]);

/**
 * `asked`: who has answered one of the questions $2, whenever. `acted`: who has contributed, or answered to an event, within
 * $3 days. One row for all together (`by` null), then one for each value of each grouping.
 */
export const COUNTS = statement(
  {
    by: z.enum(REPORTED_BY).nullable(),
    value: z.string().nullable(),
    recipients: z.int(),
    had: z.int(),
    toItsQuestion: z.int(),
    answered: z.int(),
  },
  `
  WITH reader AS (
    SELECT i.id, n.process_id AS process, i.language, i.stakeholder_group AS "group", i.channel, i.source, d.state = 'sent' AS had,
      d.settled_at AS at, d.settled_at + make_interval(days => $3) AS until
    FROM delivery d JOIN identity i ON i.id = d.identity_id JOIN notice n ON n.id = d.notice_id
    WHERE d.notice_id = $1 AND i.kind = 'person'
  ), counted AS (
    SELECT r.language, r."group", r.channel, r.source, r.had,
      r.had AND EXISTS (
        SELECT FROM contribution c
        WHERE c.identity_id = r.id AND c.process_id = r.process AND c.state <> 'withdrawn' AND c.question = ANY($2) AND c.submitted_at >= r.at
      ) AS asked,
      r.had AND (
        EXISTS (
          SELECT FROM contribution c
          WHERE c.identity_id = r.id AND c.process_id = r.process AND c.state <> 'withdrawn'
            AND c.submitted_at BETWEEN r.at AND r.until
        ) OR EXISTS (
          SELECT FROM attendance a WHERE a.identity_id = r.id AND a.process_id = r.process AND a.at BETWEEN r.at AND r.until
        )
      ) AS acted
    FROM reader r
  )
  SELECT
    CASE
      WHEN grouping(language) = 0 THEN 'language'
      WHEN grouping("group") = 0 THEN 'group'
      WHEN grouping(channel) = 0 THEN 'channel'
      WHEN grouping(source) = 0 THEN 'source'
    END AS by,
    coalesce(language, "group", channel, source) AS value,
    count(*)::int AS recipients,
    count(*) FILTER (WHERE had)::int AS had,
    count(*) FILTER (WHERE asked)::int AS "toItsQuestion",
    count(*) FILTER (WHERE asked OR acted)::int AS answered
  FROM counted GROUP BY GROUPING SETS ((), (language), ("group"), (channel), (source))`,
);
