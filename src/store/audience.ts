import type { Pool } from 'pg';
import { askedFor, isToldOlder } from '../domain/audience.ts';
import { storedAudience } from '../domain/audienceReader.ts';
import { KINDS } from '../domain/kinds.ts';
import { type Addressed, type AudienceCount, LEFT_OUT, type Notice, type SampleRecipient } from '../domain/notice.ts';
import { conditionSql, type Sql } from './condition.ts';
import { kindIs } from './kinds.ts';
import { toldCondition } from './timelines.ts';

/** What of a notice's audience becomes deliveries: names that a `WITH` takes after `begun(id, kind, topic)`. */
export function snapshotOf(notice: Addressed & Pick<Notice, 'id'>, first: number): Sql {
  const { values, ...whom } = addressedSql(notice, first + 1);
  return {
    sql: `${nights('now()')}, recipients AS (${deliveriesTo(whom, `$${first}`)})`,
    values: [notice.id, ...values],
  };
}

/** Whom a notice would reach at a moment (now: null) on each channel in each language, and whom not. */
export async function countAudience(pool: Pool, notice: Addressed, at: Date | null): Promise<AudienceCount[]> {
  const { values, ...whom } = addressedSql(notice, 5);
  const languages = typeof notice.texts === 'string' ? null : Object.keys(notice.texts);
  const { rows } = await pool.query<AudienceCount>(COUNT(whom), [notice.kind, notice.topic, at, languages, ...values]);
  return rows;
}

/** A few of those whom a notice would reach, without what says who they are: the same ones as long as nothing changes. */
export async function sampleAudience(pool: Pool, notice: Addressed & Pick<Notice, 'id'>): Promise<SampleRecipient[]> {
  const { values, ...whom } = addressedSql(notice, 5);
  const given = [notice.kind, notice.topic, notice.id, SAMPLES];
  return (await pool.query<SampleRecipient>(SAMPLE(whom), [...given, ...values])).rows;
}

const SAMPLES = 10;

/** The part of an audience that the notice itself decides, as conditions over identities `i`. */
interface Whom {
  /** Those it is meant for, whatever they want. */
  meant: string;
  /** Of these: those who have agreed to take part, or asked for this. */
  agreed: string;
}

function addressedSql({ audience, kind }: Addressed, first: number): Whom & Pick<Sql, 'values'> {
  if (KINDS[kind].reaches === 'made_for') return { meant: 'FALSE', agreed: 'FALSE', values: [] };
  const condition = storedAudience(audience);
  const agreed = `(i.consent_version IS NOT NULL OR i.kind = 'group')`;
  // Whoever had the announcement hears of the change, groups as well.
  if (isToldOlder(condition))
    return { meant: `(${toldCondition(`$${first}::int`)})`, agreed, values: [condition.told] };
  if (condition === 'everyone') return { meant: `(i.kind = 'person' OR ${GROUPS_GET})`, agreed, values: [] };
  const { sql, values } = conditionSql(condition, first);
  const meant = `(i.kind = 'person' AND ${sql})`;
  const asked = askedFor(condition);
  if (asked === null) return { meant, agreed, values };
  const also = conditionSql(asked, first + values.length);
  return { meant, agreed: `(${agreed} OR ${also.sql})`, values: [...values, ...also.values] };
}

/** Groups are told what everybody is told; a reminder or an answer is a person's own. */
const GROUPS_GET = kindIs('n.kind', ({ toGroups }) => toGroups);

/** Why identity `i` does not want notice `n`; null when it does. */
const UNWANTED = `
  CASE
    WHEN i.kind = 'group' OR ${kindIs('n.kind', ({ asksNoPreference }) => asksNoPreference)} OR i.wants = 'all' THEN NULL
    WHEN i.wants = 'critical' THEN 'critical_only'
    WHEN n.topic IS NULL OR n.topic = ANY(i.topics) THEN NULL
    ELSE 'other_topics'
  END`;

/** Why identity `i` does not get notice `n` that is meant for it; null when it does. */
const left = (agreed: string): string =>
  `CASE WHEN i.status <> 'active' THEN i.status WHEN NOT ${agreed} THEN 'not_agreed' ELSE ${UNWANTED} END`;

/** How many want all is known to the planner; what comes of a CASE it takes for next to nobody. */
const gets = ({ meant, agreed }: Whom): string =>
  `i.status = 'active' AND ${meant} AND ${agreed} AND (i.wants = 'all' OR ${UNWANTED} IS NULL)`;

