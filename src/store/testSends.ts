import { z } from 'zod';
import type { ChannelName } from '../core/channelName.ts';
import type { TestSends } from '../notices/testSend.ts';
import { IDENTITY_STATUSES } from '../people/identity.ts';
import { RECIPIENTS } from './columns.ts';
import { type Queryable, statement, word } from './statement.ts';

export function createTestSends(db: Queryable): TestSends {
  return {
    onChannel: (channel, platformId) => ON_CHANNEL.rows(db, [channel, platformId]),
    ofMember: (member) => OF_MEMBER.rows(db, [member]),
    put: async (identityId, messages) => (await PUT.first(db, [identityId, JSON.stringify(messages)]))?.id ?? null,
  };
}

const CANDIDATE = {
  id: z.string(),
  identityKey: z.string(),
  recipient: z.enum(RECIPIENTS),
  channel: word<ChannelName>(),
  language: z.string().nullable(),
  status: z.enum(IDENTITY_STATUSES),
};

/** A key is the channel, our account there, and the platform's own id. */
export const ON_CHANNEL = statement(
  CANDIDATE,
  `
  SELECT id, key AS "identityKey", kind AS recipient, channel, language, status FROM identity
  WHERE status <> 'erased' AND channel = $1 AND split_part(key, ':', 3) = $2 ORDER BY id`,
);

export const OF_MEMBER = statement(
  CANDIDATE,
  `
  SELECT i.id, i.key AS "identityKey", i.kind AS recipient, i.channel, i.language, i.status
  FROM member m JOIN member_identity c ON c.member_id = m.id JOIN identity i ON i.key = c.identity_key
  WHERE m.id = $1 AND m.removed_at IS NULL AND i.status <> 'erased' ORDER BY i.id`,
);

export const PUT = statement(
  { id: z.string() },
  `
  INSERT INTO delivery (identity_id, channel, payload)
  SELECT id, channel, $2 FROM identity WHERE id = $1 AND status = 'active'
  RETURNING id`,
);
