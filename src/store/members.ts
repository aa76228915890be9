import { z } from 'zod';
import { codeHash, type MemberChats, type MemberList, type MemberWrites, ROLES, SIDES } from '../people/member.ts';
import { type Queryable, statement } from './statement.ts';

export type MemberStore = MemberList & MemberChats & MemberWrites;

export function createMembers(db: Queryable): MemberStore {
  const changed = async (text: string, values: unknown[]) => ((await db.query(text, values)).rowCount ?? 0) > 0;
  return {
    list: () => LIST.rows(db),
    find: (id) => FIND.first(db, [id]),
    byIdentity: (key) => IN_CHAT.first(db, [key]),
    listed: () => LISTED.rows(db),
    async put({ id, name, roles, organization, side }, { hash, until }) {
      await db.query(PUT, [id, name, roles, organization, side, hash, until]);
    },
    async sync(all) {
      await db.query(SYNC, [JSON.stringify(all)]);
    },
    remove: (id) => changed(REMOVE, [id]),
    async join(identityKey, code, at) {
      const hash = codeHash(code);
      const attempt = await JOIN.first(db, [identityKey, hash, at, MOST_WRONG]);
      // If another process linked it meanwhile, for the same update, only another query sees it.
      const member = attempt?.member ?? (await TIED_BY.first(db, [identityKey, hash]));
      return member ?? (attempt?.barred ? 'too_many' : 'wrong');
    },
    untie: (key) => changed('DELETE FROM member_identity WHERE identity_key = $1', [key]),
  };
}

const MEMBER = {
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  organization: z.string().nullable(),
  side: z.enum(SIDES).nullable(),
};

export const LIST = statement(
  MEMBER,
  `
  SELECT id, name, roles, organization, side FROM member WHERE removed_at IS NULL ORDER BY id`,
);

export const FIND = statement(
  MEMBER,
  `
  SELECT id, name, roles, organization, side FROM member WHERE removed_at IS NULL AND id = $1`,
);

export const IN_CHAT = statement(
  MEMBER,
  `
  SELECT m.id, m.name, m.roles, m.organization, m.side
  FROM member_identity i JOIN member m ON m.id = i.member_id
  WHERE i.identity_key = $1 AND m.removed_at IS NULL`,
);

export const TIED_BY = statement(
  MEMBER,
  `
  SELECT m.id, m.name, m.roles, m.organization, m.side
  FROM member_identity i JOIN member m ON m.id = i.member_id
  WHERE i.identity_key = $1 AND i.code_hash = $2 AND m.removed_at IS NULL`,
);

export const LISTED = statement(
  { ...MEMBER, codeUntil: z.date().nullable(), chats: z.array(z.string()) },
  `
  SELECT m.id, m.name, m.roles, m.organization, m.side, CASE WHEN m.code_until > now() THEN m.code_until END AS "codeUntil",
    ARRAY(SELECT DISTINCT split_part(i.identity_key, ':', 1) FROM member_identity i WHERE i.member_id = m.id ORDER BY 1) AS chats
  FROM member m WHERE m.removed_at IS NULL ORDER BY m.id`,
);

/** A member who comes back has no chat and no session left over, not even one from the moment of their removal. */
const PUT = `
  WITH left_over AS (
    DELETE FROM member_identity i USING member m
    WHERE i.member_id = m.id AND m.removed_at IS NOT NULL AND m.id = $1
  ), sessions AS (
    DELETE FROM console_session s USING member m
    WHERE s.member_id = m.id AND m.removed_at IS NOT NULL AND m.id = $1
  )
  INSERT INTO member (id, name, roles, organization, side, code_hash, code_until) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET name = $2, roles = $3, organization = $4, side = $5, code_hash = $6, code_until = $7,
    removed_at = NULL`;

const SYNC = `
  WITH listed AS (
    SELECT * FROM jsonb_to_recordset($1) AS l(id text, name text, roles text[], organization text, side text)
  ), left_over AS (
    DELETE FROM member_identity i USING member m, listed l
    WHERE i.member_id = m.id AND m.removed_at IS NOT NULL AND m.id = l.id
  ), sessions AS (
    DELETE FROM console_session s USING member m, listed l
    WHERE s.member_id = m.id AND m.removed_at IS NOT NULL AND m.id = l.id
  )
  INSERT INTO member (id, name, roles, organization, side)
  SELECT id, name, roles, organization, side FROM listed
  ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, roles = EXCLUDED.roles, organization = EXCLUDED.organization,
    side = EXCLUDED.side, removed_at = NULL`;

const REMOVE = `
  WITH gone AS (
    UPDATE member SET removed_at = now(), code_hash = NULL, code_until = NULL WHERE id = $1 AND removed_at IS NULL RETURNING id
  ), chats AS (
    DELETE FROM member_identity i USING gone WHERE i.member_id = gone.id
  ), sessions AS (
    DELETE FROM console_session s USING gone WHERE s.member_id = gone.id
  ), links AS (
    DELETE FROM console_link l USING gone WHERE l.member_id = gone.id
  )
  SELECT id FROM gone`;

/** How many wrong codes a chat may try in an hour. */
const MOST_WRONG = 5;

/**
 * The code is used up and the chat tied in one statement: of any number of chats that come with it at once, the first takes
 * it. A chat that was tied by this very code gets the same result again, as an update may be handled twice.
 */
export const JOIN = statement(
  { member: z.object(MEMBER).nullable(), barred: z.boolean() },
  `
  WITH barred AS (
    SELECT 1 FROM member_attempt WHERE identity_key = $1 AND wrong >= $4 AND since > $3::timestamptz - interval '1 hour'
  ), before AS (
    SELECT m.id, m.name, m.roles, m.organization, m.side FROM member_identity i JOIN member m ON m.id = i.member_id
    WHERE i.identity_key = $1 AND i.code_hash = $2 AND m.removed_at IS NULL
  ), taken AS (
    UPDATE member SET code_hash = NULL, code_until = NULL
    WHERE code_hash = $2 AND code_until > $3 AND removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM barred)
    RETURNING id, name, roles, organization, side
  ), tied AS (
    INSERT INTO member_identity (identity_key, member_id, code_hash, at) SELECT $1, id, $2, $3 FROM taken
    ON CONFLICT (identity_key) DO UPDATE SET member_id = EXCLUDED.member_id, code_hash = EXCLUDED.code_hash, at = EXCLUDED.at
  ), found AS (
    SELECT * FROM taken UNION ALL SELECT * FROM before
  ), wrong AS (
    INSERT INTO member_attempt AS a (identity_key, wrong, since)
    SELECT $1, 1, $3 WHERE NOT EXISTS (SELECT 1 FROM found) AND NOT EXISTS (SELECT 1 FROM barred)
    ON CONFLICT (identity_key) DO UPDATE SET
      wrong = CASE WHEN a.since > $3::timestamptz - interval '1 hour' THEN a.wrong + 1 ELSE 1 END,
      since = CASE WHEN a.since > $3::timestamptz - interval '1 hour' THEN a.since ELSE $3 END
  ), forgotten AS (
    DELETE FROM member_attempt WHERE identity_key <> $1 AND since < $3::timestamptz - interval '1 day'
  )
  SELECT (SELECT to_jsonb(found) FROM found LIMIT 1) AS member, EXISTS (SELECT 1 FROM barred) AS barred`,
);
