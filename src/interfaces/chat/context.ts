import type { Actions } from '../../actions/actions.ts';
import type { AttachmentStore } from '../../contributions/attachmentStore.ts';
import type { Clock } from '../../core/clock.ts';
import type { Block, Choice, OutboundFile, OutboundMessage } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import type { Notice } from '../../notices/notice.ts';
import type { Overview } from '../../notices/overview.ts';
import type { NoticeRecords } from '../../notices/records.ts';
import type { Actor } from '../../people/actor.ts';
import type { Member, Members } from '../../people/member.ts';
import type { NoticeCalendar } from '../../planning/calendar.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import type { ContributionStore, ResponsePreview, ResponseStore } from '../../responses/ports.ts';
import type { ProposalReading } from '../../responses/proposal.ts';
import type { Quorum } from '../../responses/quorum.ts';
import type { ThreadReading } from '../../responses/thread.ts';

/** What members work with. */
export interface ChatPanelsParts {
  members: Pick<Members, 'byIdentity' | 'find' | 'list'>;
  /** Everything that a button does to others. */
  actions: Actions;
  records: Pick<NoticeRecords, 'find' | 'preview' | 'status'>;
  overview: Overview;
  contributions: Pick<ContributionStore, 'counts' | 'byReference'>;
  responses: Pick<ResponseStore, 'releasable' | 'look'>;
  proposals: ProposalReading;
  attachments: Pick<AttachmentStore, 'find'>;
  preview: ResponsePreview;
  threads: ThreadReading;
  upcoming: NoticeCalendar['upcoming'];
  process(): Promise<{ timeZone: string; languages: readonly string[]; themes: readonly Theme[]; quorum: Quorum }>;
  /** A notice as somebody of that language reads it in their chat. */
  noticeIn(notice: Notice, language: string): OutboundMessage;
  /** What panels say, and the frame around a response. */
  phrasesIn(language: string): Phrases;
  frameIn(language: string | null): Phrases;
  secret: string;
  clock: Clock;
  holdSeconds: number;
  approvalAbove: number;
}

/** One member, at one moment, looking at one view. */
export interface PanelContext extends Omit<ChatPanelsParts, 'process'> {
  key: string;
  member: Member;
  /** The same person as the actor of what they ask for. */
  actor: Actor;
  language: string;
  phrases: Phrases;
  languages: readonly string[];
  themes: readonly Theme[];
  quorum: Quorum;
  zone: string;
  now: number;
  /** A button that only this person can press; `action` without the `o:`, or after `>` what begins a conversation. */
  button(label: string, action: string): Choice;
}

type Theme = ProcessDefinition['themes'][number];

export interface PanelView {
  title: string;
  blocks: Block[];
  choices: Choice[];
  /** Sent in the chat beside it. */
  files?: OutboundFile[];
  /** The thread that it shows, by its id. */
  about?: string;
}

export const text = (words: string): Block => ({ kind: 'text', text: words });
export const heading = (words: string): Block => ({ kind: 'heading', text: words });

/** What a view begins with when it is not what was asked for. */
export const noted = (note: string | null): Block[] => (note === null ? [] : [text(note)]);
