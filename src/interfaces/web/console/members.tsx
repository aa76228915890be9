import type { AddedMember } from '../../../actions/members.ts';
import { Refused } from '../../../actions/refused.ts';
import type { ListedMember, Member } from '../../../people/member.ts';
import { at } from './address.ts';
import type { MemberVisit, Route } from './context.ts';
import { Form, Note, shown } from './layout.tsx';
import { type Asked, askedOf, blank, changeOf, MemberFields, type Mistakes, readMember } from './memberForm.tsx';
import { Roles, SideWord } from './memberWords.tsx';
import { momentIn } from './moments.ts';
import { problemPage } from './problems.tsx';
import { isFor, MEMBERS_READERS, MEMBERS_WRITERS } from './roles.ts';
import { channelTitle, Linked, Name } from './words.tsx';

/** Who works on the process. */
export const MEMBERS: readonly Route[] = [
  { method: 'GET', path: '/members', by: MEMBERS_READERS, answer: (visit) => listed(visit) },
  { method: 'POST', path: '/members', by: MEMBERS_WRITERS, answer: add },
  { method: 'GET', path: '/members/:id', by: MEMBERS_WRITERS, answer: onOne((visit, member) => one(visit, member)) },
  { method: 'POST', path: '/members/:id', by: MEMBERS_WRITERS, answer: onOne(change) },
  { method: 'POST', path: '/members/:id/code', by: MEMBERS_WRITERS, answer: onOne(newCode) },
  { method: 'POST', path: '/members/:id/remove', by: MEMBERS_WRITERS, answer: onOne(remove) },
];

/** A form that was not taken, as it was filled in. */
interface Tried {
  asked: Asked;
  mistakes: Mistakes;
  /** What is said against all of it. */
  against?: string;
}
const UNTRIED: Tried = { asked: blank, mistakes: {} };

/** Whoever is no member, or not any more, is not found. */
function onOne(answer: (visit: MemberVisit, member: Member) => Promise<Response>) {
  return async (visit: MemberVisit): Promise<Response> => {
    const member = await (await visit.parts.views.members()).find(visit.c.req.param('id') ?? '');
    return member === null ? problemPage(visit, 'missing') : answer(visit, member);
  };
}

async function listed(visit: MemberVisit, tried: Tried = UNTRIED): Promise<Response> {
  const { phrases } = visit.reader;
  const all = await (await visit.parts.views.members()).listed();
  const writes = isFor(MEMBERS_WRITERS, visit.desk.signedIn.member);
  const { asked, mistakes, against } = tried;
  return shown(
    { visit, title: phrases('members_title'), status: tried === UNTRIED ? 200 : 400 },
    <>
      {visit.c.req.query('removed') !== undefined && <Note kind="done">{phrases('member_removed')}</Note>}
      <Against words={against} mistakes={mistakes} visit={visit} />
      <ul class="list">
        {all.map((member) => (
          <Row visit={visit} member={member} writes={writes} />
        ))}
      </ul>
      {writes && (
        <section aria-labelledby="add">
          <h2 id="add">{phrases('member_add')}</h2>
          <Form visit={visit} action="/members" class="tall">
            <MemberFields reader={visit.reader} asked={asked} mistakes={mistakes} />
            <button type="submit" class="main">
              {phrases('member_add_button')}
            </button>
          </Form>
        </section>
      )}
    </>,
  );
}

function Row({ visit, member, writes }: { visit: MemberVisit; member: ListedMember; writes: boolean }) {
  const { phrases, language } = visit.reader;
  const { id, name, organization, side, chats, codeUntil } = member;
  const where =
    chats.length > 0
      ? phrases('member_chats', { chats: new Intl.ListFormat(language).format(chats.map(channelTitle)) })
      : phrases('member_no_chat');
  return (
    <li>
      <div>
        <h2 class="name">{writes ? <a href={at(`/members/${id}`)}>{name}</a> : <Name>{name}</Name>}</h2>
        <p>
          <Roles member={member} reader={visit.reader} /> · <SideWord side={side} phrases={phrases} />
        </p>
        {organization !== null && (
          <p>
            <bdi>
              <Linked text={organization} />
            </bdi>
          </p>
        )}
      </div>
      <p class="soft">
        {where}
        {codeUntil !== null && ` · ${phrases('member_code_until', { until: momentIn(visit)(codeUntil) })}`}
      </p>
    </li>
  );
}

