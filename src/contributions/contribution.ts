import type { ChannelName } from '../core/channelName.ts';
import type { Attachment } from '../core/inbound.ts';

export const CONTRIBUTION_KINDS = ['idea', 'answer', 'comment'] as const;

export type ContributionKind = (typeof CONTRIBUTION_KINDS)[number];

/** Whose name a contribution is shown with: the person's, their group's, or nobody's. */
export const ATTRIBUTIONS = ['name', 'group', 'nobody'] as const;

export type Attribution = (typeof ATTRIBUTIONS)[number];

/** received → triaged → decided → released → delivered; withdrawn from received only, set aside from what is not decided. */
export const CONTRIBUTION_STATES = [
  'received',
  'triaged',
  'decided',
  'released',
  'delivered',
  'withdrawn',
  'set_aside',
] as const;

export type ContributionState = (typeof CONTRIBUTION_STATES)[number];

export interface Contribution {
  id: string;
  reference: string;
  contributorId: string;
  kind: ContributionKind;
  text: string;
  fields: Record<string, unknown>;
  attachments: Attachment[];
  language: string;
  channel: ChannelName;
  question: string | null;
  theme: string | null;
  source: string | null;
  attribution: Attribution;
  attributionName: string | null;
  state: ContributionState;
  version: number;
  submittedAt: Date;
  updatedAt: Date;
}
