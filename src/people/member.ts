import { createHash } from 'node:crypto';
import { didYouMean, didYouMeanWords } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { isLetters, lettersFrom } from '../core/reference.ts';
import { OPERATOR } from './actor.ts';

/**
 * What somebody may do: organizers run the outreach, the forum decides and releases, liaisons speak for others, viewers read
 * everything and change nothing; admins are organizers who also say who the members are.
 */
export const ROLES = ['organizer', 'forum', 'liaison', 'viewer', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** A role as somebody may write it. */
export const ROLE_WORDS = [...ROLES, 'reviewer'] as const;

/** The two sides of the forum: decisions are made by both. */
export const SIDES = ['government', 'civil society'] as const;
export type Side = (typeof SIDES)[number];

/** Who may approve what another has scheduled. */
export const APPROVERS: readonly Role[] = ['organizer', 'forum'];

/** Who may read what people said. */
export const READERS: readonly Role[] = [...APPROVERS, 'viewer'];

export interface Member {
  /** Lower-case letters, digits, - and _: what the records of who did what say. */
  id: string;
  name: string;
  roles: Role[];
  organization: string | null;
  /** Null: it was not said. */
  side: Side | null;
}

export interface Members {
  /** Those who are members now, by id. */
  list(): Promise<Member[]>;
  /** Null when there is no such member, or not any more. */
  find(id: string): Promise<Member | null>;
  /** The member who has this chat, by the key of an identity; null where it is nobody's. */
  byIdentity(identityKey: string): Promise<Member | null>;
}

/** A member with the channels on which they have a chat, and until when their code can be used. */
export interface ListedMember extends Member {
  chats: string[];
  codeUntil: Date | null;
}

export interface MemberList extends Members {
  listed(): Promise<ListedMember[]>;
}

/** What became of a code in a chat: the chat is that member's now, or the code does not hold (any more), or too many wrong ones came before. */
export type Joined = Member | 'wrong' | 'too_many';

export interface MemberChats {
  /** Ties the chat to the member who was given this code. The same chat with the same code again gets the same member. */
  join(identityKey: string, code: string, at: Date): Promise<Joined>;
  /** Takes a chat from its member; false when it was nobody's. */
  untie(identityKey: string): Promise<boolean>;
}

export interface MemberWrites {
  /** Adds a member or changes one, with a new one-time code; an earlier code is void. */
  put(member: Member, code: { hash: string; until: Date }): Promise<void>;
  /** Adds and changes; removes nobody, and leaves codes and chats as they are. */
  sync(members: readonly Member[]): Promise<void>;
  /** With all their chats and sessions, at once. False when nobody is called so. */
  remove(id: string): Promise<boolean>;
}

/** What ties a chat to a member: `/start member_CODE`. */
export const MEMBER_START = 'member_';
/** How long a code can be used. */
export const CODE_DAYS = 7;
const CODE_LENGTH = 8;

/** From at least 16 random bytes. */
export const makeCode = (bytes: Uint8Array): string => lettersFrom(bytes, CODE_LENGTH);

/** What may be a code. `named`: as `member_CODE`, which is nothing else; `mixed`: of letters and digits, as few words are. */
export interface GivenCode {
  code: string;
  named: boolean;
  mixed: boolean;
}

/**
 * The code in words that are one: alone, broken up or in small letters, or anywhere as `member_CODE`, as in the line of the
 * terminal that tells what to send. Null where there is none.
 */
export function codeIn(words: string): GivenCode | null {
  if (words.length > MOST_AROUND) return null;
  const bare = words.replace(/\p{Cf}/gu, '').replace(/^[\s"'“”«»‘’`*]+|[\s"'“”«»‘’`*.,]+$/g, '');
  const named = NAMED.exec(bare)?.[1];
  if (named !== undefined) return { code: named, named: true, mixed: true };
  const code = bare.replace(/^[/]?start /i, '').replace(/^([a-z0-9]{4})[ -]([a-z0-9]{4})$/i, '$1$2');
  return isLetters(code, CODE_LENGTH) ? { code, named: false, mixed: /\d/.test(code) } : null;
}

/** Longer words are not a line that somebody passes on with a code. */
const MOST_AROUND = 300;
const NAMED = new RegExp(`\\b${MEMBER_START}([a-z0-9]{${CODE_LENGTH}})\\b`, 'i');

/** All that is kept of a code. What people type may be in small letters, or broken up. */
export const codeHash = (code: string): string =>
  createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest('hex');

const has = (member: Pick<Member, 'roles'>, roles: readonly Role[]): boolean =>
  member.roles.some((role) => roles.includes(role));

export const isOrganizer = (member: Pick<Member, 'roles'> | null): boolean =>
  member !== null && has(member, ['organizer']);
export const isForum = (member: Pick<Member, 'roles'>): boolean => has(member, ['forum']);
export const mayApprove = (member: Pick<Member, 'roles'>): boolean => has(member, APPROVERS);

const ID = /^[a-z0-9][a-z0-9_-]{0,30}$/;
export const isMemberId = (given: string): boolean => ID.test(given) && given !== OPERATOR;

/** @throws UserError for what is not an id */
export function memberId(given: string): string {
  if (given === OPERATOR)
    throw new UserError(
      `No member can be called ${OPERATOR}: so the records call whoever is at the terminal. Choose another id.`,
    );
  if (ID.test(given)) return given;
  const like = given
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 31);
  const example = ID.test(like) ? like : 'ana';
  throw new UserError(
    `"${given}" is not an id of a member: lower-case letters, digits, - and _, at most 31. Write for example ${example}.`,
  );
}

/** The roles that these words give, in the order of the list. */
export function rolesOf(words: readonly (typeof ROLE_WORDS)[number][]): Role[] {
  const given = words.flatMap((word): Role[] => {
    if (word === 'reviewer') return ['forum'];
    return word === 'admin' ? ['organizer', 'admin'] : [word];
  });
  return ROLES.filter((role) => given.includes(role));
}

const isRoleWord = (word: string): word is (typeof ROLE_WORDS)[number] => ROLE_WORDS.some((role) => role === word);

/** @throws UserError that names every word that is not a role */
export function readRoles(words: readonly string[]): Role[] {
  const wrong = words.filter((word) => !isRoleWord(word));
  if (wrong.length === 0) return rolesOf(words.filter(isRoleWord));
  const lines = wrong.map((word) => {
    const like = didYouMean(word, ROLE_WORDS);
    return `--role ${word}: there is no such role. ${like ? didYouMeanWords(like) : `There are: ${ROLES.join(', ')}.`}`;
  });
  throw new UserError(lines.join('\n'), lines);
}

/** The side that these words mean, however they are put together: `civil-society`. @throws UserError for what is none */
export function readSide(words: string): Side {
  const plain = words
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
  const found = SIDES.find((side) => side === plain) ?? OTHER_NAMES[plain];
  if (found) return found;
  throw new UserError(`--side ${words}: there is no such side. There are: government, civil-society.`);
}
const OTHER_NAMES: Record<string, Side> = { 'non government': 'civil society', nongovernment: 'civil society' };
