import type { Pool } from 'pg';
import type { GroupState, Groups } from '../domain/groups.ts';

/** Every statement says which states it may come from, so that the same update twice does no harm. */
export function createGroups(pool: Pool): Groups {
  const titleOf = async (text: string, id: string) =>
    (await pool.query<{ name: string | null }>(text, [id])).rows.map(({ name }) => name ?? '')[0] ?? null;
  return {
    async keep({ key, address, title }, channel, language, at) {
      const { rows } = await pool.query<{ id: string; state: GroupState }>(KEEP, [
        ...[key, channel, address, title, language, at],
      ]);
      const [group] = rows;
      if (!group) throw new Error('A person has the key of this group.');
      return group;
    },
    subscribe: (id) => titleOf(SUBSCRIBE, id),
    drop: (id) => titleOf(DROP, id),
    async left({ key, address }) {
      await pool.query(LEFT, [key, address]);
    },
    async moved(key, address) {
      await pool.query(MOVED, [key, address]);
    },
  };
}

const KEEP = `
  INSERT INTO identity AS i (kind, key, contributor_id, channel, address, name, language, status, joined_at)
  VALUES ('group', $1, gen_random_uuid(), $2, $3, $4, $5, 'pending', $6)
  ON CONFLICT (key) DO UPDATE SET address = EXCLUDED.address, name = EXCLUDED.name,
    status = CASE WHEN i.status = 'active' THEN 'active' ELSE 'pending' END
  WHERE i.kind = 'group'
  RETURNING id, status AS state`;

const SUBSCRIBE = `
  UPDATE identity SET status = 'active' WHERE id = $1 AND kind = 'group' AND status IN ('pending', 'active') RETURNING name`;

/** One that has had announcements stays as a name for their figures. */
const DROP = `
  WITH gone AS (
    DELETE FROM identity i WHERE i.id = $1 AND i.kind = 'group'
      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.identity_id = i.id) RETURNING name
  ), quiet AS (
    UPDATE identity i SET status = 'stopped' WHERE i.id = $1 AND i.kind = 'group' AND NOT EXISTS (SELECT 1 FROM gone) RETURNING name
  )
  SELECT name FROM gone UNION ALL SELECT name FROM quiet`;

const LEFT = `
  UPDATE identity SET status = 'unreachable' WHERE kind = 'group' AND status <> 'stopped' AND (key = $1 OR address = $2)`;

/** A group's key ends in its address, as those of its later updates will. */
const MOVED = `
  UPDATE identity i SET address = $2, key = CASE
    WHEN i.kind = 'group' AND NOT EXISTS (SELECT 1 FROM identity o WHERE o.key = regexp_replace($1, '[^:]*$', $2))
    THEN regexp_replace($1, '[^:]*$', $2) ELSE i.key END
  WHERE i.key = $1`;
