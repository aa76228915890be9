export const DECISIONS = ['inclusion', 'amendment', 'rejection'] as const;
export type DecisionKind = (typeof DECISIONS)[number];
/** `undone`: taken back before its author heard of it. */
export const RESPONSE_STATES = ['approved', 'released', 'delivered', 'superseded', 'undone'] as const;
export type ResponseState = (typeof RESPONSE_STATES)[number];

/** The five elements of a reasoned response, all compulsory for all three decisions (guidance, section 4). */
export const ELEMENTS = ['input', 'considered', 'influence', 'reason', 'beyond'] as const;
export type Element = (typeof ELEMENTS)[number];
/** The longest element that can be written in a chat: all five fit into one message on every platform. */
export const MOST_OF_ELEMENT = 2000;
export type ReasonedResponse = { decision: DecisionKind } & Record<Element, string>;

/** The languages of a response's texts, and translations of them for readers of other languages. */
export interface ResponseLanguages {
  /** Left out where it could not be recognized. */
  languages: Partial<Record<Element, string>>;
  translations: Partial<Record<Element, Record<string, string>>>;
}

/** A stored decision on one contribution; a higher `number` supersedes a lower one. */
export interface StoredResponse extends ReasonedResponse, ResponseLanguages {
  id: string;
  contributionId: string;
  number: number;
  state: ResponseState;
}
