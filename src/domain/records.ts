import type { ChannelName } from './channel.ts';
import type { Attachment } from './inbound.ts';

/** `asked`: about words that somebody else suggested; until they say anything to us, nothing but that question reaches them. */
export type IdentityStatus = 'active' | 'asked' | 'stopped' | 'unreachable' | 'erased';
export type ContributionKind = 'idea' | 'answer' | 'comment' | 'reply';
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
export type ContributionState = 'received' | 'triaged' | 'decided' | 'released' | 'delivered' | 'withdrawn';
export type DecisionKind = 'inclusion' | 'amendment' | 'rejection';
export const DECISIONS: readonly DecisionKind[] = ['inclusion', 'amendment', 'rejection'];
/** `undone`: taken back before anybody was told. */
export type ResponseState = 'approved' | 'released' | 'delivered' | 'superseded' | 'undone';
export type NoticeState = 'draft' | 'scheduled' | 'running' | 'paused' | 'done' | 'cancelled';

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
  attribution: 'name' | 'group' | 'nobody';
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
