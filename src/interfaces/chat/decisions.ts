import { may } from '../../actions/permission.ts';
import type { Contribution } from '../../contributions/contribution.ts';
import { namedFiles } from '../../contributions/namedFiles.ts';
import { insteadOfWords } from '../../contributions/voice.ts';
import type { Block, Choice } from '../../core/message.ts';
import { shorten } from '../../core/split.ts';
import { baseLanguage, textFor } from '../../core/texts.ts';
import { type ElementLanguages, languagesOf } from '../../responses/answerLanguages.ts';
import { DECISIONS } from '../../responses/decision.ts';
import { type OpenProposal, proposalMark } from '../../responses/proposal.ts';
import type { KnownContribution } from '../../responses/sheet/rows.ts';
import { answerIn } from '../../responses/sheet/sheet.ts';
import type { ThreadLine } from '../../responses/thread.ts';
import { heading, noted, type PanelContext, type PanelView, text } from './context.ts';
import { opinionBlocks } from './opinions.ts';
import { readBlocks } from './preview.ts';
import { foreignWords } from './words.ts';

/** In a button, of what has no theme. */
export const NO_THEME = '-';
/** In the buttons of those that are gone through because they wait for a second member. */
export const TO_CONFIRM = 'y';
const MOST_QUOTED = 500;

/** What nobody has decided on, by theme. */
export async function themesView(context: PanelContext): Promise<PanelView> {
  const { proposals, phrases, button } = context;
  const undecided = await proposals.themes();
  return {
    title: phrases('title_decide'),
    blocks: [text(phrases(undecided.length === 0 ? 'decide_none' : 'decide_themes'))],
    choices: [
      ...undecided.map(({ theme, count }) =>
        button(`${themeName(theme, context)}: ${count}`, `d:${theme ?? NO_THEME}`),
      ),
      button(phrases('button_forum'), 'f'),
    ],
  };
}

export function themeName(theme: string | null, { themes, phrases, language, languages }: PanelContext): string {
  const known = themes.find(({ value }) => value === theme);
  return known ? textFor(known.label, language, languages) : (theme ?? phrases('theme_none'));
}

/** The first of a theme; each leads to the next. */
export async function themeView(context: PanelContext, theme: string): Promise<PanelView | null> {
  const [first] = await context.proposals.undecided(theme === NO_THEME ? null : theme);
  return first === undefined ? themesView(context) : ideaView(context, first);
}

/** The first that waits for a second member; each leads to the next. */
export async function toConfirmView(context: PanelContext, note: string | null = null): Promise<PanelView | null> {
  const { proposals, member, phrases, button } = context;
  const [first] = await proposals.waitingFor(member.id);
  if (first !== undefined) return ideaView(context, first, { note, among: TO_CONFIRM });
  return {
    title: phrases('title_decide'),
    blocks: [...noted(note), text(phrases('confirm_none'))],
    choices: [button(phrases('button_forum'), 'f')],
  };
}

export interface Going {
  note?: string | null;
  /** Through those that wait for a second member; left out: through what nobody has decided on, in its theme. */
  among?: string | undefined;
}

/** Nobody decides on it: its author took it back, or it is set aside. */
const isOut = ({ state }: Pick<Contribution, 'state'>): boolean => state === 'withdrawn' || state === 'set_aside';

/** One contribution: the person's words first, then what stands and what is proposed, as they would read it. */
export async function ideaView(
  context: PanelContext,
  reference: string,
  { note = null, among = '' }: Going = {},
): Promise<PanelView | null> {
  const { contributions, proposals, responses, phrases, button } = context;
  const idea = await contributions.byReference(reference);
  const known = (await responses.look([reference])).get(reference);
  if (!idea || !known) return null;
  const proposal = await proposals.find(reference);
  const against = await saidAgainst(reference, context);
  const listed = await goneThrough(idea, among, context);
  const interested = (await proposals.interestedIn(reference)).includes(context.member.id);
  return {
    title: phrases('title_decide'),
    blocks: [
      ...noted(note),
      heading(placed(reference, listed)),
      ...ideaBlocks(idea, known, context),
      ...against.flatMap((line) => againstBlocks(line, context)),
      ...(proposal ? await proposalBlocks(idea, proposal, known, context) : []),
      ...(interested ? [text(phrases('interest_yours'))] : []),
    ],
    choices: [
      ...(idea.attachments.length > 0 ? [button(phrases('decide_files'), `U:${reference}`)] : []),
      ...(proposal ? proposalChoices(proposal, among, context) : []),
      ...(known.latest ? [button(phrases('decide_read'), `e:${reference}`)] : []),
      ...releaseChoices(idea, context),
      ...(proposal || interested || isOut(idea) ? [] : decideChoices(reference, context)),
      ...interestChoices(idea, { interested, proposed: proposal !== null }, context),
      ...waysOn(reference, listed, among, context),
    ],
  };
}

function ideaBlocks(
  { text: words, attachments }: Contribution,
  { latest, told }: KnownContribution,
  { phrases, language }: PanelContext,
): Block[] {
  const files = namedFiles(attachments, phrases, language);
  const said: Block =
    words.trim() === ''
      ? text(phrases('thread_no_words', { length: insteadOfWords(attachments) }))
      : { kind: 'quote', text: words };
  const decided = latest && phrases(`decided_${latest.decision}`);
  return [
    said,
    ...(files === null ? [] : [text(phrases('thread_files', { files }))]),
    ...(decided ? [text(phrases(told ? 'decide_told' : 'decide_decided', { decision: decided }))] : []),
  ];
}

