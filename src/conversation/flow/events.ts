import type { Part, Words } from '../../contributions/parts.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { OutboundMessage } from '../../core/message.ts';
import type { Remains } from '../../people/erasure.ts';
import type { Preferences } from '../../people/preferences.ts';
import type { ThreadKind } from '../../responses/thread.ts';
import type { MemberAct, Offer } from './source/schema.ts';
import type { Answer, LastSaid, Session } from './types.ts';

/** New words for an earlier contribution, written or spoken. */
export interface Edited {
  kind: 'edited';
  reference: string;
  words: Words;
  files: Attachment[];
}

/**
 * What the application shows: only it knows what there is. `dates`: the timeline at length. `questions`: those that are open, and
 * this person has not answered. `record`: all that is held about
 * the person. `digest`: what went out before somebody came, and still counts.
 */
export type Shown =
  | 'timeline'
  | 'dates'
  | 'questions'
  | 'mine'
  | 'privacy'
  | 'record'
  | 'digest'
  /** The next one alone, and what they have given last, with when it is answered: to questions about these. */
  | 'meeting'
  | 'newest';

export interface Amended {
  kind: 'amended';
  reference: string;
  /** Empty where there are none. */
  words: Words;
  /** What they are the rest of; null where they stand by themselves. */
  rest: LastSaid | null;
  attachments: Attachment[];
  fields: Record<string, Answer>;
  /** Which messages the words of the fields came with. */
  parts: Part[];
  theme: string | null;
  /** Null: as it was. */
  attribution: Contributed['contribution']['attribution'] | null;
  attributionName: string | null;
  done: string | null;
  /** Buttons below that. */
  offers: Offer[];
  /** Nobody has said that it belongs there: whoever sent it is told, and can take it out again. */
  unasked?: true;
  /** What it becomes where it comes too late; null: nothing. */
  instead: Contributed | null;
}

export type Contributed = Extract<Event, { kind: 'contributed' }>;

/** What happens in a turn, in its order: the application says, keeps and does it. */
export type Event =
  | { kind: 'said'; message: OutboundMessage }
  /** Said after the receipt of this turn. */
  | { kind: 'offered'; message: OutboundMessage }
  | {
      kind: 'contributed';
      contribution: {
        kind: 'idea' | 'answer' | 'comment';
        text: string;
        fields: Record<string, Answer>;
        attachments: Attachment[];
        question: string | null;
        theme: string | null;
        attribution: 'name' | 'group' | 'nobody';
        attributionName: string | null;
        /** Of the text, and of the fields. */
        parts: Part[];
        /** The id of the process that it was said in. */
        process: number;
      };
      /** What may be added to it by the buttons below its receipt. */
      offers: Offer[];
      /** For how long what follows belongs to it, in milliseconds; 0: nothing is waited for. */
      gatherMs: number;
      /** There are no words of the person's own in it, but those of buttons. */
      pressed?: true;
      /** Said after it is kept; `{reference}` in it is filled in by the application, which makes the reference. */
      receipt: string | null;
    }
  | {
      kind: 'thread_opened';
      thread: {
        kind: ThreadKind;
        text: string;
        attachments: Attachment[];
        /** The response that it is about, by its id; null: it is to the organizers. */
        response: string | null;
        messageId: string | null;
        process: number;
      };
      /** As that of a contribution. */
      gatherMs: number;
      /** As that of a contribution; `{day}` in it is when an answer is due. */
      receipt: string | null;
    }
  /** The response of this id is clear to its reader. */
  | { kind: 'accepted'; response: string }
  /** What a member does for others; the application knows whether they may. */
  | { kind: 'acted'; act: MemberAct; with: Record<string, string>; files: Attachment[] }
  /** More of an earlier contribution; the application knows whether it is still open. */
  | Amended
  /** New words for an earlier contribution, or its withdrawal; the application knows whether it is still open. */
  | Edited
  | { kind: 'withdrawn'; reference: string }
  /** The person wants nothing to be kept of them, but what remains. */
  | { kind: 'erased'; remains: Remains }
  | { kind: 'shown'; what: Shown }
  | { kind: 'language'; language: string }
  | { kind: 'consented'; version: string; words: string }
  | { kind: 'declined'; version: string; words: string }
  /** Whether they agree to tell about themselves: asked for apart from the consent to take part. */
  | { kind: 'asked_for_profile'; agreed: boolean; version: string; words: string }
  /** New parts of what the person has decided about what reaches them, or tells about themselves. */
  | { kind: 'kept'; own: Partial<Preferences>; words: string }
  | { kind: 'stopped'; words: string }
  | { kind: 'restarted'; words: string }
  | { kind: 'ended'; flow: string; how: 'completed' | 'cancelled' | 'left' | 'timed_out' | 'closed' }
  /** Visible trouble of an author's making: a ceiling reached, a missing flow. The person has been told in plain words. */
  | { kind: 'failed'; flow: string; step: string; why: string };

/** What a turn comes to. */
export interface Turn {
  session: Session | null;
  last: LastSaid | null;
  unfinished: Session[];
  events: Event[];
  /** A question with buttons that was answered in words; left out: none was. */
  answered?: AnsweredInWords;
}

export interface AnsweredInWords {
  /** As it is asked. */
  question: OutboundMessage;
  /** Of the button that would have said the same; of no button where there was none. */
  data: string;
}
