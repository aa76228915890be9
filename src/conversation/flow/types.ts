import type { Part, Words } from '../../contributions/parts.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { OutboundMessage } from '../../core/message.ts';
import type { Remains } from '../../people/erasure.ts';
import type { Preferences } from '../../people/preferences.ts';
import type { ThreadKind } from '../../responses/thread.ts';
import type { MemberAct, Offer } from './source/schema.ts';

/** What a step stored. A choice keeps its value (not its label); several choices, or files, an array. */
export type Answer = string | number | boolean | string[] | Attachment | Attachment[] | null;

export interface Frame {
  flow: string;
  version: string;
  step: string;
  /** An aside (/mine, /privacy): when it is over, the open question below is asked again instead of passed. */
  aside?: boolean;
  /** While another flow is called: the questions asked in this one, for /back once it goes on. */
  history?: string[];
}

/** The open question: what the next input is held against. */
export interface Open {
  /** Random; buttons carry it, so a button of another question or person never matches. */
  nonce: string;
  askedAt: number;
  tries: number;
  /** Page of a long list. */
  page: number;
  /** Values picked so far, for several choices. */
  picked: string[];
  /** Words that were no answer to it, of which nobody knows yet what they are. */
  misfit?: Words;
  /**
   * A system question that stands before the step's own: "leave this half-given idea?" and what they wanted instead; "no more
   * messages?" and the words that may mean so.
   */
  asking?: { kind: 'leave'; wanted: Input } | { kind: 'language' } | { kind: 'stop'; words: string };
}

/** One contributor's conversation. Plain JSON: stored and re-read between every two turns. */
export interface Session {
  id: string;
  /** The id of the process that it belongs to: that in which its words were begun. */
  process: number;
  /** Innermost flow last. */
  stack: Frame[];
  answers: Record<string, Answer>;
  /** Answers that were there before the flow began (a form, a deep link): their questions are passed over once. */
  given?: string[] | undefined;
  open: Open | null;
  /** Questions asked in the innermost flow, for /back. */
  history: string[];
  /** Nonce of the question just answered: a second press of its button is not worth a word. */
  lastNonce: string | null;
  /** Which message each answer's words came with; `field` is the answer. */
  parts?: Part[] | undefined;
  /** The answer that holds the contribution's words: what a further message goes into. */
  messageAnswer?: string | undefined;
  /** The album that is arriving, and the answer its first file went into; null where it could not be kept. */
  album?: { id: string; answer: string | null } | undefined;
  /** What the person has filled in elsewhere while this was open: begun one after the other when this is over. */
  later?: Begin[] | undefined;
  /** Left unfinished for something else, and offered again. */
  offered?: boolean | undefined;
  turns: number;
  startedAt: number;
  /** When the person's last turn was. */
  seenAt: number;
  /** When the open question times out; null when it does not. */
  timeoutAt: number | null;
}

export type Input =
  /** `forwarded`, `cut`, `tooLarge`, `removed`: see `InboundContent`. */
  | { kind: 'text'; text: string; messageId?: string | null; forwarded?: true | 'some'; cut?: true }
  | { kind: 'choice'; data: string }
  /** `words`: the whole as it was typed, where that is not `/name argument`. */
  | { kind: 'command'; name: string; argument: string; words?: string }
  /** A message that was sent before says something else now. */
  | { kind: 'edited'; messageId: string; text: string; attachment?: Attachment; tooLarge?: number; removed?: string[] }
  | {
      kind: 'media';
      attachment: Attachment;
      caption: string;
      album?: string;
      messageId?: string | null;
      forwarded?: true | 'some';
      tooLarge?: number;
    }
  | { kind: 'form'; form: string; fields: Record<string, string> }
  /** Starts a flow from outside (deep link, notice button), with answers already given. */
  | {
      kind: 'begin';
      flow: string;
      answers: Record<string, Answer>;
      /** The answers are the person's own words. */
      spoken?: true;
      /** The message that they came with, and the answer that its words are; left out: `said`. */
      messageId?: string | null;
      holds?: string;
      /** The album that its file is the first of. */
      album?: string;
    }
  /** To take part, where the words that are agreed to were read beside the chat. */
  | { kind: 'agree' }
  | { kind: 'timeout'; nonce: string }
  /** They have been silent for so long that they are to be reminded of what they have begun. */
  | { kind: 'reminded'; hasGiven: boolean }
  | { kind: 'unsupported'; what: string };

export type Begin = Extract<Input, { kind: 'begin' }>;

/** What somebody said last that was taken: by it the same once more, or the rest of it, is known for what it is. */
export interface LastSaid {
  /** Of the words, which themselves stand where they went. */
  digest: string;
  /** When the platform took them in, and when we did. */
  at: number;
  takenAt: number;
  length: number;
  /** The answer that they went into; null: none. */
  name: string | null;
  /** There may be more of them in the next message. */
  cut?: true;
  /** Of the contribution that they are the end of. */
  reference?: string;
}

export interface Person {
  language: string;
  /** What their app speaks, where that is none of the process's languages and they have chosen none; `und`: it does not say. */
  foreign?: string;
  consented: boolean;
  /** They steer what goes on, too. */
  isMember?: boolean;
  status: 'active' | 'stopped';
  /** What they have decided and told before; left out: nothing yet. */
  own?: Preferences;
  last?: LastSaid | null;
  recent?: Recent | null;
  /** What they have left without finishing it, the newest last. */
  unfinished?: readonly Session[];
}

/** What the words of an answer become. */
export type AnswerTo = 'idea' | 'answer' | 'thread';

/** What they have contributed or asked last. */
export interface Recent {
  reference: string;
  to: AnswerTo;
  /** Its receipt has not been given yet. */
  isOpen: boolean;
  /** It was given a moment ago. */
  isJustGiven: boolean;
  album: string | null;
}

/** What the process lists: a value that is kept, and how people read it. */
export interface Listed {
  value: string;
  label: Record<string, string> | string;
}

/** A question that the organizers have answered beforehand. */
export interface Faq {
  /** Words or phrases by which it is known, with commas between them. */
  words: Record<string, string> | string;
  question: Record<string, string> | string;
  answer: Record<string, string> | string;
}

/** What the engine may know of the world; all of it passed in, so that a turn is a pure function. */
export interface World {
  now: number;
  /** When the platform took in what is heard now; left out: now. */
  saidAt?: number;
  /** Fresh randomness for this turn: session ids and nonces. */
  random: () => string;
  languages: string[];
  /** IANA time zone of the process. */
  timeZone: string;
  /** Values for texts and conditions under `process`. */
  process: {
    id: number;
    /** It is over: nothing more is said for it, but to answers that come late. */
    closed: boolean;
    name: string;
    themes: Listed[];
    /** Where people may live, where the process lists that. */
    places?: Listed[];
    hearBackBy: string | null;
    faq?: readonly Faq[];
    /** Whether people can comment on a draft by now, and from which day on; left out: they can. */
    draft?: Draft;
  };
  /** The same in another language, for whoever changes theirs in the middle of a turn. */
  inLanguage?: (language: string) => Pick<World['process'], 'name' | 'hearBackBy' | 'draft'>;
}

/** `none`: the process says nothing of when it comes. */
export interface Draft {
  state: 'none' | 'before' | 'out';
  /** The day on which it comes; null where it is not to come. */
  day: string | null;
}

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
  /** What it becomes where it comes too late; null: nothing. */
  instead: Contributed | null;
}

export type Contributed = Extract<Event, { kind: 'contributed' }>;

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

export interface Turn {
  session: Session | null;
  last: LastSaid | null;
  unfinished: Session[];
  events: Event[];
}