const URGENT = kindIs('n.kind', ({ urgent }) => urgent);

/** `nights`: when the night of each zone that people live in ends; none where it is day, or the process has no quiet hours. */
const nights = (moment: string): string => `
  hours AS MATERIALIZED (
    SELECT definition->>'timeZone' AS zone, (definition->'quietHours'->>'from')::time AS begins, (definition->'quietHours'->>'to')::time AS ends
    FROM process WHERE definition ? 'quietHours'
  ), nights AS MATERIALIZED (
    SELECT z.zone, quiet_until(${moment}, known_zone(nullif(z.zone, ''), h.zone), h.begins, h.ends) AS ends
    FROM hours h CROSS JOIN (SELECT DISTINCT coalesce(zone, '') AS zone FROM identity) AS z
  )`;
const THEIR_NIGHT = `LEFT JOIN nights q ON q.zone = coalesce(i.zone, '') AND q.ends IS NOT NULL AND NOT ${URGENT}`;

/** They may have finished long before: they are looked at again soon. */
const BUSY = `CASE WHEN NOT ${URGENT} AND i.busy_until > now() THEN least(i.busy_until, now() + interval '1 minute') END`;

/** Whoever has it already is left alone: ON CONFLICT would say that too, and make a third more work of each row. */
const deliveriesTo = (whom: Whom, notice: string): string => `
  INSERT INTO delivery (notice_id, identity_id, channel, not_before)
  SELECT n.id, i.id, i.channel, greatest(${BUSY}, q.ends)
  FROM begun n JOIN identity i ON ${gets(whom)} ${THEIR_NIGHT}
  WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = ${notice} AND d.identity_id = i.id)
  ORDER BY i.id`;

const COUNT = ({ meant, agreed }: Whom): string => `
  WITH n AS (SELECT $1::text AS kind, $2::text AS topic), ${nights('coalesce($3::timestamptz, now())')}, person AS (
    SELECT i.channel, i.language, i.kind, ${left(agreed)} AS left_out, q.ends IS NOT NULL AS quiet, ${BUSY} IS NOT NULL AS busy,
      $4::text[] IS NOT NULL AND i.language IS NOT NULL
        AND NOT (i.language = ANY($4) OR split_part(i.language, '-', 1) = ANY($4)) AS other_language
    FROM n JOIN identity i ON i.status NOT IN ('erased', 'asked') AND ${meant} ${THEIR_NIGHT}
  )
  SELECT channel, language, ${counted('people', `kind = 'person' AND left_out IS NULL`)},
    ${counted('groups', `kind = 'group' AND left_out IS NULL`)},
    ${['busy', 'quiet'].map((why) => counted(why, `kind = 'person' AND left_out IS NULL AND ${why}`)).join()},
    ${counted('"otherLanguage"', `kind = 'person' AND left_out IS NULL AND other_language`)},
    jsonb_build_object(${LEFT_OUT.map((why) => `'${why}', count(*) FILTER (WHERE kind = 'person' AND left_out = '${why}')`).join()})
      AS "leftOut",
    ${counted('skipped', `kind = 'person' AND left_out IS NOT NULL`)}
  FROM person GROUP BY channel, language
  HAVING count(*) FILTER (WHERE kind = 'person' OR left_out IS NULL) > 0 ORDER BY channel, language`;

function counted(name: string, when: string): string {
  return `count(*) FILTER (WHERE ${when})::int AS ${name}`;
}

const SAMPLE = (whom: Whom): string => `
  WITH n AS (SELECT $1::text AS kind, $2::text AS topic), sample AS (
    SELECT i.* FROM n JOIN identity i ON i.kind = 'person' AND ${gets(whom)}
    ORDER BY hashint8extended(i.id, hashtext($3)) LIMIT $4
  )
  SELECT i.channel, i.language, i.stakeholder_group AS "group", i.place, i.source, to_char(i.joined_at, 'YYYY-MM-DD') AS since,
    said.contributions, said.questions, said.themes
  FROM sample i CROSS JOIN LATERAL (
    SELECT count(*)::int AS contributions, coalesce(array_agg(DISTINCT question) FILTER (WHERE question IS NOT NULL), '{}') AS questions,
      coalesce(array_agg(DISTINCT theme) FILTER (WHERE theme IS NOT NULL), '{}') AS themes
    FROM contribution c WHERE c.contributor_id = i.contributor_id AND c.state <> 'withdrawn'
  ) AS said ORDER BY since, i.channel, i.language`;
