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

/** What one reader gets of a release. */
export interface ReaderResponses {
  items: ResponseItem[];
  language: string | null;
  /** Readers of this release. */
  readers: number;
}

/** Something that waits for release. */
export interface WaitingResponse extends Pick<ReasonedResponse, 'decision'> {
  reference: string;
  /** It replaces an answer that has arrived. */
  replaces: boolean;
  /** It says what its reader has already: it is not sent. */
  repeats: boolean;
  /** Its reader can be reached now. */
  reachable: boolean;
}

/** The latest answer to one contribution, as its reader gets or got it. */
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
  /** Null when there is no such contribution, or nothing is decided on it. */
  of(reference: string): Promise<OneResponse | null>;
  /** What waits for release for the reader with this number, from 0 on; null when there are fewer. */
  waiting(reader: number): Promise<ReaderResponses | null>;
  /** The same for a release that was made, among those who have not had it yet. */
  released(notice: string, reader: number): Promise<ReaderResponses | null>;
}

/** A decision with its new id and the languages of its texts. */
export type NewResponse = CheckedDecision & { id: string; languages: ResponseLanguages['languages'] };

/** What to do with contributions: all of it, or nothing. */
export interface DecisionPlan {
  keep: NewResponse[];
  /** Ids of responses to take back before their readers have them. */
  undo: string[];
}

/** Which waiting responses are meant; a key that is left out does not restrict them. */
export interface ReleaseScope {
  /** The id of the process that is answered for; the current one when left out. */
  process?: number;
  /** Only of contributions with one of these themes; null: with none. */
  themes?: readonly (string | null)[];
  references?: readonly string[];
}

/** What a release sends out, or would send. */
export interface ReleaseFigures {
  responses: number;
  /** People's chats that get one answer or several. */
  recipients: number;
  /** Chats that cannot be reached now: their responses are released and stay owed. */
  unreachable: number;
  /** How many of the responses replace one that has arrived. */
  replacing: number;
  /** Further decisions that repeat, word for word, what their reader has already. These are not sent. */
  repeated: number;
}

/** What waits for release, with a mark that identifies exactly these responses. */
export interface Releasable extends ReleaseFigures {
  mark: string;
}

/** What follows from a release's number of readers, counted in the same statement that makes it. */
export interface ReleaseTerms {
  /** Nothing was released, because it would not have been what was agreed to. */
  refused: boolean;
  approval: 'needed' | null;
  /** When the first message goes; null: at once. */
  notBefore: Date | null;
}

export interface ResponseStore {
  /** What is known of the contributions with these references, without locking them. */
  look(references: readonly string[]): Promise<ReadonlyMap<string, KnownContribution>>;
  /**
   * Locks the contributions with these references, asks `plan` what to do, and does it: all in one transaction, nothing
   * when `plan` throws. A stored decision marks its contribution decided and supersedes responses that were never sent.
   * Undoing goes back to the answer its author had last, or to undecided.
   */
  decide(
    references: readonly string[],
    plan: (known: ReadonlyMap<string, KnownContribution>) => DecisionPlan,
    at: Date,
  ): Promise<void>;
  /** What `release` would do now. */
  releasable(scope?: ReleaseScope): Promise<Releasable>;
  /**
   * Makes one notice of everything that waits for release: a delivery for each identity; earlier responses are
   * superseded. Responses that could not be delivered are sent again to people who can be reached again; what a reader
   * has already counts as delivered. Without responses there is no notice. A notice that needs approval or is for later
   * is scheduled; others run. The figures are those of what waits, even where it is refused.
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
    /** Only if exactly these responses wait; null: whatever waits. */
    mark: string | null;
    /** Only if the number of recipients is in this range. */
    recipients: Range;
    scope?: ReleaseScope;
  }): Promise<ReleaseFigures & ReleaseTerms>;
  /** What each of these deliveries still has to bring, in order, without what has arrived or been superseded. */
  load(deliveryIds: readonly string[]): Promise<Map<string, ResponseItem[]>>;
}
