import type { ReleaseScope } from '../responses/ports.ts';
import { processOr } from './current.ts';

/** What response `r` says, as one value. */
const words = (r: string): string => `jsonb_build_object('decision', ${r}.decision, 'input', ${r}.input,
  'considered', ${r}.considered, 'influence', ${r}.influence, 'reason', ${r}.reason, 'beyond', ${r}.beyond,
  'languages', ${r}.languages, 'translations', ${r}.translations)`;

/** Of the responses that came before `r`: the last that has reached this reader, and with which notice. */
export const lastHad = (identity: string): string => `
  SELECT o.notice_id, o.number, ${words('o')} AS words FROM response o
  JOIN delivery p ON p.notice_id = o.notice_id AND p.identity_id = ${identity}
  WHERE o.contribution_id = r.contribution_id AND o.number < r.number
    AND CASE WHEN p.payload ? 'brought' THEN p.payload->'brought' ? o.id::text ELSE p.state = 'sent' END
  ORDER BY o.number DESC LIMIT 1`;

/** Another has followed that may have arrived, in whole or in part: nobody can say what they read last. */
const MAY_HAVE_OTHER = `EXISTS (
    SELECT FROM response o JOIN delivery p ON p.notice_id = o.notice_id AND p.identity_id = c.identity_id
    WHERE o.contribution_id = r.contribution_id AND o.number > had.number AND o.number < r.number
      AND (p.state IN ('sending', 'uncertain') OR p.doubts > 0 OR p.parts_done > 0))`;

/** Waiting for release, or released to somebody who could not be reached then and can be now. */
export const DUE = `
  SELECT r.id, r.contribution_id, r.number, c.identity_id, c.submitted_at, i.channel, i.status, had.notice_id AS had,
    had.words IS NOT NULL AND had.words - 'languages' = ${words('r')} - 'languages' AND NOT ${MAY_HAVE_OTHER} AS repeats
  FROM contribution c JOIN response r ON r.contribution_id = c.id JOIN identity i ON i.id = c.identity_id
  LEFT JOIN delivery d ON d.notice_id = r.notice_id AND d.identity_id = c.identity_id
  LEFT JOIN LATERAL (${lastHad('c.identity_id')}) AS had ON true
  WHERE ((r.state = 'approved' AND c.state = 'decided')
      OR (r.state = 'released' AND i.status = 'active' AND (d.state = 'skipped'
          OR (d.state = 'failed' AND d.reason IN ('blocked', 'deactivated', 'chat_not_found')))))
    AND NOT EXISTS (SELECT 1 FROM response n WHERE n.contribution_id = r.contribution_id AND n.number > r.number
      AND n.state NOT IN ('superseded', 'undone'))`;

/** What is due of a scope, whose three values stand from this placeholder on. */
export const dueOf = (first: number): string => `${DUE}
  AND c.process_id = ${processOr(`$${first + 2}`)}
  AND ($${first}::text[] IS NULL OR coalesce(c.theme, '') = ANY($${first})) AND ($${first + 1}::text[] IS NULL OR c.reference = ANY($${first + 1}))`;
export const scoped = ({ themes, references, process }: ReleaseScope = {}): unknown[] => [
  themes?.map((theme) => theme ?? '') ?? null,
  references ?? null,
  process ?? null,
];
