import type { Command } from 'commander';
import type { Clock, Ids } from '../../core/clock.ts';
import { commandLine } from '../../core/commandLine.ts';
import { didYouMean, nearest } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import { CODE_DAYS, codeHash, MEMBER_START, type Member, makeCode, memberId, readRoles } from '../../people/member.ts';
import type { PlatformLink } from '../../people/posters.ts';
import type { Database } from '../../store/database.ts';
import { createMembers, type ListedMember, type MemberStore } from '../../store/members.ts';
import { commandNamed } from './commands.ts';
import { withWiring } from './wiring.ts';
import { printable } from './words.ts';

/** What these commands need of the running system. */
export interface MembersWiring {
  db: Database;
  clock: Clock;
  ids: Ids;
  /** Of our private chat on each platform that is set up. @throws UserError when one does not answer */
  addresses(start: string): Promise<PlatformLink[]>;
  close(): Promise<void>;
}

interface AddOptions {
  name?: string;
  role?: string[];
  organization?: string;
  json?: boolean;
}

/** `members list|add|remove`: who works on the process, and may do so in the chat. */
export function addMembersCommands(program: Command, wire: () => Promise<MembersWiring>): void {
  const group = commandNamed(program, 'members');
  const of = (work: (members: MemberStore, wiring: MembersWiring) => Promise<void>) =>
    withWiring(wire, (wiring) => work(createMembers(wiring.db.pool), wiring));
  group
    .command('list')
    .description('everybody, with their roles and where they have a chat')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => of((members) => list(members, json)));
  group
    .command('add')
    .description('add a member, or change one; prints the code that ties their chat to them')
    .argument('<id>', 'lower-case letters, digits, - and _')
    .option('--name <name>', 'as others read it')
    .option('--role <role...>', 'organizer, forum or liaison; several times for several')
    .option('--organization <name>', 'where they come from')
    .option('--json', 'as JSON')
    .action((id: string, options: AddOptions) => of((members, wiring) => add(members, wiring, id, options)));
  group
    .command('remove')
    .description('from now on they may do nothing, in any of their chats')
    .argument('<id>')
    .option('--json', 'as JSON')
    .action((id: string, { json }: { json?: boolean }) => of((members) => remove(members, id, json)));
}

async function list(members: MemberStore, json = false): Promise<void> {
  const all = await members.listed();
  print(
    json
      ? JSON.stringify(all)
      : all.map(line).join('\n') || `No members yet: ${commandLine('members add ID --name NAME --role organizer')}`,
  );
}

function line({ id, name, roles, organization, chats, codeUntil }: ListedMember): string {
  const who = organization === null ? printable(name) : `${printable(name)} (${printable(organization)})`;
  const where = chats.length > 0 ? `in the chat on ${chats.join(' and ')}` : 'no chat yet';
  const code = codeUntil === null ? '' : `, a code until ${codeUntil.toISOString()}`;
  return `${id.padEnd(12)}  ${roles.join(', ').padEnd(18)}  ${who}: ${where}${code}`;
}

async function add(members: MemberStore, wiring: MembersWiring, given: string, options: AddOptions): Promise<void> {
  const member = described(memberId(given), options, await members.find(given));
  const code = makeCode(wiring.ids.bytes(16));
  const until = new Date(wiring.clock() + CODE_DAYS * 86_400_000);
  await members.put(member, { hash: codeHash(code), until });
  const links = await linksFor(code, wiring);
  const made = { ...member, code, codeUntil: until, links };
  print(options.json ? JSON.stringify(made) : instructions(member, code, until, links));
}

/** What is left out stays as it is. @throws UserError when that is nothing yet */
function described(id: string, { name, role, organization }: AddOptions, before: Member | null): Member {
  const roles = role ? readRoles(role) : before?.roles;
  const called = name?.trim() || before?.name;
  const mistakes = [
    ...(called ? [] : [`--name: how others read ${id} is missing. Say for example --name "Ana Díaz".`]),
    ...(roles ? [] : [`--role: what ${id} may do is missing. Say --role organizer, forum or liaison.`]),
  ];
  if (!called || !roles) throw new UserError(mistakes.join('\n'), mistakes);
  return { id, name: called, roles, organization: organization?.trim() || (before?.organization ?? null) };
}

const instructions = ({ id, name, roles }: Member, code: string, until: Date, links: readonly PlatformLink[]): string =>
  [
    `${printable(name)} (${id}) is a member: ${roles.join(', ')}.`,
    `Give them this code, and nobody else: ${code}. It ties one chat to them, once, until ${until.toISOString()}.`,
    `  Telegram: send the bot /start ${MEMBER_START}${code}${opened(links, 'telegram')}`,
    `  Slack:    /hearback start ${MEMBER_START}${code}${opened(links, 'slack')}`,
    `For another chat, or a code that was lost: ${commandLine(`members add ${id}`)}`,
  ].join('\n');

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

/** @throws UserError when nobody is called so */
async function remove(members: MemberStore, id: string, json = false): Promise<void> {
  if (!(await members.remove(id))) {
    const ids = (await members.list()).map((member) => member.id);
    const like = nearest(id, ids);
    const remedy = like ? didYouMean(like) : `\`${commandLine('members list')}\` shows who there is.`;
    throw new UserError(`There is no member "${id}". ${remedy}`);
  }
  print(json ? JSON.stringify({ id, removed: true }) : `${id} is no member any more, and their chats may do nothing.`);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
