import { eventAction, signAction } from '../domain/action.ts';
import { isFarFrom, mostLater } from '../domain/agreed.ts';
import { isLocal, isTimeZone, localObjection, momentOf } from '../domain/calendar.ts';
import type { ChannelName } from '../domain/channel.ts';
import type { Clock, Ids } from '../domain/clock.ts';
import { commandLine } from '../domain/commandLine.ts';
import { Mistake } from '../domain/errors.ts';
import { heldUntil, isMadeByItself, KINDS } from '../domain/kinds.ts';
import { APPROVERS, isOrganizer, type Member, type Members, mayApprove } from '../domain/member.ts';
import type { Choice, OutboundFile, OutboundMessage } from '../domain/message.ts';
import {
  type AudienceCount,
  BLANK_NOTICE,
  type Notice,
  type NoticeAttachment,
  type NoticeButton,
  type NoticeChange,
  type NoticeEvent,
  type NoticeStatus,
  type Notices,
  type Retry,
  recipientsIn,
} from '../domain/notice.ts';
import type { Queue } from '../domain/ports.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import type { Phrases } from '../domain/response.ts';
import { isRepeating, nextAt, type Schedule } from '../domain/schedule.ts';
import { textFor } from '../domain/texts.ts';
import { answerChoices } from './eventWords.ts';
import { type Overtaken, OvertakenMistake, overtakenAt, overtakenDraft, PASSED_MS } from './noticeDates.ts';
import { readDraft } from './noticeFile.ts';

