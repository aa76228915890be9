import type { Actions } from '../../actions/actions.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import type { ContributionStore, ResponsePreview, ResponseStore } from '../../domain/decisions.ts';
import type { Member, MemberChats, Members } from '../../domain/member.ts';
import type { Block, Choice, OutboundMessage } from '../../domain/message.ts';
import type { Notice } from '../../domain/notice.ts';
import type { Overview } from '../../domain/overview.ts';
import type { Phrases } from '../../domain/response.ts';
import type { NoticeCalendar } from '../noticeCalendar.ts';
import type { NoticeRecords } from '../noticeRecords.ts';

/** What members work with. */
export interface OrganizeParts {
  members: Pick<Members, 'byIdentity' | 'find'> & Pick<MemberChats, 'untie'>;
  /** Everything that a button does to others. */
  actions: Actions;
  records: Pick<NoticeRecords, 'find' | 'preview' | 'status'>;
  overview: Overview;
  contributions: Pick<ContributionStore, 'counts'>;
  responses: Pick<ResponseStore, 'releasable'>;
  preview: ResponsePreview;
  upcoming: NoticeCalendar['upcoming'];
  process(): Promise<{ timeZone: string; languages: readonly string[] }>;
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
export interface Desk extends Omit<OrganizeParts, 'process'> {
  key: string;
  member: Member;
  /** The same as whoever asks for something. */
  actor: Actor;
  language: string;
  phrases: Phrases;
  languages: readonly string[];
  zone: string;
  now: number;
  /** A button that only this person can press; `action` without the `o:`. */
  button(label: string, action: string): Choice;
}

export interface View {
  title: string;
  blocks: Block[];
  choices: Choice[];
}

export const text = (words: string): Block => ({ kind: 'text', text: words });
export const heading = (words: string): Block => ({ kind: 'heading', text: words });

/** What a view begins with when it is not what was asked for. */
export const noted = (note: string | null): Block[] => (note === null ? [] : [text(note)]);
