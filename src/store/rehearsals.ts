import type { Pool } from 'pg';
import type { Candidate, Rehearsals } from '../domain/rehearsal.ts';

export function createRehearsals(pool: Pool): Rehearsals {
  const candidates = async (where: string, values: unknown[]) =>
    (await pool.query<Candidate>(`${SELECT} ${where} ORDER BY i.id`, values)).rows;
  return {
    onChannel: (channel, platformId) => candidates(ON_CHANNEL, [channel, platformId]),
    ofMember: (member) => candidates(OF_MEMBER, [member]),
    put: async (identityId, messages) =>
      (await pool.query<{ id: string }>(PUT, [identityId, JSON.stringify(messages)])).rows[0]?.id ?? null,
  };
}

const SELECT = `
  SELECT i.id, i.key AS "identityKey", i.kind AS recipient, i.channel, i.language, i.status FROM identity i WHERE i.status <> 'erased' AND`;

/** A key is the channel, our account there, and the platform's own id. */
const ON_CHANNEL = `i.channel = $1 AND split_part(i.key, ':', 3) = $2`;

const OF_MEMBER = `i.key IN (
  SELECT c.identity_key FROM member_identity c JOIN member m ON m.id = c.member_id WHERE m.id = $1 AND m.removed_at IS NULL)`;

const PUT = `
  INSERT INTO delivery (identity_id, channel, payload) SELECT id, channel, $2 FROM identity WHERE id = $1 AND status = 'active'
  RETURNING id`;
