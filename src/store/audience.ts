import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import { askedFor } from '../notices/audience/audience.ts';
import { storedAudience } from '../notices/audience/reader.ts';
import { KINDS } from '../notices/kinds.ts';
import { type Addressed, type AudienceCount, LEFT_OUT, type Notice, type SampleRecipient } from '../notices/notice.ts';
import { conditionSql, type Sql } from './audienceCondition.ts';
import { CURRENT, processOr } from './current.ts';
import { kindIs } from './kinds.ts';
import { type Queryable, type Statement, statement, word } from './statement.ts';
import { toldCondition } from './timelines.ts';

/** Whom a notice would reach at a given time (null: now), and whom it would not, by channel and language. */
export function countAudience(db: Queryable, notice: Addressed, at: Date | null): Promise<AudienceCount[]> {
  const { counting, values } = countOf(notice, at);
  return counting.rows(db, values);
}

/**
 * A few of the people a notice would reach, without anything that identifies them; the same ones as long as nothing
 * changes.
 */
export function sampleAudience(db: Queryable, notice: Addressed & Pick<Notice, 'id'>): Promise<SampleRecipient[]> {
  const { sampling, values } = sampleOf(notice);
  return sampling.rows(db, values);
}

/**
 * Starts a notice that is due, with a delivery for each recipient; false when it is not due, or its audience has
 * changed.
 */
export async function startNotice(db: Queryable, notice: Addressed & Pick<Notice, 'id'>): Promise<boolean> {
  const { starting, values } = startOf(notice);
  return (await starting.first(db, values)) !== null;
}

const SAMPLES = 10;

/** The part of an audience that the notice itself decides, as conditions over identities `i`. */
interface Whom {
  /** The people it is meant for, whatever they chose to receive. */
  meant: string;
  /** Among these, the people who have agreed to take part, or asked for this. */
  agreed: string;
}

function whomOf({ audience, kind, timeline, process }: Addressed, first: number): Whom & Pick<Sql, 'values'> {
  const { reaches } = KINDS[kind];
  if (reaches === 'made_for') return { meant: 'FALSE', agreed: 'FALSE', values: [] };
  const agreed = `(i.consent_version IS NOT NULL OR i.kind = 'group')`;
  // Everybody who had the announcement is told of the change, groups as well.
  if (reaches === 'told_older') return { meant: `(${toldCondition(`$${first}::int`)})`, agreed, values: [timeline] };
  const condition = storedAudience(audience ?? '');
  if (condition === 'everyone') return { meant: `(i.kind = 'person' OR ${GROUPS_GET})`, agreed, values: [] };
  const { sql, values } = conditionSql(condition, first, process);
  const meant = `(i.kind = 'person' AND ${sql})`;
  const asked = askedFor(condition);
  if (asked === null) return { meant, agreed, values };
  const also = conditionSql(asked, first + values.length, process);
  return { meant, agreed: `(${agreed} OR ${also.sql})`, values: [...values, ...also.values] };
}

/** Groups get what everybody gets; a reminder or an answer is for one person. */
const GROUPS_GET = kindIs('n.kind', ({ toGroups }) => toGroups);

/** Why identity `i` does not want notice `n`; null when it does. */
const UNWANTED = `
  CASE
    WHEN i.kind = 'group' THEN NULL
    WHEN i.wants = 'answers' THEN CASE WHEN NOT ${kindIs('n.kind', ({ answersReaders }) => answersReaders)} THEN 'answers_only' END
    WHEN ${kindIs('n.kind', ({ asksNoPreference }) => asksNoPreference)} OR i.wants = 'all' THEN NULL
    WHEN i.wants = 'critical' THEN 'critical_only'
    WHEN n.topic IS NULL OR n.topic = ANY(i.topics) THEN NULL
    ELSE 'other_topics'
  END`;

