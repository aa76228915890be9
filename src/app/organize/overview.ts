import { isForum, isOrganizer, type Member, mayApprove } from '../../domain/member.ts';
import type { Block, Choice } from '../../domain/message.ts';
import type { NoticeCounts } from '../../domain/overview.ts';
import type { Phrases } from '../../domain/response.ts';
import { type Desk, heading, text, type View } from './desk.ts';
import { ledgerOf } from './forum.ts';
import { figures, lineOf } from './words.ts';

/** The first view: who they are here, how things stand, and where to go from here. */
export async function overviewView(desk: Desk): Promise<View> {
  const { member, phrases, language, button } = desk;
  const counts = await desk.overview.counts();
  const organizer = isOrganizer(member) ? await outreach(counts, desk) : [];
  const forum = isForum(member) ? await owed(desk) : [];
  const nothing = mayApprove(member) ? [] : [text(phrases('desk_nothing'))];
  return {
    title: phrases('title_overview'),
    blocks: [
      text(phrases('desk_you', { name: member.name, roles: rolesIn(member, phrases, language) })),
      ...organizer,
      ...forum,
      ...nothing,
    ],
    choices: [...waysOn(counts, desk), button(phrases('button_leave'), 'x')],
  };
}

/** In the words of that language, "organizer and member of the forum". */
export const rolesIn = ({ roles }: Member, phrases: Phrases, language: string): string =>
  new Intl.ListFormat(language).format(roles.map((role) => phrases(`role_${role}`)));

function waysOn({ waiting }: NoticeCounts, { member, phrases, button }: Desk): Choice[] {
  if (!mayApprove(member)) return [];
  return [
    ...(waiting > 0 ? [button(phrases('button_waiting', { count: waiting }), 'w')] : []),
    button(phrases('button_notices'), 'l'),
    button(phrases('button_calendar'), 'k'),
    ...(isForum(member) ? [button(phrases('button_forum'), 'f')] : []),
  ];
}

async function outreach(counts: NoticeCounts, desk: Desk): Promise<Block[]> {
  const { phrases, overview } = desk;
  const reach = await overview.reach();
  const people = reach.map(
    ({ channel, people: count, unagreed, gone }) =>
      `– ${phrases('reach_channel', { channel: nameOf(channel), count, unagreed, gone })}`,
  );
  const groups = reach.reduce((sum, each) => sum + each.groups, 0);
  const { total } = await ledgerOf(desk);
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
    ...(await newest(desk)),
  ];
}

const nameOf = (channel: string): string => channel.charAt(0).toUpperCase() + channel.slice(1);

/** How far the newest notice that has begun has come. */
async function newest(desk: Desk): Promise<Block[]> {
  const lines = await desk.overview.newest(0, 8);
  const begun = lines.find(({ state }) => ['running', 'paused', 'done'].includes(state));
  if (!begun) return [];
  const told = figures(await desk.records.status(begun.id), desk);
  return told.length > 0 ? [{ kind: 'quote', text: lineOf(begun, desk) }, ...told] : [];
}

async function owed(desk: Desk): Promise<Block[]> {
  const { open, total } = await ledgerOf(desk);
  const ready = await desk.responses.releasable();
  const { phrases } = desk;
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

export function leaveAskView({ phrases, button }: Desk): View {
  return {
    title: phrases('title_confirm'),
    blocks: [text(phrases('leave_ask_chat'))],
    choices: [button(phrases('leave_button'), 'X'), button(phrases('button_overview'), '')],
  };
}

/** The chat is nobody's from now on. */
export async function leaveView({ members, key, phrases }: Desk): Promise<View> {
  await members.untie(key);
  return { title: phrases('title_overview'), blocks: [text(phrases('leave_done'))], choices: [] };
}
