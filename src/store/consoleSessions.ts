import { z } from 'zod';
import { type ConsoleReading, type ConsoleWrites, sessionLimits } from '../people/console.ts';
import { type Member, ROLES, SIDES } from '../people/member.ts';
import { type Queryable, statement } from './statement.ts';

/** Links into the console and the sessions of members there; of both the hash of their token alone. */
export function createConsoleSessions(db: Queryable): ConsoleReading & ConsoleWrites {
  const count = async (text: string, values: unknown[]) => (await db.query(text, values)).rowCount ?? 0;
  return {
    linkOf: (hash, now) => LINK_OF.first(db, [hash, now]),
    async seen(hash, now) {
      const { startedAfter, seenAfter } = sessionLimits(now.getTime());
      const found = await SEEN.first(db, [hash, now, startedAfter, seenAfter]);
      if (found === null) return null;
      const { memberId: id, name, roles, organization, side, ...session } = found;
      return { ...session, member: { id, name, roles, organization, side } satisfies Member };
    },
    of(member, now) {
      const { startedAfter, seenAfter } = sessionLimits(now.getTime());
      return OF_MEMBER.rows(db, [member, startedAfter, seenAfter]);
    },
    putLink: async (hash, member, until) => void (await db.query(PUT_LINK, [hash, member, until])),
    async takeLink(hash, now) {
      const { startedAfter, seenAfter } = sessionLimits(now.getTime());
      return TAKE_LINK.first(db, [hash, now, startedAfter, seenAfter]);
    },
    async putSession({ id, startedAt, seenAt, language, browser }, hash, member) {
      await db.query(PUT_SESSION, [id, hash, member, startedAt, seenAt, language, browser]);
    },
    end: async (id, member) => (await count(END, [id, member])) > 0,
    endAll: (member) => count(END_ALL, [member]),
    speak: async (id, member, language) => (await count(SPEAK, [id, member, language])) > 0,
  };
}

const MEMBER = {
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  organization: z.string().nullable(),
  side: z.enum(SIDES).nullable(),
};
const SESSION = {
  id: z.string(),
  startedAt: z.date(),
  seenAt: z.date(),
  language: z.string().nullable(),
  browser: z.string().nullable(),
};

export const LINK_OF = statement(
  { id: z.string(), ...MEMBER },
  `
  SELECT m.id, m.name, m.roles, m.organization, m.side FROM console_link l JOIN member m ON m.id = l.member_id
  WHERE l.hash = $1 AND l.until > $2 AND m.removed_at IS NULL`,
);

/** Used up and what is over let go of, in one statement: of several who come with it at once, the first has it. */
export const TAKE_LINK = statement(
  { id: z.string(), ...MEMBER },
  `
  WITH taken AS (
    DELETE FROM console_link WHERE hash = $1 AND until > $2 RETURNING member_id
  ), stale AS (
    DELETE FROM console_link WHERE until <= $2
  ), over AS (
    DELETE FROM console_session WHERE started_at <= $3 OR seen_at <= $4
  )
  SELECT m.id, m.name, m.roles, m.organization, m.side FROM taken JOIN member m ON m.id = taken.member_id
  WHERE m.removed_at IS NULL`,
);

/** Noted once a minute: a page that is read is no reason to write at each of its requests. */
export const SEEN = statement(
  { ...SESSION, memberId: z.string(), ...MEMBER, chatLanguage: z.string().nullable() },
  `
  WITH noted AS (
    UPDATE console_session SET seen_at = $2
    WHERE hash = $1 AND started_at > $3 AND seen_at > $4 AND seen_at < $2::timestamptz - interval '1 minute'
  )
  SELECT s.id, s.started_at AS "startedAt", s.seen_at AS "seenAt", s.language, s.browser,
    m.id AS "memberId", m.name, m.roles, m.organization, m.side,
    (SELECT i.language FROM member_identity mi JOIN identity i ON i.key = mi.identity_key
     WHERE mi.member_id = m.id AND i.language IS NOT NULL ORDER BY i.seen_at DESC LIMIT 1) AS "chatLanguage"
  FROM console_session s JOIN member m ON m.id = s.member_id
  WHERE s.hash = $1 AND s.started_at > $3 AND s.seen_at > $4 AND m.removed_at IS NULL`,
);

export const OF_MEMBER = statement(
  SESSION,
  `
  SELECT id, started_at AS "startedAt", seen_at AS "seenAt", language, browser FROM console_session
  WHERE member_id = $1 AND started_at > $2 AND seen_at > $3 ORDER BY started_at DESC, id`,
);

const PUT_LINK = 'INSERT INTO console_link (hash, member_id, until) VALUES ($1, $2, $3)';
const PUT_SESSION = `
  INSERT INTO console_session (id, hash, member_id, started_at, seen_at, language, browser)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const END = 'DELETE FROM console_session WHERE id = $1 AND member_id = $2';
const END_ALL = 'DELETE FROM console_session WHERE member_id = $1';
const SPEAK = 'UPDATE console_session SET language = $3 WHERE id = $1 AND member_id = $2';
