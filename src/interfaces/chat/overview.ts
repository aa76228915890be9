import type { Block, Choice } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import type { NoticeCounts } from '../../notices/overview.ts';
import { isForum, isOrganizer, type Member, mayApprove } from '../../people/member.ts';
import { heading, type PanelContext, type PanelView, text } from './context.ts';
import { ledgerOf, undecidedIn } from './forum.ts';
import { waitingThreads } from './threads.ts';
import { figures, lineOf } from './words.ts';

/** The first view: who they are here, how things stand, and where to go from here. */
export async function overviewView(context: PanelContext): Promise<PanelView> {
  const { member, phrases, language, button } = context;
  const counts = await context.overview.counts();
  const organizer = isOrganizer(member) ? await outreach(counts, context) : [];
  const forum = isForum(member) ? await owed(context) : [];
  const people = mayApprove(member) ? (await waitingThreads(context)).length : 0;
  const proposals = isForum(member) ? (await context.proposals.waitingFor(member.id)).length : 0;
  const undecided = isForum(member) ? await undecidedIn(context) : 0;
  const nothing = mayApprove(member) ? [] : [text(phrases('desk_nothing'))];
  return {
    title: phrases('title_overview'),
    blocks: [
      text(phrases('desk_you', { name: member.name, roles: rolesIn(member, phrases, language) })),
      ...organizer,
      ...forum,
      ...nothing,
    ],
    choices: [...waysOn(counts, context, { people, proposals, undecided }), button(phrases('button_leave'), 'x')],
  };
}

/** In the words of that language, "organizer and member of the forum". */
export const rolesIn = ({ roles }: Member, phrases: Phrases, language: string): string =>
  new Intl.ListFormat(language).format(roles.map((role) => phrases(`role_${role}`)));

function waysOn(
  { waiting }: NoticeCounts,
  { member, phrases, button }: PanelContext,
  { people, proposals, undecided }: { people: number; proposals: number; undecided: number },
): Choice[] {
  if (!mayApprove(member)) return [];
  return [
    ...(people > 0 ? [button(phrases('button_people', { count: people }), 'p')] : []),
    ...(proposals > 0 ? [button(phrases('button_confirm', { count: proposals }), 'y')] : []),
    ...(undecided > 0 ? [button(phrases('button_decide', { count: undecided }), 'd')] : []),
    ...(waiting > 0 ? [button(phrases('button_waiting', { count: waiting }), 'w')] : []),
    button(phrases('button_notices'), 'l'),
    button(phrases('button_calendar'), 'k'),
    ...(isForum(member) ? [button(phrases('button_forum'), 'f')] : []),
  ];
}

async function outreach(counts: NoticeCounts, context: PanelContext): Promise<Block[]> {
  const { phrases, overview } = context;
  const reach = await overview.reach();
  const people = reach.map(
    ({ channel, people: count, unagreed, gone }) =>
      `– ${phrases('reach_channel', { channel: nameOf(channel), count, unagreed, gone })}`,
  );
  const groups = reach.reduce((sum, each) => sum + each.groups, 0);
  const { total } = await ledgerOf(context);
  return [
    heading(phrases('reach_heading')),
    text(
      [
        ...(people.length > 0 ? people : [phrases('reach_none')]),
        phrases('reach_groups', { count: groups }),
        phrases('reach_contributions', { count: total }),
      ].join('\n'),
    ),
    heading(phrases('notices_heading')),
    text(phrases('notices_counts', { ...counts })),
    ...(await newest(context)),
  ];
}

const nameOf = (channel: string): string => channel.charAt(0).toUpperCase() + channel.slice(1);

/** How far the newest notice that has begun has come. */
async function newest(context: PanelContext): Promise<Block[]> {
  const lines = await context.overview.newest(0, 8);
  const begun = lines.find(({ state }) => ['running', 'paused', 'done'].includes(state));
  if (!begun) return [];
  const told = figures(await context.records.status(begun.id), context);
  return told.length > 0 ? [{ kind: 'quote', text: lineOf(begun, context) }, ...told] : [];
}

async function owed(context: PanelContext): Promise<Block[]> {
  const { owing: open, total } = await ledgerOf(context);
  const ready = await context.responses.releasable();
  const { phrases } = context;
  return [
    heading(phrases('title_forum')),
    text(
      [
        phrases('ledger_open', { open, total }),
        ...(ready.responses > 0 ? [phrases('ready', { responses: ready.responses, people: ready.recipients })] : []),
      ].join('\n'),
    ),
  ];
}

export function leaveAskView({ phrases, button }: PanelContext): PanelView {
  return {
    title: phrases('title_confirm'),
    blocks: [text(phrases('leave_ask_chat'))],
    choices: [button(phrases('leave_button'), 'X'), button(phrases('button_overview'), '')],
  };
}

/** From now on the chat belongs to no member. */
export async function leaveView({ actions, actor, key, phrases }: PanelContext): Promise<PanelView> {
  await actions.members.leave(actor, key);
  return { title: phrases('title_overview'), blocks: [text(phrases('leave_done'))], choices: [] };
}
