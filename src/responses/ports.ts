import type { Contribution } from '../contributions/contribution.ts';
import type { Count } from '../contributions/ledger.ts';
import type { Bookmark, ContributionQuery, FacetCounts, Sort } from '../contributions/search.ts';
import type { Range } from '../core/agreedCount.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { ReasonedResponse, ResponseLanguages } from './decision.ts';
import type { ResponseItem } from './response.ts';
import type { CheckedDecision } from './sheet/check.ts';
import type { KnownContribution } from './sheet/rows.ts';
import type { DecidedContribution, TranslationColumn } from './sheet/sheet.ts';

/** All of the current process, or of another by its id. */
export interface ContributionStore {
  /** The first `limit` contributions after the bookmark (null: from the beginning), with the decision that stands on each. */
  page(after: Bookmark | null, limit: number, query?: ContributionQuery, sort?: Sort): Promise<DecidedContribution[]>;
  /** How many there are, and beside each value of the filters. */
  facets(query?: ContributionQuery): Promise<FacetCounts>;
  /** What contributions have there, each once. */
  used(what: 'theme' | 'question' | 'language', process?: number | null): Promise<string[]>;
  /** Null when no contribution has that reference. */
  byReference(reference: string): Promise<Contribution | null>;
  counts(process?: number | null): Promise<Count[]>;
  /** The columns that translations of elements need, of all responses that stand. */
  translated(process?: number | null): Promise<TranslationColumn[]>;
}

/** What one reader would get, or gets, of a release. */
export interface ReaderResponses {
  items: ResponseItem[];
  language: string | null;
  /** Readers of this release. */
  readers: number;
}

/** Something that waits for release. */
export interface WaitingResponse extends Pick<ReasonedResponse, 'decision'> {
  reference: string;
  /** It takes the place of an answer that has arrived. */
  replaces: boolean;
  /** It says what its reader has: nobody is sent it. */
  repeats: boolean;
  /** Its reader can be reached now. */
  reachable: boolean;
}

/** The latest answer to one contribution, as its reader gets it, or got it. */
export interface OneResponse {
  item: ResponseItem;
  state: 'approved' | 'released' | 'delivered';
  channel: ChannelName;
  language: string | null;
  /** Other answers that wait for the same reader. */
  beside: number;
}

export interface ResponsePreview {
  list(scope?: ReleaseScope): Promise<WaitingResponse[]>;
  /** Null when nothing is decided on that contribution, or there is none. */
  of(reference: string): Promise<OneResponse | null>;
  /** For the reader of this number, from 0 on, of what waits for release; null when there are fewer. */
  waiting(reader: number): Promise<ReaderResponses | null>;
  /** The same of a release that is made, for those who have not had it. */
  released(notice: string, reader: number): Promise<ReaderResponses | null>;
}

/** A decision with the id that it is to be kept under, and the languages of its texts. */
export type NewResponse = CheckedDecision & { id: string; languages: ResponseLanguages['languages'] };

/** What is to become of contributions: all of it, or nothing. */
export interface DecisionPlan {
  keep: NewResponse[];
  /** Ids of responses that are taken back before their authors have heard of them. */
  undo: string[];
}

/** Which of what waits for release; a key that is left out leaves nothing out. */
export interface ReleaseScope {
  /** The id of the process that is answered for; the current one when left out. */
  process?: number;
  /** Of contributions to any of these; null: to none. */
  themes?: readonly (string | null)[];
  references?: readonly string[];
}

/** What a release sends out, or would send. */
export interface ReleaseFigures {
  responses: number;
  /** People's chats that get one answer or several. */
  recipients: number;
  /** Chats that cannot be reached now; their responses are released and stay owed. */
  unreachable: number;
  /** Of the responses: those that take the place of one which has arrived. */
  replacing: number;
  /** Beside them: decisions that repeat, word for word, what their reader has already. These are not sent. */
  repeated: number;
}

/** What waits for release, with the mark of which it is: other responses have another, however many they are. */
export interface Releasable extends ReleaseFigures {
  mark: string;
}

/** What the number of its readers means for a release; counted where they are made, so that nobody comes in between. */
export interface ReleaseTerms {
  /** Nothing was released, since it would have been something else than asked for. */
  refused: boolean;
  approval: 'needed' | null;
  /** When the first message goes; null: at once. */
  notBefore: Date | null;
}

export interface ResponseStore {
  /** What is known of the contributions of these references, without a hold on them. */
  look(references: readonly string[]): Promise<ReadonlyMap<string, KnownContribution>>;
  /**
   * Locks the contributions of these references, asks `plan` what is to become of them, and does it: all in one transaction,
   * nothing when `plan` throws. What is kept is marked decided; responses that were never sent make way for it. What is
   * undone goes back to the answer its author had last, or to undecided.
   */
  decide(
    references: readonly string[],
    plan: (known: ReadonlyMap<string, KnownContribution>) => DecisionPlan,
    at: Date,
  ): Promise<void>;
  /** What `release` would do now. */
  releasable(scope?: ReleaseScope): Promise<Releasable>;
  /**
   * Makes one notice of all that waits for release: a delivery for each identity, earlier responses superseded.
   * Responses that could not be delivered go once more to people who can be reached again; what its reader was told already
   * counts as delivered. No responses: no notice. One that needs approval, or has time, is scheduled; others run.
   * The figures are those of what waits, also where it is refused.
   */
  release(notice: {
    id: string;
    at: Date;
    /** The first message goes then; null: at once. */
    from: Date | null;
    /** To `from` people or more, not before `until`. */
    hold: { from: number; until: Date } | null;
    by: string | null;
    /** More people than this need a second member's approval; null: none does. */
    approvalAbove: number | null;
    /** Only these responses; null: whatever waits. */
    mark: string | null;
    /** Only if it goes to so many. */
    recipients: Range;
    scope?: ReleaseScope;
  }): Promise<ReleaseFigures & ReleaseTerms>;
  /** What each of these deliveries still has to bring, in order: nothing that has arrived or was superseded since. */
  load(deliveryIds: readonly string[]): Promise<Map<string, ResponseItem[]>>;
}
