import type { Part, Words } from '../../contributions/parts.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { Preferences } from '../../people/preferences.ts';

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
  /** What stands above its buttons, where that is not the question itself. */
  words?: string | undefined;
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
  /** When its person was reminded of it. */
  remindedAt?: number | undefined;
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
  /** As they are asked about it. */
  named: string;
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

/** What we can answer somebody by ourselves. */
export type Known =
  | { kind: 'faq'; entry: Faq }
  | { kind: 'shown'; what: 'timeline' | 'meeting' | 'newest' | 'privacy' };

/** A question to us at the end of something else, and our answer to it; null: only a person can answer it. */
export interface AskedBesides {
  asked: string;
  known: Known | null;
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