function Against({ words, mistakes, visit }: { words: string | undefined; mistakes: Mistakes; visit: MemberVisit }) {
  const said = words ?? (Object.keys(mistakes).length > 0 ? visit.reader.phrases('wrong_form') : null);
  return said === null ? null : <Note kind="wrong">{said}</Note>;
}

async function add(visit: MemberVisit): Promise<Response> {
  const { asked, mistakes } = readMember(visit.fields, null);
  if (Object.keys(mistakes).length > 0) return listed(visit, { asked, mistakes });
  const known = await (await visit.parts.views.members()).find(asked.id);
  if (known !== null) return listed(visit, { asked, mistakes: { id: 'wrong_id_taken' } });
  return put(visit, asked, (tried) => listed(visit, tried));
}

async function change(visit: MemberVisit, member: Member): Promise<Response> {
  const { asked, mistakes } = readMember(visit.fields, member.id);
  if (Object.keys(mistakes).length > 0) return one(visit, member, { asked, mistakes });
  return put(visit, asked, (tried) => one(visit, member, tried));
}

/** What nobody may give themselves is said above the form. */
async function put(visit: MemberVisit, asked: Asked, again: (tried: Tried) => Promise<Response>): Promise<Response> {
  try {
    const made = await visit.parts.actions.members.add(visit.desk.actor, changeOf(asked));
    return coded(visit, made, made.before === null ? 'member_added' : 'member_changed');
  } catch (error) {
    if (!(error instanceof Refused) || error.reason !== 'second') throw error;
    return again({ asked, mistakes: {}, against: visit.reader.phrases('wrong_own_role') });
  }
}

async function newCode(visit: MemberVisit, { id }: Member): Promise<Response> {
  return coded(visit, await visit.parts.actions.members.add(visit.desk.actor, { id }), 'member_coded');
}

async function remove(visit: MemberVisit, { id }: Member): Promise<Response> {
  await visit.parts.actions.members.remove(visit.desk.actor, id);
  return visit.c.redirect(`${at('/members')}?removed`, 303);
}

/** The code is shown this once. */
function coded(visit: MemberVisit, { name, code, codeUntil }: AddedMember, done: string): Promise<Response> {
  const { phrases } = visit.reader;
  return shown(
    { visit, title: name },
    <>
      <Note kind="done">{phrases(done)}</Note>
      <p class="lead">{phrases('code_words', { until: momentIn(visit)(codeUntil) })}</p>
      <p class="code">{code}</p>
      <p>{phrases('code_how')}</p>
      <p>
        <a href={at('/members')}>{phrases('members_back')}</a>
      </p>
    </>,
  );
}

function one(visit: MemberVisit, member: Member, tried?: Tried): Promise<Response> {
  const { phrases } = visit.reader;
  const { asked, mistakes, against } = tried ?? { asked: askedOf(member), mistakes: {} };
  const path = `/members/${member.id}`;
  return shown(
    { visit, title: member.name, status: tried ? 400 : 200 },
    <>
      <Against words={against} mistakes={mistakes} visit={visit} />
      <Form visit={visit} action={path} class="tall">
        <MemberFields reader={visit.reader} asked={asked} mistakes={mistakes} isKnown />
        <button type="submit" class="main">
          {phrases('member_change_button')}
        </button>
      </Form>
      <h2>{phrases('code_title')}</h2>
      <p>{phrases('code_why')}</p>
      <Form visit={visit} action={`${path}/code`}>
        <button type="submit">{phrases('code_button')}</button>
      </Form>
      <h2>{phrases('remove_title')}</h2>
      <p>{phrases('remove_words')}</p>
      <Form visit={visit} action={`${path}/remove`}>
        <button type="submit" class="grave">
          {phrases('remove_button')}
        </button>
      </Form>
      <p class="after">
        <a href={at('/members')}>{phrases('members_back')}</a>
      </p>
    </>,
  );
}