/** What its author has said against the answer, and what has not ended yet. */
async function saidAgainst(reference: string, { threads }: PanelContext): Promise<ThreadLine[]> {
  const lines = await threads.list({ about: reference, kinds: ['disagreement', 'misunderstanding'] });
  return lines.filter(({ state }) => state !== 'closed');
}

const againstBlocks = ({ kind, reference, said }: ThreadLine, { phrases }: PanelContext): Block[] => [
  heading(phrases(`thread_title_${kind}`, { reference })),
  ...(said.trim() === '' ? [] : [{ kind: 'quote' as const, text: shorten(said, MOST_QUOTED) }]),
];

/** As its reader will get it, below their own words. */
async function proposalBlocks(
  { kind, text: words, attachments }: Contribution,
  proposal: OpenProposal,
  { reads, latest, told }: KnownContribution,
  context: PanelContext,
): Promise<Block[]> {
  const { by, opinions: _, interested: __, ...said } = proposal;
  const earlier = told ? latest : null;
  const known = await languagesOf({ decision: said, reads }, context.languages);
  const item = { ...said, kind, text: words, attachments, languages: known, translations: {}, earlier };
  const name = (await context.members.find(by))?.name ?? by;
  return [
    text(context.phrases('decide_proposed', { name })),
    ...readBlocks({ items: [item], language: reads }, context, { quoted: false }),
    ...(await opinionBlocks(proposal, context)),
    ...foreignIn(known, reads, context),
  ];
}

/** That its reader does not read what it is written in: they are told so, too. */
function foreignIn(known: ElementLanguages, reads: string | null, context: PanelContext): Block[] {
  const frame = answerIn(reads, context.languages);
  const read = [reads ?? frame, frame].map(baseLanguage);
  const foreign = [...new Set(Object.values(known))].filter((language) => !read.includes(baseLanguage(language)));
  return foreign.map((language) => foreignWords('decide_foreign', { reads: frame, foreign: language }, context));
}

function proposalChoices(proposal: OpenProposal, among: string, { member, phrases, button }: PanelContext): Choice[] {
  const { reference, by, opinions, interested } = proposal;
  const which = `${reference}:${proposalMark(proposal)}${among === '' ? '' : `:${among}`}`;
  const firsts = opinions.filter(({ agrees }) => agrees).map((opinion) => opinion.by);
  const isAgainst = opinions.some((opinion) => opinion.by === member.id && !opinion.agrees);
  const mayConfirm = may('responses.confirm', member, { firsts }) && !interested.includes(member.id);
  return [
    ...(mayConfirm ? [button(phrases('decide_confirm'), `C:${which}`)] : []),
    ...(by === member.id ? [button(phrases('decide_take_back'), `Z:${which}`)] : []),
    ...(by === member.id || isAgainst ? [] : [button(phrases('decide_discard'), `>n:${which}`)]),
  ];
}

const releaseChoices = ({ state, reference, theme }: Contribution, { phrases, button }: PanelContext): Choice[] =>
  state === 'decided'
    ? [
        button(phrases('release_one'), `r:${reference}`),
        button(phrases(theme === null ? 'release_themeless' : 'release_theme'), `r:${theme ?? NO_THEME}`),
      ]
    : [];

const decideChoices = (reference: string, { phrases, button }: PanelContext): Choice[] =>
  DECISIONS.map((decision) => button(phrases(`decide_${decision}`), `>d:${reference}:${decision}`));

/** On what is to be decided still, or once more. */
function interestChoices(
  { state, reference }: Contribution,
  { interested, proposed }: { interested: boolean; proposed: boolean },
  { phrases, button }: PanelContext,
): Choice[] {
  if (interested) return [button(phrases('interest_none'), `E:${reference}:0`)];
  const isUndecided = proposed || state === 'received' || state === 'triaged';
  return isUndecided ? [button(phrases('interest_own'), `E:${reference}:1`)] : [];
}

/** Those among which it is gone through, in their order. */
const goneThrough = (
  { reference, theme }: Contribution,
  among: string,
  { proposals, member }: PanelContext,
): Promise<string[]> =>
  among === TO_CONFIRM ? proposals.waitingFor(member.id) : proposals.undecided(theme, reference);

/** With how far somebody has come: `HB-K4TXW9A · 3/40`. */
function placed(reference: string, listed: readonly string[]): string {
  const at = listed.indexOf(reference);
  return at < 0 || listed.length < 2 ? reference : `${reference} · ${at + 1}/${listed.length}`;
}

/** The next and the one before, in that order. */
function waysOn(
  reference: string,
  listed: readonly string[],
  among: string,
  { phrases, button }: PanelContext,
): Choice[] {
  const confirming = among === TO_CONFIRM;
  const at = listed.indexOf(reference);
  const leads = (label: string, to: string | undefined) =>
    to === undefined ? [] : [button(phrases(label), `u:${to}${confirming ? `:${among}` : ''}`)];
  return [
    ...leads('button_next', listed[at + 1]),
    ...leads('button_previous', at > 0 ? listed[at - 1] : undefined),
    confirming ? button(phrases('button_forum'), 'f') : button(phrases('button_themes'), 'd'),
  ];
}

/** The answer that stands, as its reader has it or will have it. */
export async function answerView(context: PanelContext, reference: string): Promise<PanelView | null> {
  const { preview, phrases, button } = context;
  const found = await preview.of(reference);
  if (!found) return ideaView(context, reference);
  const { item, language } = found;
  return {
    title: phrases('title_responses'),
    blocks: readBlocks({ items: [item], language }, context),
    choices: [button(phrases('button_back'), `u:${reference}`)],
  };
}
