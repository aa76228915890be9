import { z } from 'zod';
import { GROUP_STATES, type Groups } from '../people/groups.ts';
import { type Queryable, type Statement, statement } from './statement.ts';

/** Every statement says which states it may come from, so that the same update twice does no harm. */
export function createGroups(db: Queryable): Groups {
  const titleOf = async (changing: Statement<{ name: string | null }>, id: string) => {
    const row = await changing.first(db, [id]);
    return row && (row.name ?? '');
  };
  return {
    async keep({ key, address, title }, channel, language, at) {
      const group = await KEEP.first(db, [key, channel, address, title, language, at]);
      if (!group) throw new Error('A person has the key of this group.');
      return group;
    },
    subscribe: (id) => titleOf(SUBSCRIBE, id),
    drop: (id) => titleOf(DROP, id),
    title: (id) => titleOf(TITLE, id),
    async left({ key, address }) {
      await db.query(LEFT, [key, address]);
    },
    async moved(key, address) {
      await db.query(MOVED, [key, address]);
    },
  };
}

export const KEEP = statement(
  { id: z.string(), state: z.enum(GROUP_STATES) },
  `
  INSERT INTO identity AS i (kind, key, contributor_id, channel, address, name, language, status, joined_at)
  VALUES ('group', $1, gen_random_uuid(), $2, $3, $4, $5, 'pending', $6)
  ON CONFLICT (key) DO UPDATE SET address = EXCLUDED.address, name = EXCLUDED.name,
    status = CASE WHEN i.status = 'active' THEN 'active' ELSE 'pending' END
  WHERE i.kind = 'group'
  RETURNING id, status AS state`,
);

const NAME = { name: z.string().nullable() };

export const TITLE = statement(NAME, `SELECT name FROM identity WHERE id = $1 AND kind = 'group'`);

export const SUBSCRIBE = statement(
  NAME,
  `
  UPDATE identity SET status = 'active' WHERE id = $1 AND kind = 'group' AND status IN ('pending', 'active') RETURNING name`,
);

/** A group that has had announcements stays, as a name in their figures. */
export const DROP = statement(
  NAME,
  `
  WITH gone AS (
    DELETE FROM identity i WHERE i.id = $1 AND i.kind = 'group'
      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.identity_id = i.id) RETURNING name
  ), quiet AS (
    UPDATE identity i SET status = 'stopped' WHERE i.id = $1 AND i.kind = 'group' AND NOT EXISTS (SELECT 1 FROM gone) RETURNING name
  )
  SELECT name FROM gone UNION ALL SELECT name FROM quiet`,
);

const LEFT = `
  UPDATE identity SET status = 'unreachable' WHERE kind = 'group' AND status <> 'stopped' AND (key = $1 OR address = $2)`;

/** A group's key ends in its address, as those of its later updates will. */
const MOVED = `
  UPDATE identity i SET address = $2, key = CASE
    WHEN i.kind = 'group' AND NOT EXISTS (SELECT 1 FROM identity o WHERE o.key = regexp_replace($1, '[^:]*$', $2))
    THEN regexp_replace($1, '[^:]*$', $2) ELSE i.key END
  WHERE i.key = $1`;
