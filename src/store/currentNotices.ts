import type { Pool } from 'pg';
import { z } from 'zod';
import type { CurrentNotice } from '../notices/notice.ts';
import { NOTICE_KIND } from './columns.ts';
import { CURRENT } from './current.ts';
import { kindIs } from './kinds.ts';
import { BUTTONS, TEXTS } from './shapes.ts';
import { statement } from './statement.ts';

/** What went out to everybody of late, is not over, and has not come to this person; the newest first. */
export const currentNotices =
  (pool: Pool) =>
  (identityId: string, limit: number): Promise<CurrentNotice[]> =>
    DIGEST.rows(pool, [identityId, limit]);

/** What was recalled, or paused while it was being sent, is not passed on to newcomers. */
export const DIGEST = statement(
  { id: z.string(), kind: NOTICE_KIND, texts: TEXTS, buttons: BUTTONS, process: z.int() },
  `
  SELECT n.id, n.kind, n.texts, n.buttons, n.process_id AS process
  FROM notice n
  WHERE ${kindIs('n.kind', ({ toLatecomers }) => toLatecomers)} AND n.state IN ('running', 'done')
    AND n.process_id = ${CURRENT} AND n.audience = 'everyone' AND n.snapshot_at > now() - interval '21 days'
    AND (n.until IS NULL OR n.until > now())
    AND NOT EXISTS (SELECT 1 FROM delivery d
                    WHERE d.notice_id = n.id AND d.identity_id = $1 AND d.state NOT IN ('skipped', 'failed'))
  ORDER BY n.snapshot_at DESC, n.id LIMIT $2`,
);