export interface AnnounceParts {
  notices: Notices;
  members: Pick<Members, 'find'>;
  process: () => Promise<ProcessDefinition>;
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

export interface NoticePreview {
  notice: Notice;
  audience: AudienceCount[];
  recipients: number;
  skipped: number;
}

/** When a notice goes, if it is scheduled now. */
export interface Outlook {
  /** The first message goes then. */
  at: Date;
  /** So many seconds from now, when it has been held; null: at a moment of its own. */
  held: number | null;
  /** Again and again; `at` is the first time. */
  again: boolean;
  approval: 'needed' | null;
  /** To more people than this it does not go then without another yes; null where a second member has to approve it anyway. */
  most: number | null;
}

export interface Announcer {
  /**
   * `by`, here and below: the id of the member who does it, for the record.
   * @throws Mistake that names every wrong place of the draft, and what of it time has overtaken
   */
  create(draft: unknown, by?: string | null): Promise<{ id: string }>;
  preview(id: string): Promise<NoticePreview>;
  /**
   * What scheduling it so would do.
   * @throws Mistake for a moment that is none or has passed, and for what could not be answered then
   */
  outlook(id: string, when?: When): Promise<NoticePreview & Outlook>;
  /**
   * Never sooner than the hold from now. Gives the moment at which the first message goes, or would go once it is approved.
   * `agreed`: the number of recipients that `by` was shown; left out: whatever there is.
   * @throws Mistake like `outlook`, for a number that is far from what was agreed to, and for a notice that has begun
   */
  schedule(
    id: string,
    when?: When,
    by?: string | null,
    agreed?: number | null,
  ): Promise<{ at: Date; recipients: number; approval: 'needed' | null }>;
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
export function createAnnouncer(parts: AnnounceParts): Announcer {
  const { notices, members, process, queue, clock, ids, holdSeconds, approvalAbove } = parts;

  async function existing<T>(id: string, found: Promise<T | null>): Promise<T> {
    const notice = await found;
    if (notice === null)
      throw new Mistake(`There is no notice ${id}. \`${commandLine('notices status')}\` lists them all.`);
    return notice;
  }
  const find = (id: string) => existing(id, notices.find(id));
  const status = (id: string) => existing(id, notices.status(id));
  const hint = (id: string, at: Date) => queue.startNotice(id, Math.max(0, at.getTime() - clock()));

  async function preview(id: string) {
    const notice = await find(id);
    const audience = await notices.count(notice);
    const skipped = audience.reduce((total, row) => total + row.skipped, 0);
    return { notice, audience, recipients: recipientsIn(audience), skipped };
  }

  async function outlook(id: string, when: When = {}) {
    const seen = await preview(id);
    const { notice, recipients } = seen;
    if (KINDS[notice.kind].reaches === 'made_for')
      throw new Mistake(
        `Notice ${id} brings ${KINDS[notice.kind].name}: it goes to those it was made for, and not otherwise.`,
      );
    if (notice.state !== 'draft' && notice.state !== 'scheduled') throw wrongState(id, notice.state, 'be scheduled');
    const now = clock();
    const [wish, soonest] = [
      wishOf(notice, when, await process(), now),
      heldUntil(notice.kind, recipients, now, holdSeconds),
    ];
    const at = new Date(Math.max(soonest, wish));
    refuse(overtakenAt(notice, await process(), at.getTime()));
    const again = when.at === undefined && isAgain(notice);
    const approval: 'needed' | null = recipients > approvalAbove ? 'needed' : null;
    const most = approval === null ? mostLater(recipients, approvalAbove) : null;
    const held = wish <= soonest ? (soonest - now) / 1000 : null;
    return { ...seen, at, held, again, approval, most };
  }

  return {
    async create(draft, by = null) {
      const id = Buffer.from(ids.bytes(6)).toString('hex');
      const read = readDraft(draft, (await process()).timeZone);
      refuse(overtakenDraft(read, await process(), clock()));
      await notices.create({ ...BLANK_NOTICE, id, createdBy: by, ...read }, new Date(clock()));
      return { id };
    },
    preview,
    outlook,
    async schedule(id, when = {}, by = null, agreed = null) {
      const { notice, recipients, at, again, approval } = await outlook(id, when);
      if (by !== null && !isOrganizer(await members.find(by)))
        throw new Mistake(`${by} may not schedule: it takes a member with the role organizer.`);
      if (agreed !== null && isFarFrom(agreed, recipients))
        throw new Mistake(
          `Nothing was scheduled: it goes to ${recipients} by now, and ${agreed} were agreed to. Do it again, and agree to that.`,
        );
      const moment = { at: again ? null : at, zone: when.zone ?? null, own: when.at === undefined };
      if (!(await notices.schedule(id, { ...moment, by, recipients, approval })))
        throw wrongState(id, notice.state, 'be scheduled');
      if (approval === null && !again) hint(id, at);
      return { at, recipients, approval };
    },
    async approve(id, by) {
      const [notice, member] = [await find(id), await members.find(by)];
      const refusal = approvalRefusal(notice, by, member);
      if (refusal) throw new Mistake(refusal);
      const earliest = new Date(heldUntil(notice.kind, Number.POSITIVE_INFINITY, clock(), holdSeconds));
      if (!(await notices.approve(id, by, earliest))) throw wrongState(id, (await status(id)).state, 'be approved');
      if (notice.at !== null) hint(id, new Date(Math.max(earliest.getTime(), notice.at.getTime())));
      return status(id);
    },
    async change(id, change, by = null) {
      const before = await status(id);
      if (!(await notices.change(id, change, by)))
        throw wrongState(id, before.state, `be ${change === 'cancel' ? 'cancelled' : `${change}d`}`);
      if (change === 'resume') queue.startNotice(id, 0);
      return status(id);
    },
    async retry(id, which = {}, by = null) {
      await status(id);
      const count = await notices.retry(id, which, by);
      if (count > 0) queue.startNotice(id, 0);
      return count;
    },
    status,
    statuses: () => notices.statuses(),
    history: async (id) => (await find(id)) && notices.history(id),
  };
}

/** Why this member may not approve this notice; null when they may. */
export function approvalRefusal(notice: Notice, by: string, member: Member | null): string | null {
  if (!member) return `There is no member "${by}". \`${commandLine('members list')}\` shows who there is.`;
  if (!mayApprove(member)) return `${by} may not approve: it takes a member with the role ${APPROVERS.join(' or ')}.`;
  if (notice.approval !== 'needed')
    return `Notice ${notice.id} does not wait for approval${notice.approvedBy ? `: ${notice.approvedBy} has given it` : ''}.`;
  const first = notice.scheduledBy ?? notice.createdBy;
  if (first === null && !isMadeByItself(notice))
    return `Nobody has said who scheduled notice ${notice.id}, so that nobody can be the second. ${onceMore(notice)}, with --as MEMBER.`;
  if (first === by) return `${by} has scheduled notice ${notice.id}: another member has to approve it.`;
  return null;
}

/** Responses that were called back can be released again. */
const onceMore = ({ id, kind }: Notice): string =>
  KINDS[kind].rendering === 'responses'
    ? `Call it back (${commandLine(`notices cancel ${id}`)}) and release the responses again`
    : 'Do it again';

const wrongState = (id: string, state: string, what: string) =>
  new Mistake(
    `Notice ${id} is ${state} and cannot ${what} any more. Make a new one with \`${commandLine('notices create FILE.yaml')}\`.`,
  );

/** @throws Mistake that names all of it */
function refuse(overtaken: readonly Overtaken[]): void {
  if (overtaken.length > 0) throw new OvertakenMistake(overtaken);
}

/** One that is sent again and again never begins itself: the calendar makes a notice of each of its turns. */
const isAgain = ({ schedule }: Notice): boolean => schedule !== null && isRepeating(schedule as Schedule);

/** The moment that is wished for, by whoever schedules it or by its author. @throws Mistake when there is none, or it has passed */
function wishOf({ id, schedule }: Notice, when: When, process: ProcessDefinition, now: number): number {
  if (when.at !== undefined) return moment(when.at, when.zone ?? 'UTC', now);
  if (schedule === null) return 0;
  const at = nextAt(schedule as Schedule, process, now);
  if (at !== null && at >= now - PASSED_MS) return at;
  const why =
    at === null ? 'the process has no such date now' : `its moment, ${new Date(at).toISOString()}, has passed`;
  throw new Mistake(`Notice ${id} goes by its schedule, and ${why}. Change the dates, or say --at.`);
}

/** The moment to begin at, decided once, when it is scheduled. @throws Mistake for what is no moment, or has passed */
export function moment(local: string, zone: string, now: number): number {
  if (!isTimeZone(zone) || !isLocal(local)) {
    const what = isTimeZone(zone)
      ? (localObjection(local) ?? `"${local}" is no local date and time`)
      : `"${zone}" is no time zone`;
    throw new Mistake(`${what}. Write for example --at 2027-03-28T09:00 --zone Europe/Madrid.`);
  }
  const millis = momentOf(local, zone);
  if (millis < now - PASSED_MS)
    throw new Mistake(`${local} in ${zone} has passed. Choose a moment to come, or leave --at out to begin now.`);
  return millis;
}

export interface NoticeRendering {
  notices: Pick<Notices, 'many' | 'file'>;
  /** Signs the buttons. */
  secret: string;
  /** Languages of the process, for people whose language the notice does not speak. */
  languages: readonly string[];
  /** Opens the private chat, for those who read it in a group; null where there is no such address. */
  chatLink(channel: ChannelName, start: string): string | null;
  /** The label of that link. */
  openChat: Phrase;
  /** The chat's words in a language, or in the nearest that there is. */
  phrasesIn: (language: string | null) => Phrases;
}
type Phrase = (language: string | null) => string;

/** The message of each delivery by its id, in its reader's language. */
export async function renderNotices(
  rows: readonly NoticeDelivery[],
  rendering: NoticeRendering,
): Promise<Map<string, OutboundMessage[]>> {
  const notices = await rendering.notices.many([...new Set(rows.flatMap((row) => row.noticeId ?? []))]);
  const files = new Map<string, OutboundFile>();
  for (const { id, attachment } of notices.values())
    if (attachment) files.set(id, await fileOf(attachment, rendering.notices));
  return new Map(
    rows.flatMap((row) => {
      const notice = row.noticeId === null ? undefined : notices.get(row.noticeId);
      if (!notice) return [];
      const file = files.get(notice.id);
      return [[row.id, [{ ...noticeMessage(notice, row, rendering), ...(file && { file }) }]] as const];
    }),
  );
}

/** @throws Error when a file of ours is gone: that is a fault of ours */
async function fileOf(
  { name, mime, ...where }: NoticeAttachment,
  notices: Pick<Notices, 'file'>,
): Promise<OutboundFile> {
  if ('url' in where) return { name, mime, url: where.url };
  const bytes = await notices.file(where.file);
  if (!bytes) throw new Error('The file of a notice is gone.');
  return { name, mime, bytes };
}

/** Whoever reads a notice, as far as that changes it. */
export interface NoticeReader {
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  language: string | null;
}

interface NoticeDelivery extends NoticeReader {
  id: string;
  noticeId: string | null;
}

type Worded = Pick<Notice, 'texts' | 'buttons'>;

/** A notice as this person, or this group, reads it; without its file. */
export function noticeMessage(
  notice: Worded,
  reader: NoticeReader,
  rendering: Omit<NoticeRendering, 'notices'>,
): OutboundMessage {
  const inTheirs = (texts: Notice['texts']) => textFor(texts, reader.language ?? '', rendering.languages);
  const toOpen = notice.buttons.flatMap((button) =>
    'url' in button ? [{ label: inTheirs(button.label), url: button.url }] : [],
  );
  const choices = reader.recipient === 'group' ? [] : choicesOf(notice, reader, rendering, inTheirs);
  const links = [...toOpen, ...(reader.recipient === 'group' ? chatLinks(notice, reader, rendering) : [])];
  return {
    blocks: [{ kind: 'text', text: inTheirs(notice.texts) }],
    ...(choices.length > 0 && { choices }),
    ...(links.length > 0 && { links }),
  };
}

const choicesOf = (
  { buttons }: Worded,
  { identityKey, language }: NoticeReader,
  { secret, phrasesIn }: Omit<NoticeRendering, 'notices'>,
  inTheirs: (texts: Notice['texts']) => string,
): Choice[] =>
  buttons.flatMap((button): Choice[] => {
    if (button.label === undefined)
      return answerChoices(button.event, { key: identityKey, phrases: phrasesIn(language), secret });
    const action = actionOf(button);
    return action ? [{ label: inTheirs(button.label), data: signAction(secret, identityKey, action) }] : [];
  });

/** What is signed for one person works for nobody in a group: there they are led to their own chat with us. */
function chatLinks(
  { buttons }: Worded,
  { channel, language }: NoticeReader,
  { chatLink, openChat }: Omit<NoticeRendering, 'notices'>,
): { label: string; url: string }[] {
  const flow = buttons.find((button) => 'flow' in button);
  const url = chatLink(channel, flow && 'flow' in flow ? flow.flow : '');
  return url === null ? [] : [{ label: openChat(language), url }];
}

function actionOf(button: NoticeButton): string | null {
  if ('flow' in button) return `flow:${button.flow}`;
  if ('event' in button) return eventAction(button.event);
  return 'question' in button ? `q:${button.question}` : null;
}
