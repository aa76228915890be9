import type { Attachment, Group } from '../core/inbound.ts';
import type { OutboundMessage, PanelPlace } from '../core/message.ts';
import type { Panel } from '../core/surfaces.ts';
import type { MemberAct } from './flow/source/schema.ts';

/** Who is meant, and in which language they read. */
export interface MemberReader {
  key: string;
  language: string;
  /** The update by which they speak: what it asks for is done once. */
  update: string;
}

/** A conversation with a member, with what is known already. */
export interface MemberConversation {
  flow: string;
  answers: Record<string, string>;
}

/** How a member speaks who is asked nothing. */
export interface Speaking {
  /** They want something not to go out. */
  holdsBack: boolean;
  /** A yes or a no to something that they have been shown. */
  isVerdict: boolean;
  /** Too few words to be for anybody. */
  isBrief: boolean;
}

/** What is said to them at once, or the conversation in which they say whom it is for. */
export type MemberHeard = MemberConversation | { messages: OutboundMessage[] };

/**
 * What members do in their chat. All of it is done before the turn that answers is kept, so that everything here does the
 * same when it is asked twice.
 */
export interface MemberChat {
  /** Ties the chat to the member whose code this is, and says who they are now, or why not. */
  join(reader: MemberReader, code: string): Promise<OutboundMessage>;
  /** The same for words that may be a code; null where they are not one and can mean something else. */
  joinBy(reader: MemberReader, code: string): Promise<OutboundMessage | null>;
  /** A panel, in the `place` of another or as a message; null for whoever it is not for. */
  panel(reader: MemberReader, data: string | null, place?: PanelPlace | null): Promise<OutboundMessage[] | null>;
  /** A link of theirs into the console; null for whoever is not a member. */
  consoleLink(reader: MemberReader): Promise<OutboundMessage | null>;
  /** Asks whether announcements shall go to a group; null for whoever is not an organizer. */
  groupAdded(reader: MemberReader, group: Group, channel: string): Promise<OutboundMessage | null>;
  /** `answer`: what follows `g:` in the signed action. Null for whoever is not an organizer. */
  groupAnswered(reader: MemberReader, answer: string): Promise<OutboundMessage | null>;
  /** Does what a member asks for by a conversation, and says what came of it. */
  act(
    reader: MemberReader,
    act: MemberAct,
    given: Record<string, string>,
    files: readonly Attachment[],
  ): Promise<OutboundMessage[]>;
  /** What a member's button begins, or why it does not: `action` is what follows `m:` in it. Null for whoever it is not for. */
  conversation(reader: MemberReader, action: string): Promise<MemberHeard | null>;
  /** How a member answers somebody, to whose words they have written back. Null for whoever may not answer there. */
  answering(reader: MemberReader, reference: string): Promise<MemberHeard | null>;
  /** What a member says while nothing is asked; null for whoever is not one. */
  heard(reader: MemberReader, speaking: Speaking): Promise<MemberHeard | null>;
  /** For a member whose question reaches no other: that it does not. Null for everybody else. */
  askedAlone(reader: MemberReader): Promise<OutboundMessage | null>;
  /** What stands before the usual question, for the author of words that somebody else finds worth the forum's time. */
  suggestion(reader: MemberReader, by: string, words: string): OutboundMessage;
}

/** Who looks at a panel, or has pressed one of its buttons. */
export interface PanelReader {
  key: string;
  language: string;
  /** The update with which they pressed it: what it asks for is done once. Left out: they only look. */
  update?: string;
}

export interface ChatPanels {
  /**
   * Does what the button says (null: the first view) and gives the view that follows. Null for whoever is not a member, for a
   * button that is not theirs, and for what their roles do not allow now: to them it is as if there were no such thing.
   */
  panel(reader: PanelReader, data: string | null): Promise<Panel | null>;
  /** Whether somebody works here. */
  isFor(key: string): Promise<boolean>;
}
