import { OtherThanShown } from '../../actions/agreed.ts';
import { DoneBefore } from '../../actions/refused.ts';
import { type Ledger, type LedgerRow, ledger } from '../../contributions/ledger.ts';
import type { Block } from '../../core/message.ts';
import type { ReleaseScope } from '../../responses/ports.ts';
import { heading, noted, type PanelContext, type PanelView, text } from './context.ts';
import { NO_THEME, themeName } from './decisions.ts';
import { noticeView } from './notice.ts';

/** The ledger, and what is ready to be released. */
export async function forumView(context: PanelContext, note: string | null = null): Promise<PanelView> {
  const { phrases, button, responses } = context;
  const ready = await responses.releasable();
  const undecided = await undecidedIn(context);
  const toConfirm = (await context.proposals.waitingFor(context.member.id)).length;
  const choices = [button(phrases('button_preview'), 'v:0'), button(phrases('button_release'), 'r')];
  const words =
    ready.responses === 0
      ? phrases('ready_none')
      : phrases('ready', { responses: ready.responses, people: ready.recipients });
  return {
    title: phrases('title_forum'),
    blocks: [
      ...noted(note),
      ...ledgerBlocks(await ledgerOf(context), context),
      heading(phrases('ready_heading')),
      text(words),
      ...unreached(ready.unreachable, context),
    ],
    choices: [
      ...(toConfirm > 0 ? [button(phrases('button_confirm', { count: toConfirm }), 'y')] : []),
      ...(undecided > 0 ? [button(phrases('button_decide', { count: undecided }), 'd')] : []),
      ...(ready.recipients > 0 ? choices : []),
      button(phrases('button_overview'), ''),
    ],
  };
}

/** How many contributions nobody has decided on, or proposed a decision on. */
export const undecidedIn = async ({ proposals }: PanelContext): Promise<number> =>
  (await proposals.themes()).reduce((sum, { count }) => sum + count, 0);

export const ledgerOf = async ({ contributions, threads }: PanelContext): Promise<Ledger> =>
  ledger(await contributions.counts(), await threads.counts());

const unreached = (count: number, { phrases }: PanelContext): Block[] =>
  count > 0 ? [text(phrases('ready_unreachable', { count }))] : [];

function ledgerBlocks(sums: Ledger, { phrases }: PanelContext): Block[] {
  const row = ({ kind, total, owed, unreachable }: LedgerRow) =>
    [
      phrases(`ledger_${kind}`, { count: total }),
      ...(['decision', 'release', 'delivery'] as const)
        .filter((what) => owed[what] > 0)
        .map((what) => `– ${phrases(`owed_${what}`, { count: owed[what] })}`),
      ...(unreachable > 0 ? [`– ${phrases('owed_unreachable', { count: unreachable })}`] : []),
    ].join('\n');
  return [
    text(phrases('ledger_open', { open: sums.owing, total: sums.total })),
    ...(sums.threads.open > 0 ? [text(phrases('ledger_threads', { count: sums.threads.open }))] : []),
    ...sums.rows.map((each) => text(row(each))),
  ];
}

/** To how many people it goes: the button says it. */
export async function releaseAskView(
  context: PanelContext,
  note: string | null = null,
  which?: string,
): Promise<PanelView> {
  const { phrases, button, responses, approvalAbove } = context;
  const { responses: count, recipients: people, replacing, mark } = await responses.releasable(scopeOf(which));
  if (people === 0) return forumView(context, note);
  const second = people > approvalAbove ? [text(phrases('send_needs_approval'))] : [];
  const themes = which === undefined ? await context.proposals.decidedThemes() : [];
  const apart = themes.length > 1 ? themes : [];
  const again = replacing > 0 ? [text(phrases('release_replaces', { count: replacing }))] : [];
  return {
    title: phrases('title_confirm'),
    blocks: [
      ...noted(note),
      ...again,
      text(phrases('release_ask', { responses: count, people })),
      ...second,
      ...(apart.length > 0 ? [text(phrases('release_by_theme'))] : []),
    ],
    choices: [
      button(phrases('release_button', { people }), `R:${mark}:${people}${which === undefined ? '' : `:${which}`}`),
      ...apart.map(({ theme, count: many }) =>
        button(`${themeName(theme, context)}: ${many}`, `r:${theme ?? NO_THEME}`),
      ),
      button(phrases('button_back'), 'f'),
    ],
  };
}

/** All that waits, what belongs to a theme, or the answer to one contribution. */
function scopeOf(which: string | undefined): ReleaseScope | undefined {
  if (which === undefined || which === '') return undefined;
  if (which.startsWith('HB-')) return { references: [which] };
  return { themes: [which === NO_THEME ? null : which] };
}

/** Releases, if it is what was agreed to. The same press again finds nothing to release, and shows what was. */
export async function releaseView(
  context: PanelContext,
  shown: { mark: string; recipients: number },
  which?: string,
): Promise<PanelView> {
  const { phrases, actions, actor, member, overview } = context;
  const latest = async () => {
    const made = await overview.release(member.id);
    return made === null ? forumView(context) : noticeView(context, made);
  };
  try {
    const { notice } = await actions.responses.release(actor, { shown, scope: scopeOf(which) });
    return notice === null ? latest() : noticeView(context, notice);
  } catch (error) {
    if (error instanceof OtherThanShown) return releaseAskView(context, phrases('count_changed'), which);
    if (error instanceof DoneBefore) return latest();
    throw error;
  }
}
