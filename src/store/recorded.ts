import { z } from 'zod';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import { ATTACHMENTS, PARTS } from './shapes.ts';

/** A contribution as its author goes on with it. */
export const RECORDED = {
  row: {
    id: z.string(),
    reference: z.string(),
    kind: z.enum(CONTRIBUTION_KINDS),
    state: z.enum(CONTRIBUTION_STATES),
    text: z.string(),
    parts: PARTS,
    fields: z.record(z.string(), z.unknown()),
    attachments: ATTACHMENTS,
  },
  select: 'SELECT id, reference, kind, state, text, parts, fields, attachments FROM contribution',
};
