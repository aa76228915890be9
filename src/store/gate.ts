import type { Pool } from 'pg';
import type { Gate } from '../domain/ports.ts';

/**
 * The generic cell rate algorithm in one row a key, by the database's clock, so that any number of processes share one
 * rate. A reservation is a stretch of time: whoever gets it sends evenly within it, and no second holds more than the rate.
 */
export function createGate(pool: Pool): Gate {
  return {
    async take(key, count, perSecond, horizonMs) {
      const values = [key, count / perSecond, horizonMs / 1000];
      const { rows } = await pool.query<{ granted: boolean; wait: number }>({ ...TAKE, values });
      const row = rows[0];
      if (!row) throw new Error(`The rate gate "${key}" gave no answer.`);
      return { granted: row.granted ? count : 0, waitMs: Math.max(0, row.wait * 1000) };
    },
    async block(key, ms) {
      await pool.query(BLOCK, [key, ms / 1000]);
    },
    async blocked(key) {
      const { rows } = await pool.query<{ wait: number }>(BLOCKED, [key]);
      return Math.max(0, (rows[0]?.wait ?? 0) * 1000);
    },
  };
}

/**
 * `clock_timestamp()`, not `now()`: a statement that has waited for the row's lock must not reckon with the moment it
 * came. A refused one leaves the row as it was.
 */
const TAKE = {
  name: 'gate-take',
  text: `
  WITH made AS (
    INSERT INTO rate_gate (key, next_at) VALUES ($1, clock_timestamp()) ON CONFLICT (key) DO NOTHING
  ), held AS (
    SELECT next_at, blocked_until, clock_timestamp() AS moment FROM rate_gate WHERE key = $1 FOR UPDATE
  ), slot AS (
    SELECT moment, greatest(next_at, moment) AS starts, coalesce(blocked_until > moment, false) AS blocked, blocked_until FROM held
  ), taken AS (
    UPDATE rate_gate g SET next_at = slot.starts + make_interval(secs => $2::float8) FROM slot
    WHERE g.key = $1 AND NOT slot.blocked AND slot.starts <= slot.moment + make_interval(secs => $3::float8)
    RETURNING 1
  )
  SELECT EXISTS (SELECT 1 FROM taken) AS granted,
    extract(epoch FROM CASE
      WHEN blocked THEN blocked_until - moment
      WHEN EXISTS (SELECT 1 FROM taken) THEN starts - moment
      ELSE starts - moment - make_interval(secs => $3::float8) END)::float8 AS wait
  FROM slot
  UNION ALL SELECT false, 0 WHERE NOT EXISTS (SELECT 1 FROM slot)`,
};

const BLOCK = `
  INSERT INTO rate_gate (key, next_at, blocked_until)
  VALUES ($1, clock_timestamp(), clock_timestamp() + make_interval(secs => $2::float8))
  ON CONFLICT (key) DO UPDATE SET blocked_until = greatest(rate_gate.blocked_until, excluded.blocked_until)`;

const BLOCKED = `
  SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait FROM rate_gate WHERE key = $1`;
