import type { Clock, Ids } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { didYouMean, didYouMeanWords } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, actorName, interfaceOf } from '../people/actor.ts';
import {
  CODE_DAYS,
  codeHash,
  type Joined,
  type Member,
  type Members,
  makeCode,
  type Role,
  type Side,
} from '../people/member.ts';
import { nothing, type Perform } from './perform.ts';
import { may } from './permission.ts';
import { Refused } from './refused.ts';
import type { ActionStore } from './writes.ts';

export interface MemberActionParts {
  perform: Perform;
  store: ActionStore;
  clock: Clock;
  ids: Ids;
}

/** A member as somebody adds or changes one: what is left out stays as it is. */
export interface MemberChange {
  id: string;
  name?: string;
  roles?: Role[];
  organization?: string;
  side?: Side;
}

export interface AddedMember extends Member {
  /** Ties one chat to them, once, until `codeUntil`. */
  code: string;
  codeUntil: Date;
  /** As they were; null: they are new. */
  before: Member | null;
}

export interface MemberActions {
  /** @throws UserError when something is left out that was never set; Refused for members who give themselves a role */
  add(actor: Actor, change: MemberChange): Promise<AddedMember>;
  /** Removes them, with all their chats. @throws UserError when nobody has this id */
  remove(actor: Actor, id: string): Promise<void>;
  /** Ties the chat to the member who was given this code. The same chat with the same code again gets the same member. */
  join(identityKey: string, code: string): Promise<Joined>;
  /** Takes the chat from its member. */
  leave(actor: Actor, identityKey: string): Promise<void>;
}

export function createMemberActions({ perform, store, clock, ids }: MemberActionParts): MemberActions {
  return {
    add: (actor, change) =>
      perform(actor, {
        name: 'members.add',
        on: change.id,
        find: nothing,
        async act(_, { members }) {
          const before = await members.find(change.id);
          const member = described(change, before);
          expectNotThemselves(actor, member, before);
          const code = makeCode(ids.bytes(16));
          const codeUntil = new Date(clock() + CODE_DAYS * 86_400_000);
          await members.put(member, { hash: codeHash(code), until: codeUntil });
          return { ...member, code, codeUntil, before };
        },
        detail: ({ roles }) => ({ roles: roles.join(' ') }),
      }),
    remove: (actor, id) =>
      perform(actor, {
        name: 'members.remove',
        on: id,
        find: nothing,
        async act(_, { members }) {
          if (!(await members.remove(id))) throw new UserError(await unknownMember(id, members));
        },
      }),
    join: (identityKey, code) =>
      store.transaction(async ({ members, audit }) => {
        const at = new Date(clock());
        const joined = await members.join(identityKey, code, at);
        if (typeof joined === 'string') return joined;
        const entry = { action: 'members.join', subject: joined.id, outcome: 'done', detail: null } as const;
        await audit.add({ ...entry, at, actor: joined.id, interface: interfaceOf(identityKey), request: null });
        return joined;
      }),
    leave: (actor, identityKey) =>
      perform(actor, {
        name: 'members.leave',
        on: actorName(actor),
        find: nothing,
        act: async (_, { members }) => void (await members.untie(identityKey)),
      }),
  };
}

/** What is left out stays as it is. @throws UserError when it was never set */
function described({ id, name, roles, organization, side }: MemberChange, before: Member | null): Member {
  const [called, may] = [name?.trim() || before?.name, roles ?? before?.roles];
  const mistakes = [
    ...(called ? [] : [`--name: how others read ${id} is missing. Say for example --name "Ana Díaz".`]),
    ...(may ? [] : [`--role: what ${id} may do is missing. Say --role organizer, forum, liaison, viewer or admin.`]),
  ];
  if (!called || !may) throw new UserError(mistakes.join('\n'), mistakes);
  const from = {
    organization: organization?.trim() || (before?.organization ?? null),
    side: side ?? before?.side ?? null,
  };
  return { id, name: called, roles: may, ...from };
}

/** Whoever may change the process may not for that say who its members are. @throws Refused */
export async function expectMayChange({ member: id }: Actor, members: Pick<Members, 'find'>): Promise<void> {
  const member = id === null ? null : await members.find(id);
  if (member === null || may('members.add', member, {})) return;
  throw new Refused(
    'role',
    `${id} may not add or change members: it takes a member with the role admin. Leave \`members\` in the file as they are.`,
  );
}

/** Nobody can become their own second member by giving themselves a role. @throws Refused */
export function expectNotThemselves(
  { member }: Actor,
  { id, roles }: Pick<Member, 'id' | 'roles'>,
  before: Member | null,
): void {
  const more = roles.filter((role) => !before?.roles.includes(role));
  if (member !== id || more.length === 0) return;
  throw new Refused(
    'second',
    `${id} cannot be given the role ${more.join(' and ')} by themselves: another has to do it.`,
  );
}

/** With the remedy. */
export async function unknownMember(id: string, members: Pick<Members, 'list'>): Promise<string> {
  const like = didYouMean(
    id,
    (await members.list()).map((member) => member.id),
  );
  const remedy = like ? didYouMeanWords(like) : `\`${commandLine('members list')}\` shows who there is.`;
  return `There is no member "${id}". ${remedy}`;
}
