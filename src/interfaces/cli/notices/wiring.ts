import type { Actions } from '../../../actions/actions.ts';
import type { ChannelName } from '../../../core/channelName.ts';
import type { Phrases } from '../../../core/phrases.ts';
import type { NoticeMoment } from '../../../notices/announce.ts';
import { reachWords } from '../../../notices/audience/words.ts';
import type { When } from '../../../notices/dates.ts';
import type { EditStatus } from '../../../notices/edits.ts';
import type { Targets } from '../../../notices/file.ts';
import type { Notice, Notices, UnsureMessage } from '../../../notices/notice.ts';
import type { NoticeOutlook } from '../../../notices/outlook.ts';
import type { NoticePreview, NoticeRecords } from '../../../notices/records.ts';
import type { NoticeReport } from '../../../notices/report.ts';
import type { TestSend } from '../../../notices/testSend.ts';
import type { NoticeCalendar } from '../../../planning/calendar.ts';
import type { Terminal } from '../processParts.ts';
import type { Processes } from '../whichProcess.ts';

/** What these commands need of the running system. */
export interface NoticesWiring {
  actions: Actions;
  records: NoticeRecords;
  /** What scheduling a notice so would do. */
  outlook(id: string, when?: When): Promise<NoticePreview & NoticeOutlook>;
  /** How far the newest change of a notice has come; null when there was none after sending. */
  revision(id: string): Promise<EditStatus | null>;
  /** What buttons can lead to now. */
  targets(): Promise<Targets>;
  processes: Processes & { current(): Promise<{ timeZone: string; languages: readonly string[] } | null> };
  /** Messages a second to all chats together, of the platforms that are set up. */
  rates: Partial<Record<ChannelName, number>>;
  /** What people can type on every platform, by name. */
  commands(): Promise<string[]>;
  /** The chat's own words in a language. */
  phrasesIn(): Promise<(language: string | null) => Phrases>;
  /** The process now, by which a notice is shown. */
  moment(): Promise<NoticeMoment>;
  /** What members read, in the language of the terminal. */
  memberPhrases(): Promise<Phrases>;
  calendar(): Promise<NoticeCalendar>;
  /** The services that run now; without one nothing goes out. */
  services(): Promise<string[]>;
  /** Whether there is a public timeline. */
  isPublished(): Promise<boolean>;
  samples: Notices['samples'];
  retryable: Notices['retryable'];
  testSend: TestSend;
  /** What is in doubt of a notice; null: of the replies. */
  unsure(notice: string | null): Promise<UnsureMessage[]>;
  report(id: string): Promise<NoticeReport>;
  close(): Promise<void>;
}

/** The same where somebody sits. */
export interface NoticesContext extends NoticesWiring {
  terminal: Terminal;
  print(text: string): void;
}

export interface Json {
  json?: boolean;
}

export interface Doing extends Json {
  /** The member who does it; left out: the operator at the terminal. */
  as?: string;
}

/** The time zone in which moments are shown. */
export const zoneOf = async ({ processes }: Pick<NoticesWiring, 'processes'>): Promise<string> =>
  (await processes.current())?.timeZone ?? 'UTC';

/** Whom a notice is for, in the words of the terminal. */
export const whomOf = async (
  context: Pick<NoticesWiring, 'memberPhrases'>,
  notice: Pick<Notice, 'kind' | 'audience'>,
): Promise<string> => reachWords(notice, { phrases: await context.memberPhrases(), language: 'en' });
