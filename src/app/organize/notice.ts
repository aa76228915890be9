import { OtherThanShown } from '../../actions/agreed.ts';
import { DoneBefore, Refused } from '../../actions/refused.ts';
import { isMadeByItself, isMadeForEach, KINDS } from '../../domain/kinds.ts';
import type { Block, Choice } from '../../domain/message.ts';
import type { NoticeLine } from '../../domain/overview.ts';
import type { Phrases } from '../../domain/response.ts';
import { languageName } from '../../domain/texts.ts';
import { type Deed, deedsFor } from './deeds.ts';
import { type Desk, noted, text, type View } from './desk.ts';
import { type Facts, factsOf } from './facts.ts';
import { momentWords } from './when.ts';
import { asRead, audienceIn, figures, languagesOf, lineOf, readIn } from './words.ts';

const MOST_LISTED = 8;

/** The newest notices, or (from further down) older ones. */
export async function listView(desk: Desk, from = 0): Promise<View> {
  const lines = await desk.overview.newest(from, MOST_LISTED + 1);
  const older =
    lines.length > MOST_LISTED ? [desk.button(desk.phrases('button_older'), `l:${from + MOST_LISTED}`)] : [];
  return listed(desk, lines.slice(0, MOST_LISTED), older, lines.length === 0 ? 'notices_none' : 'notices_newest');
}

export async function waitingView(desk: Desk): Promise<View> {
  const lines = await desk.overview.waiting(MOST_LISTED);
  return listed(desk, lines, [], lines.length === 0 ? 'waiting_none' : 'waiting_these');
}

function listed(desk: Desk, lines: NoticeLine[], more: Choice[], lead: string): View {
  const { phrases, button } = desk;
  return {
    title: phrases('title_notices'),
    blocks: [text(phrases(lead))],
    choices: [
      ...lines.map((line) => button(lineOf(line, desk), `n:${line.id}`)),
      ...more,
      button(phrases('button_overview'), ''),
    ],
  };
}

/** One notice: its words, whom it reaches, how it stands, and what this member may do with it. */
export async function noticeView(
  desk: Desk,
  id: string,
  { note = null, language }: { note?: string | null; language?: string | undefined } = {},
): Promise<View> {
  const facts = await factsOf(desk, id);
  const { phrases, button, member } = desk;
  const deeds = deedsFor(facts.notice, member).map((deed) =>
    button(deedLabel(deed, facts, desk), actionOf(deed, facts)),
  );
  return {
    title: phrases(`notice_kind_${facts.notice.kind}`),
    blocks: [
      ...noted(note),
      ...wordsOf(facts, desk, language),
      ...(await standing(facts, desk)),
      ...figures(facts.status, desk),
    ],
    choices: [...deeds, ...readings(facts, desk, language), button(phrases('button_notices'), 'l')],
  };
}

/**
 * The notice after something was asked for. What the same press has done before, or another in the same moment, is shown as
 * it stands; `isSo`: whether that is what was asked for.
 */
export async function afterwards(
  desk: Desk,
  id: string,
  work: () => Promise<unknown>,
  isSo: (facts: Facts) => boolean,
): Promise<View> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OtherThanShown && error.what !== 'state') throw error;
    if (!(error instanceof Refused || error instanceof DoneBefore)) throw error;
    const done = error instanceof DoneBefore || isSo(await factsOf(desk, id));
    return noticeView(desk, id, { note: done ? null : desk.phrases('changed_meanwhile') });
  }
  return noticeView(desk, id);
}

const LETTERS: Record<Deed, string> = { approve: 'a', schedule: 's', pause: 'p', resume: 'r', cancel: 'c' };

/** What has begun is asked about once more before it is changed; what has not is changed at once. */
function actionOf(deed: Deed, { notice: { id }, begun }: Facts): string {
  if (deed === 'approve' || deed === 'schedule') return `${LETTERS[deed]}:${id}`;
  return `${begun ? 'q' : 'Q'}:${LETTERS[deed]}:${id}`;
}

const deedLabel = (deed: Deed, { begun }: Facts, { phrases }: Desk): string =>
  deed === 'cancel' && !begun ? phrases('deed_call_back') : phrases(`deed_${deed}`);

/** Responses differ for each of their readers, and are read one after the other. */
function wordsOf({ notice }: Facts, desk: Desk, language?: string): Block[] {
  const { rendering } = KINDS[notice.kind];
  if (rendering === 'responses' || rendering === 'seat') return [text(desk.phrases(`notice_${rendering}`))];
  return asRead(notice, language ?? readIn(notice.texts, desk.language, desk.languages), desk);
}

function readings(
  { notice, status }: Facts,
  { phrases, button, language: own, languages }: Desk,
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

/** Whom it reaches, when, in which state, and whose approval it waits for or has. */
async function standing(facts: Facts, desk: Desk): Promise<Block[]> {
  const { notice, status, begun, people, left } = facts;
  const { phrases } = desk;
  const reach = () => phrases('notice_reach', { audience: audienceIn(notice.audience, desk), count: people, left });
  const at =
    status.at && ['scheduled', 'paused', 'running'].includes(status.state) ? momentWords(status.at, desk) : null;
  const key = notice.approval === 'needed' ? 'notice_when_approved' : 'notice_when';
  const when = at === null || begun ? [] : [phrases(key, { when: at })];
  const lines = [phrases(`notice_is_${status.state}`), ...when, ...(await approvalWords(facts, desk))];
  return [...(begun || KINDS[notice.kind].reaches === 'made_for' ? [] : [text(reach())]), text(lines.join(' '))];
}

export async function approvalWords({ notice }: Facts, { phrases, members }: Desk): Promise<string[]> {
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
function unsigned(notice: Facts['notice'], phrases: Phrases): string[] {
  if (isMadeByItself(notice)) return [phrases('notice_by_itself')];
  return notice.state === 'draft' ? [] : [phrases('notice_by_terminal')];
}