/** Why identity `i` does not get notice `n` that is meant for it; null when it does. */
const leftOut = (agreed: string): string =>
  `CASE WHEN i.status <> 'active' THEN i.status WHEN NOT ${agreed} THEN 'not_agreed' ELSE ${UNWANTED} END`;

/** The planner has statistics on who wants everything; of a CASE it would expect almost no rows. */
const gets = ({ meant, agreed }: Whom): string =>
  `i.status = 'active' AND ${meant} AND ${agreed} AND (i.wants = 'all' OR ${UNWANTED} IS NULL)`;

const URGENT = kindIs('n.kind', ({ urgent }) => urgent);

/**
 * When the night of each zone that people live in ends, by the quiet hours of that process: null where it is day, no rows where
 * it has none.
 */
const nightsAt = (moment: string, process: string): string => `
    SELECT z.zone, quiet_until(${moment}, known_zone(nullif(z.zone, ''), h.zone), h.begins, h.ends) AS ends
    FROM (
      SELECT definition->>'timeZone' AS zone,
        (definition->'quietHours'->>'from')::time AS begins,
        (definition->'quietHours'->>'to')::time AS ends
      FROM process WHERE id = ${process} AND definition ? 'quietHours'
    ) AS h
    CROSS JOIN (SELECT DISTINCT coalesce(zone, '') AS zone FROM identity) AS z`;

/** Whether the night `q` keeps notice `n` from identity `i`. */
const IS_THEIR_NIGHT = `q.zone = coalesce(i.zone, '') AND q.ends IS NOT NULL AND NOT ${URGENT}`;

/** Until when identity `i` is busy; they may be free long before, and are checked again soon. */
const BUSY_UNTIL = `CASE WHEN NOT ${URGENT} AND i.busy_until > now() THEN least(i.busy_until, now() + interval '1 minute') END`;

/**
 * The notice $1, if it is still due and its audience still $2, with its recipients. People who have it already are left alone: ON
 * CONFLICT would do that too, and make each row half as expensive again.
 */
export function startOf(notice: Addressed & Pick<Notice, 'id'>) {
  const { values, ...whom } = whomOf(notice, 3);
  const starting = statement(
    { id: z.string() },
    `
  WITH begun AS (
    UPDATE notice SET state = 'running', snapshot_at = coalesce(snapshot_at, now())
    WHERE id = $1 AND audience IS NOT DISTINCT FROM $2 AND state = 'scheduled' AND at <= now() AND approval IS DISTINCT FROM 'needed'
      AND NOT coalesce(schedule ? 'every', false)
    RETURNING id, kind, topic
  ), noted AS (
    INSERT INTO notice_event (notice_id, what) SELECT id, 'begun' FROM begun
  ), nights AS MATERIALIZED (${nightsAt('now()', '(SELECT process_id FROM notice WHERE id = $1)')}
  ), recipients AS (
    INSERT INTO delivery (notice_id, identity_id, channel, not_before)
    SELECT n.id, i.id, i.channel, greatest(${BUSY_UNTIL}, q.ends)
    FROM begun n
    JOIN identity i ON ${gets(whom)}
    LEFT JOIN nights q ON ${IS_THEIR_NIGHT}
    WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.notice_id = $1 AND d.identity_id = i.id)
    ORDER BY i.id
  )
  SELECT id FROM begun`,
    { composed: true },
  );
  return { starting, values: [notice.id, notice.audience, ...values] };
}

