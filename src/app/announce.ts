import { signAction } from '../domain/action.ts';
import { isLocal, isTimeZone, momentOf } from '../domain/calendar.ts';
import type { Clock, Ids } from '../domain/clock.ts';
import { Mistake } from '../domain/errors.ts';
import type { Choice, OutboundMessage } from '../domain/message.ts';
import {
  type AudienceCount,
  BLANK_NOTICE,
  type Notice,
  type NoticeButton,
  type NoticeStatus,
  type Notices,
} from '../domain/notice.ts';
import type { ClaimedDelivery, Queue } from '../domain/ports.ts';
import { textFor } from '../domain/texts.ts';
import { readDraft } from './noticeFile.ts';

export interface AnnounceParts {
  notices: Notices;
  members: Pick<Members, 'find'>;
  queue: Pick<Queue, 'startNotice'>;
  clock: Clock;
  ids: Ids;
  /** How long a notice can still be called back before its first message goes. */
  holdSeconds: number;
  /** More recipients than this need a second member's approval. */
  approvalAbove: number;
}

export interface When {
  /** Local date and time without an offset, e.g. `2027-03-28T09:00`; left out: now. */
  at?: string;
  /** IANA time zone of `at`. */
  zone?: string;
}

export interface Announcer {
  /** `by`, here and below: the id of the member who does it, for the record. @throws Mistake that names every wrong place of the draft. */
  create(draft: unknown, by?: string | null): Promise<{ id: string }>;
  preview(id: string): Promise<{ notice: Notice; audience: AudienceCount[]; recipients: number; skipped: number }>;
  /**
   * Never sooner than the hold from now. Gives the moment at which the first message goes, or would go once it is approved.
   * @throws Mistake for a moment that is none or has passed, and for a notice that has begun
   */
  schedule(id: string, when?: When, by?: string | null): Promise<{ at: Date; recipients: number; approval: 'needed' | null }>;
  /**
   * Lets a notice to many begin; the hold counts anew from here.
   * @throws Mistake when that member is unknown, may not approve, or has scheduled it themselves
   */
  approve(id: string, by: string): Promise<NoticeStatus>;
  change(id: string, change: NoticeChange, by?: string | null): Promise<NoticeStatus>;
  /** Sends failed and uncertain messages again, by choice only some; gives how many. */
  retry(id: string, which?: Retry, by?: string | null): Promise<number>;
  status(id: string): Promise<NoticeStatus>;
  statuses(): Promise<NoticeStatus[]>;
  /** What was done with it, the oldest first. */
  history(id: string): Promise<NoticeEvent[]>;
}

/** Notices from the file to the schedule. */
export function createAnnouncer({ notices, queue, clock, ids, holdSeconds }: AnnounceParts): Announcer {
  async function existing<T>(id: string, found: Promise<T | null>): Promise<T> {
    const notice = await found;
    if (notice === null) throw new Mistake(`There is no notice ${id}. \`hearback notices status\` lists them all.`);
    return notice;
  }
  const status = (id: string) => existing(id, notices.status(id));

  return {
    async create(draft) {
      const id = Buffer.from(ids.bytes(6)).toString('hex');
      const notice: Notice = { ...BLANK_NOTICE, id, ...readDraft(draft) };
      await notices.create(notice, new Date(clock()));
      return { id };
    },
    async preview(id) {
      const notice = await existing(id, notices.find(id));
      const audience = await notices.count(notice.audience);
      const sum = (of: 'people' | 'skipped') => audience.reduce((total, row) => total + row[of], 0);
      return { notice, audience, recipients: sum('people'), skipped: sum('skipped') };
    },
    async schedule(id, when = {}) {
      const notice = await existing(id, notices.find(id));
      const earliest = clock() + holdSeconds * 1000;
      const at = new Date(
        Math.max(earliest, when.at === undefined ? earliest : moment(when.at, when.zone ?? 'UTC', clock())),
      );
      if (!(await notices.schedule(id, at, when.zone ?? null))) throw wrongState(id, notice.state, 'be scheduled');
      await queue.startNotice(id, Math.max(0, at.getTime() - clock()));
      return { at };
    },
    async change(id, change) {
      const before = await status(id);
      if (!(await notices.change(id, change)))
        throw wrongState(id, before.state, `be ${change === 'cancel' ? 'cancelled' : `${change}d`}`);
      if (change === 'resume') await queue.startNotice(id, 0);
      return status(id);
    },
    async retry(id) {
      await status(id);
      const count = await notices.retry(id);
      if (count > 0) await queue.startNotice(id, 0);
      return count;
    },
    status,
    async statuses() {
      const all = await Promise.all((await notices.list()).map((notice) => notices.status(notice.id)));
      return all.filter((one) => one !== null);
    },
  };
}

const wrongState = (id: string, state: string, what: string) =>
  new Mistake(`Notice ${id} is ${state} and cannot ${what} any more. Make a new one with \`hearback notices create\`.`);

/** The moment to begin at, decided once, when it is scheduled. @throws Mistake for what is no moment, or has passed */
export function moment(local: string, zone: string, now: number): number {
  if (!isTimeZone(zone) || !isLocal(local)) {
    const what = isTimeZone(zone) ? `"${local}" is no local date and time` : `"${zone}" is no time zone`;
    throw new Mistake(`${what}. Write for example --at 2027-03-28T09:00 --zone Europe/Madrid.`);
  }
  const millis = momentOf(local, zone);
  if (millis < now - 60_000)
    throw new Mistake(`${local} in ${zone} has passed. Choose a moment to come, or leave --at out to begin now.`);
  return millis;
}

export interface NoticeRendering {
  notices: Pick<Notices, 'many'>;
  /** Signs the buttons. */
  secret: string;
  /** Languages of the process, for people whose language the notice does not speak. */
  languages: readonly string[];
}

/** The message of each delivery by its id, in its reader's language. */
export async function renderNotices(
  rows: ClaimedDelivery[],
  rendering: NoticeRendering,
): Promise<Map<string, OutboundMessage[]>> {
  const notices = await rendering.notices.many([...new Set(rows.flatMap((row) => row.noticeId ?? []))]);
  return new Map(
    rows.flatMap((row) => {
      const notice = row.noticeId === null ? undefined : notices.get(row.noticeId);
      return notice ? [[row.id, [noticeMessage(notice, row, rendering)]] as const] : [];
    }),
  );
}

function noticeMessage(notice: Notice, row: ClaimedDelivery, { secret, languages }: NoticeRendering): OutboundMessage {
  const inTheirs = (texts: Notice['texts']) => textFor(texts, row.language ?? '', languages);
  const choices = notice.buttons.flatMap((button): Choice[] => {
    const action = actionOf(button);
    return action ? [{ label: inTheirs(button.label), data: signAction(secret, row.identityKey, action) }] : [];
  });
  const links = notice.buttons.flatMap((button) =>
    'url' in button ? [{ label: inTheirs(button.label), url: button.url }] : [],
  );
  return {
    blocks: [{ kind: 'text', text: inTheirs(notice.texts) }],
    ...(choices.length > 0 && { choices }),
    ...(links.length > 0 && { links }),
  };
}

function actionOf(button: NoticeButton): string | null {
  if ('flow' in button) return `flow:${button.flow}`;
  return 'question' in button ? `q:${button.question}` : null;
}
