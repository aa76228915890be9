import { z } from 'zod';
import { SIDES } from '../people/member.ts';
import { CURRENT } from './current.ts';

export const OPINION = z.object({
  by: z.string(),
  side: z.enum(SIDES).nullable(),
  agrees: z.boolean(),
  words: z.string().nullable(),
  at: z.coerce.date(),
});

/** Whether proposal `p` on contribution `c` is open. What was taken back meanwhile is nothing to decide on. */
export const isOpen = (p: string, c: string): string =>
  `${p}.state = 'open' AND ${c}.state NOT IN ('withdrawn', 'set_aside')`;

const BY_SIDES = `EXISTS (SELECT FROM member s WHERE s.removed_at IS NULL AND s.side IS NOT NULL AND 'forum' = ANY(s.roles))`;

/** How many of the side of member `w` it takes, see `quorumOf`. */
const takes = (
  w: string,
): string => `coalesce((SELECT q.definition->'decisions'->'quorum'->>replace(${w}.side, ' ', '_')
  FROM process q WHERE q.id = ${CURRENT})::int, 1)`;

const interest = (p: string, by: string): string =>
  `EXISTS (SELECT FROM interest x WHERE x.contribution_id = ${p}.contribution_id AND x.by = ${by})`;

/** Whether proposal `p`, which is open, waits for member `w`: the same as `agreementOn` says of one, for lists of them. */
export const waitsFor = (p: string, w: string): string => `
  'forum' = ANY(${w}.roles) AND NOT ${interest(p, `${w}.id`)}
  AND NOT EXISTS (SELECT FROM opinion v WHERE v.proposal_id = ${p}.id AND v.by = ${w}.id)
  AND (NOT ${BY_SIDES} OR ${w}.side IS NOT NULL AND ${takes(w)} > (
    SELECT count(*) FROM opinion v
    WHERE v.proposal_id = ${p}.id AND v.agrees AND v.side = ${w}.side AND NOT ${interest(p, 'v.by')}))`;
