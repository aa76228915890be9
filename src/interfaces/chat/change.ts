import { OtherThanShown, wordsMark } from '../../actions/agreed.ts';
import { isMadeForEach } from '../../notices/kinds.ts';
import type { NoticeChange } from '../../notices/notice.ts';
import { heading, noted, type PanelContext, type PanelView, text } from './context.ts';
import { afterwards, approvalWords, noticeView } from './notice.ts';
import { actionsFor, isSo } from './permissions.ts';
import { previewBlocks } from './preview.ts';
import { type PanelState, stateOf } from './state.ts';
import { asRead, figures, readIn } from './words.ts';

const CHANGES: Record<string, NoticeChange> = { p: 'pause', r: 'resume', c: 'cancel' };

/** The change that a letter of ours stands for; null for any other. */
export const changeOf = (letter: string): NoticeChange | null => CHANGES[letter] ?? null;

/** Asks once more, for what has begun. */
export async function changeAskView(context: PanelContext, change: NoticeChange, id: string): Promise<PanelView> {
  const { phrases, button, member } = context;
  const { notice, status } = await stateOf(context, id);
  if (!actionsFor(notice, member).includes(change))
    return noticeView(context, id, { note: phrases('changed_meanwhile') });
  return {
    title: phrases('title_confirm'),
    blocks: [text(phrases(`ask_${change}`, { count: status.open })), ...figures(status, context)],
    choices: [button(phrases(`deed_${change}`), `Q:${change[0]}:${id}`), button(phrases('button_back'), `n:${id}`)],
  };
}

/** The same press again finds it changed, and says so. */
export const changeView = (context: PanelContext, change: NoticeChange, id: string): Promise<PanelView> =>
  afterwards(
    context,
    id,
    () => context.actions.notices.change(context.actor, id, change),
    ({ status }) => isSo(change, status),
  );

/** What is approved is shown whole: the words, to how many, and who wants it. */
export async function approveAskView(
  context: PanelContext,
  id: string,
  note: string | null = null,
): Promise<PanelView> {
  const { phrases, button, member } = context;
  const facts = await stateOf(context, id);
  if (!actionsFor(facts.notice, member).includes('approve'))
    return noticeView(context, id, { note: phrases('changed_meanwhile') });
  const { people: count } = facts;
  return {
    title: phrases('title_confirm'),
    blocks: [
      ...noted(note),
      ...(await wordsOf(facts, context)),
      heading(phrases('approve_heading')),
      text((await approvalWords(facts, context)).join(' ')),
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

async function wordsOf({ notice }: PanelState, context: PanelContext) {
  if (!isMadeForEach(notice.kind))
    return asRead(notice, readIn(notice.texts, context.language, context.languages), context);
  return previewBlocks(await context.preview.released(notice.id, 0), 0, context);
}

/** The same press again finds it approved by this member, and changes nothing. */
export async function approveView(
  context: PanelContext,
  id: string,
  recipients: number,
  words = '',
): Promise<PanelView> {
  const { actions, actor, member, phrases } = context;
  try {
    return await afterwards(
      context,
      id,
      () => actions.notices.approve(actor, id, { recipients, words }),
      ({ notice }) => notice.approvedBy === member.id,
    );
  } catch (error) {
    if (!(error instanceof OtherThanShown)) throw error;
    return approveAskView(context, id, phrases(error.what === 'recipients' ? 'count_changed' : 'changed_meanwhile'));
  }
}
