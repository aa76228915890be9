import { may } from '../../actions/permission.ts';
import { DoneBefore } from '../../actions/refused.ts';
import type { Contribution } from '../../contributions/contribution.ts';
import { voiceLength } from '../../contributions/voice.ts';
import type { Block, Choice } from '../../core/message.ts';
import { textFor } from '../../core/texts.ts';
import { DECISIONS } from '../../responses/decision.ts';
import { type Proposal, proposalMark } from '../../responses/proposal.ts';
import { filesIn } from '../../responses/tellMembers.ts';
import { heading, noted, type PanelContext, type PanelView, text } from './context.ts';
import { previewBlocks } from './preview.ts';

/** In a button, of what has no theme. */
const NO_THEME = '-';
/** More than anybody goes through one by one. */
const MOST_LISTED = 500;

/** What nobody has decided on, by theme. */
export async function themesView({ proposals, themes, phrases, language, languages, button }: PanelContext) {
  const undecided = await proposals.themes();
  const nameOf = (theme: string | null) => {
    const known = themes.find(({ value }) => value === theme);
    return known ? textFor(known.label, language, languages) : (theme ?? phrases('theme_none'));
  };
  return {
    title: phrases('title_decide'),
    blocks: [text(phrases(undecided.length === 0 ? 'decide_none' : 'decide_themes'))],
    choices: [
      ...undecided.map(({ theme, count }) => button(`${nameOf(theme)}: ${count}`, `d:${theme ?? NO_THEME}`)),
      button(phrases('button_forum'), 'f'),
    ],
  };
}

/** The first of a theme; each leads to the next. */
export async function themeView(context: PanelContext, theme: string): Promise<PanelView | null> {
  const [first] = await context.proposals.undecided(theme === NO_THEME ? null : theme, 1);
  return first === undefined ? themesView(context) : ideaView(context, first);
}

/** One contribution: the person's words first, then what is proposed, as they would read it. */
export async function ideaView(
  context: PanelContext,
  reference: string,
  note: string | null = null,
): Promise<PanelView | null> {
  const { contributions, proposals, phrases } = context;
  const idea = await contributions.byReference(reference);
  if (!idea) return null;
  const proposal = await proposals.find(reference);
  return {
    title: phrases('title_decide'),
    blocks: [
      ...noted(note),
      ...ideaBlocks(idea, context),
      ...(proposal ? await proposalBlocks(idea, proposal, context) : []),
    ],
    choices: [
      ...(idea.attachments.length > 0 ? [context.button(phrases('decide_files'), `U:${reference}`)] : []),
      ...(proposal ? proposalChoices(proposal, context) : []),
      ...(await waysOn(idea, proposal, context)),
    ],
  };
}

function ideaBlocks(
  { reference, state, text: words, attachments }: Contribution,
  { phrases, language }: PanelContext,
): Block[] {
  const files = filesIn(attachments, phrases, language);
  const said: Block =
    words.trim() === ''
      ? text(phrases('thread_no_words', { length: voiceLength(attachments) }))
      : { kind: 'quote', text: words };
  return [
    heading(reference),
    said,
    ...(files === null ? [] : [text(phrases('thread_files', { files }))]),
    ...(['received', 'triaged'].includes(state) ? [] : [text(phrases('decide_decided'))]),
  ];
}

/** Word by word as its reader will get it. */
async function proposalBlocks(
  { reference, kind, text: words, attachments }: Contribution,
  proposal: Proposal,
  context: PanelContext,
): Promise<Block[]> {
  const { responses, members, phrases } = context;
  const reads = (await responses.look([reference])).get(reference)?.reads ?? null;
  const { by, ...said } = proposal;
  const item = { ...said, kind, text: words, attachments, languages: {}, translations: {}, earlier: null };
  const name = (await members.find(by))?.name ?? by;
  return [
    text(phrases('decide_proposed', { name })),
    ...previewBlocks({ items: [item], language: reads, readers: 1 }, 0, context),
  ];
}

function proposalChoices(proposal: Proposal, { member, phrases, button }: PanelContext): Choice[] {
  const { reference, by } = proposal;
  const mark = proposalMark(proposal);
  const mayConfirm = may('responses.confirm', member, { firsts: [by] });
  return [
    ...(mayConfirm ? [button(phrases('decide_confirm'), `C:${reference}:${mark}`)] : []),
    button(phrases('decide_discard'), `Z:${reference}:${mark}`),
  ];
}

/** Another proposal, the release of what is decided, and the next of its theme. */
async function waysOn(
  { reference, theme, state }: Contribution,
  proposal: Proposal | null,
  { phrases, button, proposals }: PanelContext,
): Promise<Choice[]> {
  const listed = await proposals.undecided(theme, MOST_LISTED);
  const at = listed.indexOf(reference);
  const next = listed[at + 1];
  const decides = DECISIONS.map((decision) => button(phrases(`decide_${decision}`), `>d:${reference}:${decision}`));
  return [
    ...(state === 'decided' ? [button(phrases('release_one'), `r:${reference}`)] : []),
    ...(state === 'decided' && theme !== null ? [button(phrases('release_theme'), `r:${theme}`)] : []),
    ...(proposal || state === 'withdrawn' ? [] : decides),
    ...(next === undefined || next === reference ? [] : [button(phrases('button_next'), `u:${next}`)]),
    button(phrases('button_themes'), 'd'),
  ];
}

/** Its files, in the chat. */
export async function filesView(context: PanelContext, reference: string): Promise<PanelView | null> {
  const { contributions, attachments, phrases } = context;
  const idea = await contributions.byReference(reference);
  const view = await ideaView(context, reference);
  if (!idea || !view) return null;
  const kept = await Promise.all(
    idea.attachments.map(async ({ ref, name, kind, mime }) => {
      const bytes = await attachments.find(idea.channel, ref);
      return bytes && { name: name ?? `${reference}${ENDINGS[kind]}`, mime: mime ?? MIMES[kind], bytes };
    }),
  );
  const files = kept.filter((file) => file !== null);
  const missing = kept.length - files.length;
  return missing > 0
    ? { ...view, files, blocks: [text(phrases('decide_files_missing', { count: missing })), ...view.blocks] }
    : { ...view, files };
}

const MIMES = { photo: 'image/jpeg', voice: 'audio/ogg', document: 'application/octet-stream' };
const ENDINGS = { photo: '.jpg', voice: '.ogg', document: '' };

export async function confirmedView(context: PanelContext, reference: string, mark: string): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses.confirm(actor, reference, mark));
  return ideaView(context, reference, phrases('decide_confirmed'));
}

export async function discardedView(context: PanelContext, reference: string, mark: string): Promise<PanelView | null> {
  const { actions, actor, phrases } = context;
  await unlessDone(actions.responses.discard(actor, reference, mark));
  return ideaView(context, reference, phrases('decide_discarded'));
}

/** The same press again finds it done. */
async function unlessDone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof DoneBefore)) throw error;
  });
}
