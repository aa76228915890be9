import type { MemberChange } from '../../../actions/members.ts';
import { isMemberId, type Member, ROLES, rolesOf, SIDES, type Side } from '../../../people/member.ts';
import { asLine, MOST_LINE } from './fields.ts';
import { sideKey } from './memberWords.tsx';
import type { Reader } from './reader.ts';

/** A member as a form describes one. */
export type Asked = Pick<Member, 'id' | 'name' | 'roles' | 'side'> & { organization: string };

export const blank: Asked = { id: '', name: '', roles: [], organization: '', side: null };
export const askedOf = ({ organization, ...member }: Member): Asked => ({
  ...member,
  organization: organization ?? '',
});

/** What is wrong with which field: the key of its words. */
export type Mistakes = Partial<Record<'id' | 'name' | 'roles' | 'organization', string>>;

/** @param id of somebody who is a member already; null: the form says it */
export function readMember(fields: URLSearchParams, id: string | null): { asked: Asked; mistakes: Mistakes } {
  const given = new Set(fields.getAll('roles'));
  const asked: Asked = {
    id: id ?? asLine(fields.get('id')),
    name: asLine(fields.get('name')),
    roles: rolesOf(ROLES.filter((role) => given.has(role))),
    organization: asLine(fields.get('organization')),
    side: SIDES.find((side) => side === fields.get('side')) ?? null,
  };
  return { asked, mistakes: mistakesIn(asked) };
}

const mistakesIn = ({ id, name, roles, organization }: Asked): Mistakes => ({
  ...(!isMemberId(id) && { id: 'wrong_id' }),
  ...(name === '' && { name: 'wrong_name' }),
  ...(name.length > MOST_LINE && { name: 'wrong_too_long' }),
  ...(roles.length === 0 && { roles: 'wrong_roles' }),
  ...(organization.length > MOST_LINE && { organization: 'wrong_too_long' }),
});

export const changeOf = ({ side, ...asked }: Asked): MemberChange => ({ ...asked, ...(side !== null && { side }) });

interface FieldsProps {
  reader: Reader;
  asked: Asked;
  mistakes: Mistakes;
  /** They are a member already: what they are called in the records stays. */
  isKnown?: boolean;
}

export const MemberFields = ({ reader, asked, mistakes, isKnown = false }: FieldsProps) => (
  <>
    <Line reader={reader} name="name" value={asked.name} mistake={mistakes.name} />
    {!isKnown && <Line reader={reader} name="id" value={asked.id} mistake={mistakes.id} hint="member_id_hint" />}
    <RoleField reader={reader} asked={asked} mistakes={mistakes} />
    <SideField reader={reader} asked={asked} />
    <Line reader={reader} name="organization" value={asked.organization} mistake={mistakes.organization} />
  </>
);

interface LineProps {
  reader: Reader;
  name: 'id' | 'name' | 'organization';
  value: string;
  mistake: string | undefined;
  hint?: string;
}

function Line({ reader: { phrases }, name, value, mistake, hint }: LineProps) {
  const about = [hint && `${name}-hint`, mistake && `${name}-wrong`].filter(Boolean).join(' ');
  return (
    <div>
      <label class="above" for={name}>
        {phrases(`member_${name}`)}
      </label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {phrases(hint)}
        </p>
      )}
      <input
        type="text"
        id={name}
        name={name}
        value={value.slice(0, MOST_LINE)}
        dir="auto"
        autocomplete="off"
        aria-invalid={mistake ? 'true' : undefined}
        aria-describedby={about || undefined}
      />
      <Mistake name={name} words={mistake && phrases(mistake, { most: MOST_LINE })} />
    </div>
  );
}

const Mistake = ({ name, words }: { name: string; words: string | undefined }) =>
  words ? (
    <p class="wrong-field" id={`${name}-wrong`}>
      {words}
    </p>
  ) : null;

function RoleField({ reader: { phrases }, asked, mistakes }: FieldsProps) {
  const words = mistakes.roles && phrases(mistakes.roles);
  return (
    <fieldset aria-describedby={words ? 'roles-wrong' : undefined}>
      <legend>{phrases('member_roles')}</legend>
      {ROLES.map((role) => (
        <label class="check">
          <input type="checkbox" name="roles" value={role} checked={asked.roles.includes(role)} />
          <span>
            {phrases(`role_${role}`)} <span class="soft">– {phrases(`role_${role}_does`)}</span>
          </span>
        </label>
      ))}
      <Mistake name="roles" words={words} />
    </fieldset>
  );
}

function SideField({ reader: { phrases }, asked }: { reader: Reader; asked: Asked }) {
  const choice = (side: Side) => (
    <label class="check">
      <input type="radio" name="side" value={side} checked={asked.side === side} />
      <span>{phrases(`side_${sideKey(side)}`)}</span>
    </label>
  );
  return (
    <fieldset>
      <legend>{phrases('member_side')}</legend>
      {SIDES.map(choice)}
    </fieldset>
  );
}
