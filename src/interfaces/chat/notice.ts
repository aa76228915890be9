import { OtherThanShown } from '../../actions/agreed.ts';
import { DoneBefore, Refused } from '../../actions/refused.ts';
import { commandLine } from '../../core/commandLine.ts';
import type { Block, Choice } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { languageName } from '../../core/texts.ts';
import { isMadeByItself, isMadeForEach, KINDS } from '../../notices/kinds.ts';
import type { NoticeLine } from '../../notices/overview.ts';
import { isOrganizer } from '../../people/member.ts';
import { noted, type PanelContext, type PanelView, text } from './context.ts';
import { actionsFor, type PanelAction } from './permissions.ts';
import { type PanelState, stateOf } from './state.ts';
import { momentWords } from './when.ts';
import { asRead, figures, firstWords, languagesOf, lineOf, reachIn, readIn, stateWord } from './words.ts';

const MOST_LISTED = 8;

/** The newest notices, or (from further down) older ones. */
export async function listView(context: PanelContext, from = 0): Promise<PanelView> {
  const lines = await context.overview.newest(from, MOST_LISTED + 1);
  const older =
    lines.length > MOST_LISTED ? [context.button(context.phrases('button_older'), `l:${from + MOST_LISTED}`)] : [];
  return listed(context, lines.slice(0, MOST_LISTED), older, lines.length === 0 ? 'notices_none' : 'notices_newest');
}

export async function waitingView(context: PanelContext): Promise<PanelView> {
  const lines = await context.overview.waiting(MOST_LISTED);
  return listed(context, lines, [], lines.length === 0 ? 'waiting_none' : 'waiting_these');
}

function listed(context: PanelContext, lines: NoticeLine[], more: Choice[], lead: string): PanelView {
  const { phrases, button } = context;
  return {
    title: phrases('title_notices'),
    blocks: [
      text(phrases(lead)),
      ...lines.flatMap((line, index) => entryBlocks(line, index + 1, context)),
      ...(isOrganizer(context.member) ? [text(written(context))] : []),
    ],
    choices: [
      ...lines.map((line, index) => button(`${index + 1} · ${lineOf(line, context)}`, `n:${line.id}`)),
      ...more,
      button(phrases('button_overview'), ''),
    ],
  };
}

/** What tells one from others like it: what it is, when it goes or went, and how it begins. */
function entryBlocks(line: NoticeLine, number: number, context: PanelContext): Block[] {
  const when = line.at === null ? [] : [momentWords(line.at, context)];
  const head = [`${number}`, context.phrases(`notice_kind_${line.kind}`), stateWord(line, context), ...when];
  const words = firstWords(line, context);
  return [text(head.join(' · ')), ...(words === null ? [] : [{ kind: 'quote' as const, text: words }])];
}

/** Where notices are written. */
const written = ({ phrases, member }: PanelContext): string =>
  phrases('notices_written', { command: commandLine(`notices create notice.yaml --as ${member.id}`) });

/** One notice: its words, whom it reaches, how it stands, and what this member may do with it. */
export async function noticeView(
  context: PanelContext,
  id: string,
  { note = null, language }: { note?: string | null; language?: string | undefined } = {},
): Promise<PanelView> {
  const facts = await stateOf(context, id);
  const { phrases, button, member } = context;
  const deeds = actionsFor(facts.notice, member).map((deed) =>
    button(deedLabel(deed, facts, context), actionOf(deed, facts)),
  );
  return {
    title: phrases(`notice_kind_${facts.notice.kind}`),
    blocks: [
      ...noted(note),
      ...wordsOf(facts, context, language),
      ...(await standing(facts, context)),
      ...figures(facts.status, context),
    ],
    choices: [...deeds, ...readings(facts, context, language), button(phrases('button_notices'), 'l')],
  };
}

/**
 * The notice after something was asked for. What the same press has done before, or another in the same moment, is shown as
 * it stands; `isSo`: whether that is what was asked for.
 */
