import { OtherThanShown, wordsMark } from '../../actions/agreed.ts';
import { isMadeForEach } from '../../domain/kinds.ts';
import type { NoticeChange } from '../../domain/notice.ts';
import { deedsFor, isSo } from './deeds.ts';
import { type Desk, heading, noted, text, type View } from './desk.ts';
import { type Facts, factsOf } from './facts.ts';
import { afterwards, approvalWords, noticeView } from './notice.ts';
import { previewBlocks } from './preview.ts';
import { asRead, figures, readIn } from './words.ts';

const CHANGES: Record<string, NoticeChange> = { p: 'pause', r: 'resume', c: 'cancel' };

/** The change that a letter of ours stands for; null for any other. */
export const changeOf = (letter: string): NoticeChange | null => CHANGES[letter] ?? null;

/** Asks once more, for what has begun. */
export async function changeAskView(desk: Desk, change: NoticeChange, id: string): Promise<View> {
  const { phrases, button, member } = desk;
  const { notice, status } = await factsOf(desk, id);
  if (!deedsFor(notice, member).includes(change)) return noticeView(desk, id, { note: phrases('changed_meanwhile') });
  return {
    title: phrases('title_confirm'),
    blocks: [text(phrases(`ask_${change}`, { count: status.open })), ...figures(status, desk)],
    choices: [button(phrases(`deed_${change}`), `Q:${change[0]}:${id}`), button(phrases('button_back'), `n:${id}`)],
  };
}

/** The same press again finds it changed, and says so. */
export const changeView = (desk: Desk, change: NoticeChange, id: string): Promise<View> =>
  afterwards(
    desk,
    id,
    () => desk.actions.notices.change(desk.actor, id, change),
    ({ status }) => isSo(change, status),
  );

/** What is approved is shown whole: the words, to how many, and who wants it. */
export async function approveAskView(desk: Desk, id: string, note: string | null = null): Promise<View> {
  const { phrases, button, member } = desk;
  const facts = await factsOf(desk, id);
  if (!deedsFor(facts.notice, member).includes('approve'))
    return noticeView(desk, id, { note: phrases('changed_meanwhile') });
  const { people: count } = facts;
  return {
    title: phrases('title_confirm'),
    blocks: [
      ...noted(note),
      ...(await wordsOf(facts, desk)),
      heading(phrases('approve_heading')),
      text((await approvalWords(facts, desk)).join(' ')),
      text(phrases('approve_ask', { count })),
    ],
    choices: [
      button(
        phrases('approve_button', { count }),
        `A:${id}:${count}${isMadeForEach(facts.notice.kind) ? '' : `:${wordsMark(facts.notice)}`}`,
      ),
      ...(isMadeForEach(facts.notice.kind) ? [button(phrases('button_read'), `v:0:${id}`)] : []),
      button(phrases('button_back'), `n:${id}`),
    ],
  };
}

async function wordsOf({ notice }: Facts, desk: Desk) {
  if (!isMadeForEach(notice.kind)) return asRead(notice, readIn(notice.texts, desk.language, desk.languages), desk);
  return previewBlocks(await desk.preview.released(notice.id, 0), 0, desk);
}

/** The same press again finds it approved by this member, and changes nothing. */
export async function approveView(desk: Desk, id: string, recipients: number, words = ''): Promise<View> {
  const { actions, actor, member, phrases } = desk;
  try {
    return await afterwards(
      desk,
      id,
      () => actions.notices.approve(actor, id, { recipients, words }),
      ({ notice }) => notice.approvedBy === member.id,
    );
  } catch (error) {
    if (!(error instanceof OtherThanShown)) throw error;
    return approveAskView(desk, id, phrases(error.what === 'recipients' ? 'count_changed' : 'changed_meanwhile'));
  }
}