/** Of a notice of kind $1 and topic $2, at $3, in the languages $4 (null: in all), of the process $5 (null: the current one). */
export function countOf(notice: Addressed, at: Date | null): { counting: Statement<AudienceCount>; values: unknown[] } {
  const { values, ...whom } = whomOf(notice, 6);
  const languages = typeof notice.texts === 'string' ? null : Object.keys(notice.texts);
  const reasons = LEFT_OUT.map((why) => `'${why}', count(*) FILTER (WHERE is_person AND left_out = '${why}')`);
  const counting = statement(
    {
      channel: word<ChannelName>(),
      language: z.string().nullable(),
      people: z.int(),
      groups: z.int(),
      busy: z.int(),
      quiet: z.int(),
      otherLanguage: z.int(),
      leftOut: z.record(z.enum(LEFT_OUT), z.int()),
      skipped: z.int(),
    },
    `
  WITH n AS (
    SELECT $1::text AS kind, $2::text AS topic
  ), nights AS MATERIALIZED (${nightsAt('coalesce($3::timestamptz, now())', processOr('$5'))}
  ), addressee AS (
    SELECT i.channel, i.language, i.kind = 'person' AS is_person, ${leftOut(whom.agreed)} AS left_out,
      q.ends IS NOT NULL AS quiet,
      ${BUSY_UNTIL} IS NOT NULL AS busy,
      $4::text[] IS NOT NULL AND i.language IS NOT NULL
        AND NOT (i.language = ANY($4) OR split_part(i.language, '-', 1) = ANY($4)) AS other_language
    FROM n
    JOIN identity i ON i.status NOT IN ('erased', 'asked') AND ${whom.meant}
    LEFT JOIN nights q ON ${IS_THEIR_NIGHT}
  )
  SELECT channel, language,
    count(*) FILTER (WHERE is_person AND left_out IS NULL)::int AS people,
    count(*) FILTER (WHERE NOT is_person AND left_out IS NULL)::int AS groups,
    count(*) FILTER (WHERE is_person AND left_out IS NULL AND busy)::int AS busy,
    count(*) FILTER (WHERE is_person AND left_out IS NULL AND quiet)::int AS quiet,
    count(*) FILTER (WHERE is_person AND left_out IS NULL AND other_language)::int AS "otherLanguage",
    jsonb_build_object(${reasons.join()}) AS "leftOut",
    count(*) FILTER (WHERE is_person AND left_out IS NOT NULL)::int AS skipped
  FROM addressee GROUP BY channel, language
  HAVING count(*) FILTER (WHERE is_person OR left_out IS NULL) > 0
  ORDER BY channel, language`,
    { composed: true },
  );
  return { counting, values: [notice.kind, notice.topic, at, languages, notice.process ?? null, ...values] };
}

/** Of a notice of kind $1, topic $2 and id $3: $4 people, in an order that the id decides. */
export function sampleOf(notice: Addressed & Pick<Notice, 'id'>) {
  const { values, ...whom } = whomOf(notice, 5);
  const sampling: Statement<SampleRecipient> = statement(
    {
      channel: word<ChannelName>(),
      language: z.string().nullable(),
      group: z.string().nullable(),
      place: z.string().nullable(),
      source: z.string().nullable(),
      since: z.string(),
      contributions: z.int(),
      questions: z.array(z.string()),
      themes: z.array(z.string()),
    },
    `
  WITH n AS (
    SELECT $1::text AS kind, $2::text AS topic
  ), sample AS (
    SELECT i.*
    FROM n JOIN identity i ON i.kind = 'person' AND ${gets(whom)}
    ORDER BY hashint8extended(i.id, hashtext($3)) LIMIT $4
  )
  SELECT i.channel, i.language, i.stakeholder_group AS "group", i.place, i.source,
    to_char(i.joined_at, 'YYYY-MM-DD') AS since, said.contributions, said.questions, said.themes
  FROM sample i CROSS JOIN LATERAL (
    SELECT count(*)::int AS contributions,
      coalesce(array_agg(DISTINCT c.question) FILTER (WHERE c.question IS NOT NULL), '{}') AS questions,
      coalesce(array_agg(DISTINCT c.theme) FILTER (WHERE c.theme IS NOT NULL), '{}') AS themes
    FROM contribution c
    WHERE c.process_id = ${CURRENT} AND c.contributor_id = i.contributor_id AND c.state <> 'withdrawn'
  ) AS said
  ORDER BY since, i.channel, i.language`,
    { composed: true },
  );
  return { sampling, values: [notice.kind, notice.topic, notice.id, SAMPLES, ...values] };
}
