import type { Phrases } from '../../../core/phrases.ts';
import type { Member, Side } from '../../../people/member.ts';
import type { Reader } from './reader.ts';

/** What somebody may do, as a list in the reader's words. */
export const Roles = ({ member, reader }: { member: Pick<Member, 'roles'>; reader: Reader }) => (
  <>{new Intl.ListFormat(reader.language).format(member.roles.map((role) => reader.phrases(`role_${role}`)))}</>
);

export const sideKey = (side: Side): string => side.replace(' ', '_');

export const SideWord = ({ side, phrases }: { side: Side | null; phrases: Phrases }) => (
  <>{side === null ? phrases('side_none') : phrases(`side_${sideKey(side)}`)}</>
);