export async function afterwards(
  context: PanelContext,
  id: string,
  work: () => Promise<unknown>,
  isSo: (facts: PanelState) => boolean,
): Promise<PanelView> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OtherThanShown && error.what !== 'state') throw error;
    if (!(error instanceof Refused || error instanceof DoneBefore)) throw error;
    const done = error instanceof DoneBefore || isSo(await stateOf(context, id));
    return noticeView(context, id, { note: done ? null : context.phrases('changed_meanwhile') });
  }
  return noticeView(context, id);
}

const LETTERS: Record<PanelAction, string> = { approve: 'a', schedule: 's', pause: 'p', resume: 'r', cancel: 'c' };

/** What has begun is asked about once more before it is changed; what has not is changed at once. */
function actionOf(deed: PanelAction, { notice: { id }, begun }: PanelState): string {
  if (deed === 'approve' || deed === 'schedule') return `${LETTERS[deed]}:${id}`;
  return `${begun ? 'q' : 'Q'}:${LETTERS[deed]}:${id}`;
}

const deedLabel = (deed: PanelAction, { begun }: PanelState, { phrases }: PanelContext): string =>
  deed === 'cancel' && !begun ? phrases('deed_call_back') : phrases(`deed_${deed}`);

/** Responses differ for each of their readers, and are read one after the other. */
function wordsOf({ notice }: PanelState, context: PanelContext, language?: string): Block[] {
  const { rendering } = KINDS[notice.kind];
  if (rendering === 'responses' || rendering === 'seat') return [text(context.phrases(`notice_${rendering}`))];
  return asRead(notice, language ?? readIn(notice.texts, context.language, context.languages), context);
}

function readings(
  { notice, status }: PanelState,
  { phrases, button, language: own, languages }: PanelContext,
  language?: string,
): Choice[] {
  if (isMadeForEach(notice.kind)) return status.open > 0 ? [button(phrases('button_read'), `v:0:${notice.id}`)] : [];
  const shown = language ?? readIn(notice.texts, own, languages);
  const others = languagesOf(notice.texts).filter((each) => each !== shown && each.length <= MOST_TAG);
  return others.map((each) =>
    button(phrases('button_in', { language: languageName(each, own) }), `t:${notice.id}:${each}`),
  );
}

/** What fits into a button beside the longest id. */
const MOST_TAG = 8;

/** Whom it reaches, when, in which state, and who has to approve it, or has. */
async function standing(facts: PanelState, context: PanelContext): Promise<Block[]> {
  const { notice, status, begun, people, left } = facts;
  const { phrases } = context;
  const reach = () => phrases('notice_reach', { audience: reachIn(notice, context), count: people, left });
  const at = status.at && ['scheduled', 'running'].includes(status.state) ? momentWords(status.at, context) : null;
  const key = notice.approval === 'needed' ? 'notice_when_approved' : 'notice_when';
  const when = at === null || begun ? [] : [phrases(key, { when: at })];
  const lines = [phrases(`notice_is_${status.state}`), ...when, ...(await approvalWords(facts, context))];
  return [...(begun || KINDS[notice.kind].reaches === 'made_for' ? [] : [text(reach())]), text(lines.join(' '))];
}

export async function approvalWords({ notice }: PanelState, { phrases, members }: PanelContext): Promise<string[]> {
  const called = async (id: string) => (await members.find(id))?.name ?? id;
  const by =
    notice.scheduledBy === null
      ? unsigned(notice, phrases)
      : [phrases('notice_by', { name: await called(notice.scheduledBy) })];
  if (notice.approval === 'needed') return [...by, phrases('approval_needed')];
  if (notice.approval !== 'given' || notice.approvedBy === null) return by;
  return [...by, phrases('approval_given', { name: await called(notice.approvedBy) })];
}

/** Where no member has scheduled it. */
function unsigned(notice: PanelState['notice'], phrases: Phrases): string[] {
  if (isMadeByItself(notice)) return [phrases('notice_by_itself')];
  return notice.state === 'draft' ? [] : [phrases('notice_by_terminal')];
}
