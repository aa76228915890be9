import type { ChannelName } from './channel.ts';
import type { Attachment } from './inbound.ts';

/**
 * `asked`: about words that somebody else suggested; until they say anything to us, nothing but that question reaches them.
 * `pending`: a group whose organizer has not said yet whether announcements go there.
 */
export const IDENTITY_STATUSES = ['active', 'asked', 'pending', 'stopped', 'unreachable', 'erased'] as const;
export type IdentityStatus = (typeof IDENTITY_STATUSES)[number];
export const CONTRIBUTION_KINDS = ['idea', 'answer', 'comment', 'reply'] as const;
export type ContributionKind = (typeof CONTRIBUTION_KINDS)[number];
/** How a contribution is shown: with a person's name, that of their group, or none. */
export const ATTRIBUTIONS = ['name', 'group', 'nobody'] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];
/** What people can say they are part of; `left_out`: a group that is usually left out. */
export const STAKEHOLDER_GROUPS = [
  'citizen',
  'cso',
  'government',
  'private_sector',
  'academia',
  'left_out',
  'other',
] as const;
/** received → triaged → decided → released → delivered; withdrawn from received only. */
export const CONTRIBUTION_STATES = ['received', 'triaged', 'decided', 'released', 'delivered', 'withdrawn'] as const;
export type ContributionState = (typeof CONTRIBUTION_STATES)[number];
export const DECISIONS = ['inclusion', 'amendment', 'rejection'] as const;
export type DecisionKind = (typeof DECISIONS)[number];
/** `undone`: taken back before anybody was told. */
export const RESPONSE_STATES = ['approved', 'released', 'delivered', 'superseded', 'undone'] as const;
export type ResponseState = (typeof RESPONSE_STATES)[number];
export const NOTICE_STATES = ['draft', 'scheduled', 'running', 'paused', 'done', 'cancelled'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** The five elements of a reasoned response, all compulsory for all three decisions (guidance, section 4). */
export const ELEMENTS = ['input', 'considered', 'influence', 'reason', 'beyond'] as const;
export type Element = (typeof ELEMENTS)[number];
export type ReasonedResponse = { decision: DecisionKind } & Record<Element, string>;

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
  replyTo: string | null;
  version: number;
  submittedAt: Date;
  updatedAt: Date;
}

/** The texts of a response stand for everybody; these say in which language they are, and hold the same in others. */
export interface ResponseLanguages {
  /** Left out where it could not be told. */
  languages: Partial<Record<Element, string>>;
  translations: Partial<Record<Element, Record<string, string>>>;
}

/** A decision kept for one contribution; `number` counts up, a later one supersedes. */
export interface StoredResponse extends ReasonedResponse, ResponseLanguages {
  id: string;
  contributionId: string;
  number: number;
  state: ResponseState;
}
