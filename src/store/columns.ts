import { z } from 'zod';
import { ATTRIBUTIONS, CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../contributions/contribution.ts';
import type { ChannelName } from '../core/channelName.ts';
import { kindsWhere } from '../notices/kinds.ts';
import { NOTICE_STATES } from '../notices/notice.ts';
import { DECISIONS, ELEMENTS, RESPONSE_STATES } from '../responses/decision.ts';
import { ATTACHMENTS, BUTTONS, NOTICE_ATTACHMENT, SCHEDULE, TEXTS } from './shapes.ts';
import { word } from './statement.ts';

/** Who a delivery is for: people are talked with, groups and channels only receive. */
export const RECIPIENTS = ['person', 'group'] as const;

export const NOTICE_KIND = z.enum(kindsWhere(() => true));
export const APPROVAL = z.enum(['needed', 'given']).nullable();

/** Of contribution `c`, by the names of `Contribution`. */
export const CONTRIBUTION = `c.id, c.reference, c.contributor_id AS "contributorId", c.kind, c.text, c.fields, c.attachments,
  c.language, c.channel, c.question, c.theme, c.source, c.attribution, c.attribution_name AS "attributionName", c.state,
  c.version, c.submitted_at AS "submittedAt", c.updated_at AS "updatedAt"`;

export const CONTRIBUTION_COLUMNS = {
  id: z.string(),
  reference: z.string(),
  contributorId: z.string(),
  kind: z.enum(CONTRIBUTION_KINDS),
  text: z.string(),
  fields: z.record(z.string(), z.unknown()),
  attachments: ATTACHMENTS,
  language: z.string(),
  channel: word<ChannelName>(),
  question: z.string().nullable(),
  theme: z.string().nullable(),
  source: z.string().nullable(),
  attribution: z.enum(ATTRIBUTIONS),
  attributionName: z.string().nullable(),
  state: z.enum(CONTRIBUTION_STATES),
  version: z.int(),
  submittedAt: z.date(),
  updatedAt: z.date(),
};

/** A decision with its five elements. */
export const DECISION_COLUMNS = {
  decision: z.enum(DECISIONS),
  input: z.string(),
  considered: z.string(),
  influence: z.string(),
  reason: z.string(),
  beyond: z.string(),
};

/** What a response says. */
export const SAID_COLUMNS = {
  ...DECISION_COLUMNS,
  languages: z.partialRecord(z.enum(ELEMENTS), z.string()),
  translations: z.partialRecord(z.enum(ELEMENTS), z.record(z.string(), z.string())),
};

export const STORED_RESPONSE = z.object({
  id: z.string(),
  contributionId: z.string(),
  number: z.int(),
  ...SAID_COLUMNS,
  state: z.enum(RESPONSE_STATES),
});

/** Of notice `n`, by the names of `Notice`. */
export const NOTICE = `n.id, n.kind, n.texts, n.buttons, n.audience, n.topic, n.attachment, n.on_uncertain AS "onUncertain",
  n.state, n.at, n.zone, n.schedule, n.origin, n.turn_of AS "turnOf", n.timeline, n.event, n.until, n.created_by AS "createdBy",
  n.scheduled_by AS "scheduledBy", n.confirmed, n.approval, n.approved_by AS "approvedBy", n.revision,
  n.process_id AS process`;

export const NOTICE_COLUMNS = {
  id: z.string(),
  kind: NOTICE_KIND,
  texts: TEXTS,
  buttons: BUTTONS,
  audience: z.string().nullable(),
  topic: z.string().nullable(),
  attachment: NOTICE_ATTACHMENT.nullable(),
  onUncertain: z.enum(['resend', 'hold']),
  state: z.enum(NOTICE_STATES),
  at: z.date().nullable(),
  zone: z.string().nullable(),
  schedule: SCHEDULE.nullable(),
  origin: z.string().nullable(),
  turnOf: z.string().nullable(),
  timeline: z.int().nullable(),
  event: z.string().nullable(),
  until: z.date().nullable(),
  createdBy: z.string().nullable(),
  scheduledBy: z.string().nullable(),
  confirmed: z.int().nullable(),
  approval: APPROVAL,
  approvedBy: z.string().nullable(),
  revision: z.int(),
  process: z.int(),
};
