import { commandLine } from '../core/commandLine.ts';
import { KINDS, mayRun, type NoticeKind } from '../notices/kinds.ts';
import type { NoticeState } from '../notices/notice.ts';
import { type Actor, OPERATOR } from '../people/actor.ts';
import type { Member, Role } from '../people/member.ts';
import { mayAnswer, rolesFor, type ThreadKind } from '../responses/thread.ts';
import { Refused } from './refused.ts';
import { ACTIONS, type ActionName, type Rule } from './table.ts';

/** How the subject of an action stands, as far as the table asks. */
export interface Standing {
  /** As a refusal calls it: `Notice 1a2b`. */
  called?: string;
  /** Of a thread. */
  thread?: ThreadKind;
  /** Of a notice. */
  kind?: NoticeKind;
  state?: NoticeState;
  /** Those who may have been the first, where this takes a second member. */
  firsts?: readonly (string | null)[];
}

/** Why the table forbids it; null when it may be done. `member`: null when no member has the actor's id. */
export function refusalOf(name: ActionName, actor: Actor, member: Member | null, subject: Standing): Refused | null {
  const rule: Rule = ACTIONS[name];
  return (
    refusedToActor(rule, actor, member, subject) ??
    refusedInState(rule, subject) ??
    refusedAsSecond(rule, actor, subject)
  );
}

/** Whether a member may do it to this subject in its present state. */
export const may = (name: ActionName, member: Member, subject: Standing): boolean =>
  refusalOf(name, { member: member.id, through: 'terminal' }, member, subject) === null;

function refusedToActor(rule: Rule, actor: Actor, member: Member | null, subject: Standing): Refused | null {
  if (actor.member === null)
    return actor.through === 'terminal' ? null : new Refused('member', `There is no ${OPERATOR} but at the terminal.`);
  if (member === null) return new Refused('member', `There is no member "${actor.member}". ${WHO_THERE_IS}`);
  if (hasRole(rule, member, subject)) return null;
  const words = `${member.id} may not ${rule.verb}: it takes a member with the role ${rolesOf(rule, subject).join(' or ')}.`;
  return new Refused('role', `${words} ${WHO_THERE_IS}`);
}

const WHO_THERE_IS = `\`${commandLine('members list')}\` shows who there is.`;

function hasRole({ by }: Rule, member: Member, { kind, thread }: Standing): boolean {
  if (by === 'who runs it') return kind !== undefined && mayRun(member, kind);
  if (by === 'who answers it') return thread !== undefined && mayAnswer(member, thread);
  return member.roles.some((role) => by.includes(role));
}

function rolesOf({ by }: Rule, { kind, thread }: Standing): readonly Role[] {
  if (by === 'who runs it') return kind === undefined ? [] : [KINDS[kind].runBy];
  if (by === 'who answers it') return thread === undefined ? [] : rolesFor(thread);
  return by;
}

function refusedInState({ in: states, participle }: Rule, { state, called }: Standing): Refused | null {
  if (states === null || state === undefined || states.includes(state)) return null;
  const how = `\`${commandLine('notices status')}\` shows how they all stand.`;
  return new Refused('state', `${called} is ${state} and cannot be ${participle}. ${how}`);
}

function refusedAsSecond({ second, verb }: Rule, { member }: Actor, { firsts = [] }: Standing): Refused | null {
  if (!second) return null;
  if (member === null)
    return new Refused('second', `It takes a second member to ${verb}: say who you are, --as MEMBER. ${WHO_THERE_IS}`);
  if (!firsts.includes(member)) return null;
  return new Refused('second', `${member} was the first: another member has to ${verb} it.`);
}
