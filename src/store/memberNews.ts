import { z } from 'zod';
import type { MemberNews } from '../people/memberNews.ts';
import { CURRENT } from './current.ts';
import { quietUnlessAwake } from './quiet.ts';
import { type Queryable, statement } from './statement.ts';

export const createMemberNews = (db: Queryable): MemberNews => ({
  chatsOf: (members) => CHATS.rows(db, [members]),
  tell: async (told, at) =>
    told.length === 0 ? [] : (await TELL.rows(db, [JSON.stringify(told), at])).map(({ id }) => id),
});

export const CHATS = statement(
  { identityId: z.string(), key: z.string(), channel: z.string(), language: z.string().nullable() },
  `
  SELECT i.id AS "identityId", i.key, i.channel, i.language
  FROM member w JOIN member_identity mi ON mi.member_id = w.id JOIN identity i ON i.key = mi.identity_key
  WHERE w.removed_at IS NULL AND i.status = 'active' AND w.id = ANY($1::text[]) ORDER BY i.id`,
);

export const TELL = statement(
  { id: z.string() },
  `
  INSERT INTO delivery (identity_id, channel, payload, not_before)
  SELECT i.id, told.channel, told.payload, ${quietUnlessAwake('$2::timestamptz')}
  FROM jsonb_to_recordset($1) AS told("identityId" bigint, channel text, payload jsonb)
  JOIN identity i ON i.id = told."identityId" LEFT JOIN process p ON p.id = ${CURRENT}
  RETURNING id`,
);
