import type { Pool } from 'pg';
import { z } from 'zod';
import type { SharedRateLimit } from '../delivery/sharedRateLimit.ts';
import { statement } from './statement.ts';

/**
 * The generic cell rate algorithm in one row a key, by the database's clock, so that any number of processes share one
 * rate. A reservation is a stretch of time: the process that gets it sends evenly within it, and no second holds more than the rate.
 */
export function createSharedRateLimit(pool: Pool): SharedRateLimit {
  return {
    async take(key, count, perSecond, horizonMs) {
      const taken = await TAKE.first(pool, [key, count / perSecond, horizonMs / 1000]);
      if (taken) return { granted: count, waitMs: Math.max(0, taken.wait * 1000) };
      const refused = await WHEN.first(pool, [key, horizonMs / 1000]);
      return { granted: 0, waitMs: Math.max(1, (refused?.wait ?? 0) * 1000) };
    },
    async charge(key, count, perSecond) {
      await pool.query(CHARGE, [key, count / perSecond]);
    },
    async block(key, ms) {
      await pool.query(BLOCK, [key, ms / 1000]);
    },
    async blocked(key) {
      return Math.max(0, ((await BLOCKED.first(pool, [key]))?.wait ?? 0) * 1000);
    },
  };
}

/**
 * `clock_timestamp()`, not `now()`: a statement that has waited for the row's lock must not reckon with the moment it
 * came. A refused one changes nothing and returns no row.
 */
export const TAKE = statement(
  { wait: z.number() },
  `
  INSERT INTO rate_gate AS g (key, next_at) VALUES ($1, clock_timestamp() + make_interval(secs => $2::float8))
  ON CONFLICT (key) DO UPDATE SET next_at = greatest(g.next_at, clock_timestamp()) + make_interval(secs => $2::float8)
  WHERE (g.blocked_until IS NULL OR g.blocked_until <= clock_timestamp())
    AND g.next_at <= clock_timestamp() + make_interval(secs => $3::float8)
  RETURNING extract(epoch FROM g.next_at - make_interval(secs => $2::float8) - clock_timestamp())::float8 AS wait`,
  { name: 'rateLimit-take' },
);

export const WHEN = statement(
  { wait: z.number() },
  `
  SELECT extract(epoch FROM greatest(blocked_until, next_at - make_interval(secs => $2::float8)) - clock_timestamp())::float8 AS wait
  FROM rate_gate WHERE key = $1`,
);

const CHARGE = `
  INSERT INTO rate_gate AS g (key, next_at) VALUES ($1, clock_timestamp() + make_interval(secs => $2::float8))
  ON CONFLICT (key) DO UPDATE SET next_at = greatest(g.next_at, clock_timestamp()) + make_interval(secs => $2::float8)`;

const BLOCK = `
  INSERT INTO rate_gate (key, next_at, blocked_until)
  VALUES ($1, clock_timestamp(), clock_timestamp() + make_interval(secs => $2::float8))
  ON CONFLICT (key) DO UPDATE SET blocked_until = greatest(rate_gate.blocked_until, excluded.blocked_until)`;

export const BLOCKED = statement(
  { wait: z.number().nullable() },
  `
  SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS wait FROM rate_gate WHERE key = $1`,
);
