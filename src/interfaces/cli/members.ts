import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { AddedMember } from '../../actions/members.ts';
import { CHANNEL_NAMES, channelKind } from '../../channels/registry.ts';
import type { Views } from '../../compose/views.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { atTerminal } from '../../people/actor.ts';
import { type ListedMember, MEMBER_START, type Member, memberId, readRoles, readSide } from '../../people/member.ts';
import type { PlatformLink } from '../../people/posters.ts';
import { commandNamed } from './commands.ts';
import { AS, withWiring } from './wiring.ts';
import { clockTime, columns, printable } from './words.ts';

/** What these commands need of the running system. */
export interface MembersWiring {
  views: Pick<Views, 'members'>;
  processes: { current(): Promise<{ timeZone: string } | null> };
  actions(): Promise<Pick<Actions, 'members'>>;
  /** Of our private chat on each platform that is set up. @throws UserError when one does not answer */
  addresses(start: string): Promise<PlatformLink[]>;
  close(): Promise<void>;
}

interface Doing {
  as?: string;
  json?: boolean;
}

interface AddOptions extends Doing {
  name?: string;
  role?: string[];
  organization?: string;
  side?: string;
}

/** `members list|add|remove`: who works on the process, and may do so in the chat. */
export function addMembersCommands(program: Command, wire: () => Promise<MembersWiring>): void {
  const group = commandNamed(program, 'members');
  const of = (work: (wiring: MembersWiring) => Promise<void>) => withWiring(wire, work);
  group
    .command('list')
    .description('everybody, with their roles and where they have a chat')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => of((wiring) => list(wiring, json)));
  group
    .command('add')
    .description('add a member, or change one; prints the code that ties their chat to them')
    .argument('<id>', 'lower-case letters, digits, - and _')
    .option('--name <name>', 'as others read it')
    .option('--role <role...>', 'organizer, forum (or reviewer), liaison, viewer or admin; several times for several')
    .option('--organization <name>', 'where they come from')
    .option('--side <side>', 'government or civil-society')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((id: string, options: AddOptions) => of((wiring) => add(wiring, id, options)));
  group
    .command('remove')
    .description('from now on they may do nothing, in any of their chats')
    .argument('<id>')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((id: string, options: Doing) => of((wiring) => remove(wiring, id, options)));
}

async function list(wiring: MembersWiring, json = false): Promise<void> {
  const all = await (await wiring.views.members()).listed();
  const zone = await zoneOf(wiring);
  print(
    json
      ? JSON.stringify(all)
      : all.map((member) => line(member, zone)).join('\n') ||
          `No members yet: ${commandLine('members add ID --name NAME --role organizer')}`,
  );
}

function line({ id, name, roles, organization, side, chats, codeUntil }: ListedMember, zone: string): string {
  const from = [organization === null ? null : printable(organization), side].filter((part) => part !== null);
  const who = from.length === 0 ? printable(name) : `${printable(name)} (${from.join(', ')})`;
  const where = chats.length > 0 ? `in the chat on ${chats.join(' and ')}` : 'no chat yet';
  const code = codeUntil === null ? '' : `, a code until ${clockTime(codeUntil, zone)}`;
  return `${id.padEnd(12)}  ${roles.join(', ').padEnd(18)}  ${who}: ${where}${code}`;
}

async function add(wiring: MembersWiring, given: string, options: AddOptions): Promise<void> {
  const { name, role, organization, side, as, json } = options;
  const told = { ...(role && { roles: readRoles(role) }), ...(side !== undefined && { side: readSide(side) }) };
  const change = { id: memberId(given), name, organization, ...told };
  const { members } = await wiring.actions();
  const made = await members.add(atTerminal(as), change);
  const links = await linksFor(made.code, wiring);
  print(json ? JSON.stringify({ ...made, links }) : instructions(made, links, await zoneOf(wiring)));
}

/** The time zone in which moments are shown. */
const zoneOf = async ({ processes }: MembersWiring): Promise<string> => (await processes.current())?.timeZone ?? 'UTC';

/** Who they are; where somebody is called so already, what of them is another now. */
function whoWords({ id, before, ...now }: AddedMember): string {
  const what = ({ roles, side }: Pick<Member, 'roles' | 'side'>) =>
    [...roles, ...(side === null ? [] : [side])].join(', ');
  const shown = ({ name, organization, ...is }: Omit<Member, 'id'>) =>
    `${printable(name)}${organization === null ? '' : ` of ${printable(organization)}`}: ${what(is)}`;
  if (before === null) return `${printable(now.name)} (${id}) is a member: ${what(now)}.`;
  if (shown(before) === shown(now)) return `${printable(now.name)} (${id}) was a member already, and has a new code.`;
  return `${id} was a member already, and is changed: ${shown(before)} -> ${shown(now)}.`;
}

const instructions = (made: AddedMember, links: readonly PlatformLink[], zone: string): string => {
  const { id, code, codeUntil } = made;
  return [
    whoWords(made),
    `Give them this code, and nobody else: ${code}. It ties one chat to them, once, until ${clockTime(codeUntil, zone)}.`,
    ...columns(
      CHANNEL_NAMES.map((name) => {
        const kind = channelKind(name);
        return [`${kind.title}:`, `${kind.toStart(`${MEMBER_START}${code}`)}${opened(links, name)}`];
      }),
    ).map((line) => `  ${line}`),
    `For another chat, or a code that was lost: ${commandLine(`members add ${id}`)}`,
  ].join('\n');
};

/** Slack's link opens the chat and can say nothing there. */
function opened(links: readonly PlatformLink[], channel: PlatformLink['channel']): string {
  const link = links.find((each) => each.channel === channel);
  if (!link) return '';
  return link.toType === null ? `, or open ${link.url}` : ` in the chat that ${link.url} opens`;
}

/** The code is good without them: a platform that is away now keeps nobody from being added. */
const linksFor = (code: string, { addresses }: MembersWiring): Promise<PlatformLink[]> =>
  addresses(`${MEMBER_START}${code}`).catch((error: unknown) => {
    if (error instanceof UserError) return [];
    throw error;
  });

/** @throws UserError when there is no such member */
async function remove(wiring: MembersWiring, id: string, { as, json }: Doing): Promise<void> {
  const { members } = await wiring.actions();
  await members.remove(atTerminal(as), id);
  print(
    json ? JSON.stringify({ id, removed: true }) : `${id} is not a member any more, and their chats may do nothing.`,
  );
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
