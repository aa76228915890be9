import type { Pool } from 'pg';
import { ANSWER_DAYS, type ReportCount } from '../domain/report.ts';

/** Who had a notice and who answered, counted by everything at once; tests of it are no part of that. */
export async function reportCounts(pool: Pool, notice: string, questions: readonly string[]): Promise<ReportCount[]> {
  const { rows } = await pool.query<ReportCount>(COUNTS, [notice, questions, ANSWER_DAYS]);
  return rows;
}

const COUNTS = `
  WITH reader AS (
    SELECT i.language, i.stakeholder_group AS "group", i.channel, i.source, d.state = 'sent' AS had,
      d.state = 'sent' AND EXISTS (SELECT 1 FROM contribution c WHERE c.identity_id = i.id AND c.state <> 'withdrawn'
        AND c.question = ANY($2) AND c.submitted_at >= d.settled_at) AS asked,
      d.state = 'sent' AND (
        EXISTS (SELECT 1 FROM contribution c WHERE c.identity_id = i.id AND c.state <> 'withdrawn'
          AND c.submitted_at BETWEEN d.settled_at AND d.settled_at + make_interval(days => $3))
        OR EXISTS (SELECT 1 FROM attendance a WHERE a.identity_id = i.id
          AND a.at BETWEEN d.settled_at AND d.settled_at + make_interval(days => $3))) AS acted
    FROM delivery d JOIN identity i ON i.id = d.identity_id WHERE d.notice_id = $1 AND i.kind = 'person'
  )
  SELECT CASE WHEN grouping(language) = 0 THEN 'language' WHEN grouping("group") = 0 THEN 'group'
      WHEN grouping(channel) = 0 THEN 'channel' WHEN grouping(source) = 0 THEN 'source' END AS by,
    coalesce(language, "group", channel, source) AS value, count(*)::int AS recipients,
    count(*) FILTER (WHERE had)::int AS had, count(*) FILTER (WHERE asked)::int AS "toItsQuestion",
    count(*) FILTER (WHERE asked OR acted)::int AS answered
  FROM reader GROUP BY GROUPING SETS ((), (language), ("group"), (channel), (source))`;
