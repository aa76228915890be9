import type { OutboundMessage } from '../core/message.ts';
import type { AnswerTo } from './flow/types.ts';

/** How far somebody is ahead of the pace at which they are answered; moments in milliseconds since the epoch. */
export interface Pacing {
  /** Each answer uses up some time; those that were given have used up the time until then. */
  until: number;
  held: HeldBack | null;
  /** When what is held back, or the receipt, is to be given. */
  answerAt: number | null;
  gathering?: Gathering | null;
  /** When somebody who has left was told so, since they left. */
  goneToldAt?: number;
}

/** What somebody has just contributed or asked: what comes next may belong to it. */
export interface Gathering {
  reference: string;
  /** Left out: an idea. */
  to?: AnswerTo;
  since: number;
  /** How long nothing may come before the receipt is given, and when that will be. */
  quietMs: number;
  due: number;
  /** Null once it is given. */
  receipt: OutboundMessage[] | null;
  givenAt: number | null;
  album: string | null;
}

/** Answers held back from somebody who writes faster than they can be answered one by one. */
export interface HeldBack {
  since: number;
  /** When it is to be given. */
  due: number;
  /** Messages that got no answer of their own. */
  count: number;
  /** How many of them were recorded as contributions, and the first of those. */
  recorded: number;
  references: string[];
  /** The answer to the last of them. */
  messages: OutboundMessage[];
}
