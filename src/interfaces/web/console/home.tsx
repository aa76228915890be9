import { CONTRIBUTION_STATES } from '../../../contributions/contribution.ts';
import type { Ledger } from '../../../contributions/ledger.ts';
import { ledger } from '../../../contributions/ledger.ts';
import { dateOf, endOf, momentOf, spelled } from '../../../core/calendar.ts';
import { textFor } from '../../../core/texts.ts';
import { isForum, type Member, mayApprove, ROLES } from '../../../people/member.ts';
import { mayAnswer, THREAD_KINDS, type ThreadLine } from '../../../responses/thread.ts';
import type { MemberVisit, Route } from './context.ts';
import { shown } from './layout.tsx';
import { Due, threadAddress } from './threads.tsx';
import { Name } from './words.tsx';

/** The first page: how things stand, and what waits for whoever reads it. */
export const HOME: readonly Route[] = [{ method: 'GET', path: '', by: ROLES, answer: home }];

const WEEK_MS = 7 * 86_400_000;

async function home(visit: MemberVisit): Promise<Response> {
  const { phrases } = visit.reader;
  const sums = await ledgerOf(visit);
  return shown(
    { visit, title: phrases('home_title') },
    <>
      {await Waiting({ visit })}
      <Owed visit={visit} sums={sums} />
      {await CameIn({ visit })}
      <States visit={visit} sums={sums} />
      <Dates visit={visit} />
    </>,
  );
}

async function ledgerOf({ parts: { views } }: MemberVisit): Promise<Ledger> {
  const [contributions, threads] = [await views.contributions(), await views.threads()];
  return ledger(await contributions.counts(), await threads.counts());
}

/** The threads that somebody like this member answers; what another answers is theirs. */
async function threadsFor(member: Member, { parts }: MemberVisit): Promise<ThreadLine[]> {
  const kinds = THREAD_KINDS.filter((kind) => mayAnswer(member, kind));
  if (kinds.length === 0) return [];
  const open = await (await parts.views.threads()).list({ state: 'open', kinds });
  return open.filter(({ assigned }) => assigned === null || assigned === member.id);
}

const MOST_THREADS = 10;

async function Waiting({ visit }: { visit: MemberVisit }) {
  const { phrases } = visit.reader;
  const { views } = visit.parts;
  const { member } = visit.desk.signedIn;
  const threads = await threadsFor(member, visit);
  const proposals = isForum(member) ? (await (await views.proposals()).waitingFor(member.id)).length : 0;
  const approvals = mayApprove(member) ? (await (await views.overview()).counts()).waiting : 0;
  const nothing = threads.length + proposals + approvals === 0;
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{phrases('waiting_title')}</h2>
      {nothing && <p>{phrases('waiting_nothing')}</p>}
      {!nothing && (
        <dl class="figures">
          {threads.length > 0 && (
            <Figure count={threads.length} label={phrases('waiting_threads', { count: threads.length })} />
          )}
          {proposals > 0 && <Figure count={proposals} label={phrases('waiting_proposals', { count: proposals })} />}
          {approvals > 0 && <Figure count={approvals} label={phrases('waiting_approvals', { count: approvals })} />}
        </dl>
      )}
      {threads.length > 0 && (
        <ul class="list after">
          {threads.slice(0, MOST_THREADS).map((thread) => (
            <ThreadRow visit={visit} thread={thread} />
          ))}
        </ul>
      )}
      {!nothing && <p class="soft after">{phrases('waiting_in_chat')}</p>}
    </section>
  );
}

const ThreadRow = ({ visit, thread }: { visit: MemberVisit; thread: ThreadLine }) => (
  <li>
    <a href={threadAddress(thread)}>
      {visit.reader.phrases(`thread_${thread.kind}`)} <code>{thread.reference}</code>
    </a>
    <Due visit={visit} thread={thread} />
  </li>
);

/** What people have not got yet. */
function Owed({ visit, sums }: { visit: MemberVisit; sums: Ledger }) {
  const { phrases } = visit.reader;
  const owed = (what: 'decision' | 'release' | 'delivery') => sums.rows.reduce((sum, row) => sum + row.owed[what], 0);
  const { open, overdue } = sums.threads;
  return (
    <section aria-labelledby="owed">
      <h2 id="owed">{phrases('owed_title')}</h2>
      <Promised visit={visit} owing={sums.owing} />
      <dl class="figures">
        {(['decision', 'release', 'delivery'] as const).map((what) => (
          <Figure count={owed(what)} label={phrases(`owed_${what}`, { count: owed(what) })} />
        ))}
        <Figure count={open} label={phrases('owed_threads', { count: open })} />
        <Figure count={overdue} label={phrases('owed_overdue', { count: overdue })} isLate={overdue > 0} />
      </dl>
    </section>
  );
}

/** By when everybody hears back, and whether that day has passed. */
function Promised({ visit, owing }: { visit: MemberVisit; owing: number }) {
  const { reader, process, parts } = visit;
  const { hearBackBy, timeZone } = process;
  if (hearBackBy === undefined || owing === 0) return null;
  const now = parts.clock();
  const day = spelled(hearBackBy, { language: reader.language, timeZone, now, zoneKnown: true });
  const isLate = endOf(hearBackBy, timeZone) <= now;
  return (
    <p class={isLate ? 'late' : undefined}>
      {reader.phrases(isLate ? 'promise_late' : 'promise_by', { count: owing, day })}
    </p>
  );
}

async function CameIn({ visit }: { visit: MemberVisit }) {
  const { phrases } = visit.reader;
  const since = new Date(visit.parts.clock() - WEEK_MS);
  const came = await (await visit.parts.views.overview()).cameIn(since);
  return (
    <section aria-labelledby="came">
      <h2 id="came">{phrases('came_title')}</h2>
      <dl class="figures">
        {(['contributions', 'contributors', 'threads', 'newcomers'] as const).map((what) => (
          <Figure count={came[what]} label={phrases(`came_${what}`, { count: came[what] })} />
        ))}
      </dl>
    </section>
  );
}

function States({ visit, sums }: { visit: MemberVisit; sums: Ledger }) {
  const { phrases } = visit.reader;
  const inState = (state: (typeof CONTRIBUTION_STATES)[number]) =>
    sums.rows.reduce((sum, { states }) => sum + states[state], 0);
  return (
    <section aria-labelledby="states">
      <h2 id="states">{phrases('states_title', { count: sums.total })}</h2>
      <dl class="figures">
        {CONTRIBUTION_STATES.map((state) => (
          <Figure count={inState(state)} label={phrases(`state_${state}`)} />
        ))}
      </dl>
    </section>
  );
}

const MOST_DATES = 6;

function Dates({ visit }: { visit: MemberVisit }) {
  const { reader, process, parts } = visit;
  const { language, phrases } = reader;
  const now = parts.clock();
  const dates = datesOf(visit).filter(({ at }) => momentOf(at, process.timeZone) >= now || isToday(at, visit));
  dates.sort((one, other) => momentOf(one.at, process.timeZone) - momentOf(other.at, process.timeZone));
  return (
    <section aria-labelledby="dates">
      <h2 id="dates">{phrases('dates_title')}</h2>
      {dates.length === 0 && <p>{phrases('dates_none')}</p>}
      <ul class="list">
        {dates.slice(0, MOST_DATES).map(({ at, what }) => (
          <li>
            <span>
              <Name>{what}</Name>
            </span>
            <time datetime={at} class="soft">
              {spelled(at, { language, timeZone: process.timeZone, now, zoneKnown: true })}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}

const isToday = (local: string, { process, parts }: MemberVisit): boolean =>
  local.slice(0, 10) === dateOf(parts.clock(), process.timeZone);

/** The days of the process, in the reader's words. */
function datesOf({ reader, process }: MemberVisit): { at: string; what: string }[] {
  const { phrases, language } = reader;
  const say = (texts: Parameters<typeof textFor>[0]) => textFor(texts, language, process.languages);
  const one = (at: string | undefined, what: string) => (at === undefined ? [] : [{ at, what }]);
  return [
    ...process.stages.flatMap(({ title, opens, closes }) => [
      ...one(opens, phrases('date_opens', { title: say(title) })),
      ...one(closes, phrases('date_closes', { title: say(title) })),
    ]),
    ...process.events.flatMap(({ title, at }) => one(at, say(title))),
    ...one(process.hearBackBy, phrases('date_hear_back')),
  ];
}

const Figure = ({ count, label, isLate = false }: { count: number; label: string; isLate?: boolean }) => (
  <div class={isLate ? 'late' : undefined}>
    <dt>{label}</dt>
    <dd>{count}</dd>
  </div>
);
