import { attachmentWords } from '../../../contributions/attachment.ts';
import { languageName } from '../../../core/texts.ts';
import { ROLES } from '../../../people/member.ts';
import { dueDay } from '../../../responses/dueDay.ts';
import {
  mayAnswer,
  THREAD_STATES,
  type Thread,
  type ThreadLine,
  type ThreadMessage,
  type ThreadState,
  takesAnswer,
} from '../../../responses/thread.ts';
import { at } from './address.ts';
import type { MemberVisit, Route } from './context.ts';
import { Form, Note, shown } from './layout.tsx';
import { momentIn } from './moments.ts';
import { orSaid } from './notDone.tsx';
import { problemPage } from './problems.tsx';
import { THREAD_ANSWERERS } from './roles.ts';
import { contributionAddress } from './row.tsx';
import { Linked } from './words.tsx';

/** What people asked, and what they disagree with: it is answered in their chat, in plain words. */
export const THREADS: readonly Route[] = [
  { method: 'GET', path: '/threads', by: ROLES, answer: listed },
  { method: 'GET', path: '/threads/:reference', by: ROLES, answer: onOne((visit, thread) => page(visit, thread)) },
  { method: 'POST', path: '/threads/:reference/answer', by: THREAD_ANSWERERS, answer: onOne(answer) },
  {
    method: 'POST',
    path: '/threads/:reference/hand',
    by: THREAD_ANSWERERS,
    answer: onOne((visit, thread) => handOver(visit, thread)),
  },
  {
    method: 'POST',
    path: '/threads/:reference/close',
    by: THREAD_ANSWERERS,
    answer: onOne((visit, thread) => close(visit, thread)),
  },
];

function onOne(answered: (visit: MemberVisit, thread: Thread) => Promise<Response>) {
  return async (visit: MemberVisit): Promise<Response> => {
    const thread = await (await visit.parts.views.threads()).find(visit.c.req.param('reference') ?? '');
    return thread === null ? problemPage(visit, 'missing') : answered(visit, thread);
  };
}

export const threadAddress = ({ reference }: Pick<Thread, 'reference'>): string =>
  at(`/threads/${encodeURIComponent(reference)}`);

/** Those that wait longest first. */
async function listed(visit: MemberVisit): Promise<Response> {
  const { phrases } = visit.reader;
  const asked = visit.c.req.query('state');
  const state = THREAD_STATES.find((each) => each === asked) ?? 'open';
  const threads = await (await visit.parts.views.threads()).list({ state });
  return shown(
    { visit, title: phrases('threads_title') },
    <>
      <States visit={visit} here={state} />
      {threads.length === 0 && <p>{phrases('threads_none')}</p>}
      <ol class="list">
        {threads.map((thread) => (
          <Row visit={visit} thread={thread} />
        ))}
      </ol>
    </>,
  );
}

const States = ({ visit, here }: { visit: MemberVisit; here: ThreadState }) => (
  <ul class="chips">
    {THREAD_STATES.map((state) => (
      <li>
        <a href={at(`/threads?state=${state}`)} aria-current={state === here ? 'page' : undefined}>
          {visit.reader.phrases(`threads_${state}`)}
        </a>
      </li>
    ))}
  </ul>
);

/** As much of what was said as tells what it is about. */
const MOST_SAID = 200;

function Row({ visit, thread }: { visit: MemberVisit; thread: ThreadLine }) {
  const { phrases } = visit.reader;
  const said = thread.said.length <= MOST_SAID ? thread.said : `${thread.said.slice(0, MOST_SAID - 1)}…`;
  return (
    <li>
      <div>
        <p>
          <a href={threadAddress(thread)}>
            {phrases(`thread_${thread.kind}`)} <code>{thread.reference}</code>
          </a>{' '}
          {thread.assigned !== null && (
            <span class="soft">
              {phrases('assigned_to')} <bdi>{thread.assigned}</bdi>
            </span>
          )}
        </p>
        <p class="words" dir="auto">
          {said}
        </p>
      </div>
      {thread.state === 'open' && <Due visit={visit} thread={thread} />}
    </li>
  );
}

export function Due({ visit, thread }: { visit: MemberVisit; thread: Pick<ThreadLine, 'dueAt'> }) {
  const { reader, process, parts } = visit;
  const now = parts.clock();
  const isLate = thread.dueAt.getTime() <= now;
  const day = dueDay(thread.dueAt, { language: reader.language, timeZone: process.timeZone, now });
  return <span class={isLate ? 'late' : 'soft'}>{reader.phrases(isLate ? 'thread_late' : 'thread_due', { day })}</span>;
}

async function page(visit: MemberVisit, thread: Thread): Promise<Response> {
  const { phrases } = visit.reader;
  const { member } = visit.desk.signedIn;
  const answers = mayAnswer(member, thread.kind) && takesAnswer(thread, member.id);
  return shown(
    { visit, title: `${phrases(`thread_${thread.kind}`)} ${thread.reference}` },
    <>
      {visit.c.req.query('done') !== undefined && <Note kind="done">{phrases('thread_done')}</Note>}
      <p>
        {phrases(`threads_${thread.state}`)} {thread.state === 'open' && <Due visit={visit} thread={thread} />}
      </p>
      <About visit={visit} thread={thread} />
      <ol class="list">
        {thread.messages.map((message) => (
          <Message visit={visit} message={message} />
        ))}
      </ol>
      {answers && <AnswerForm visit={visit} thread={thread} />}
      {answers && (await HandForm({ visit, thread }))}
      {answers && <CloseForm visit={visit} thread={thread} />}
      <p class="after">
        <a href={at('/threads')}>{phrases('threads_back')}</a>
      </p>
    </>,
  );
}

/** The contribution that they speak of, and what was decided on it. */
function About({ visit, thread: { about } }: { visit: MemberVisit; thread: Thread }) {
  if (about === null) return null;
  const { phrases } = visit.reader;
  return (
    <section aria-labelledby="about">
      <h2 id="about">
        <a href={contributionAddress(about.reference)}>
          <code>{about.reference}</code>
        </a>{' '}
        {phrases(`decision_${about.decision}`)}
      </h2>
      <p class="words" dir="auto">
        {about.text}
      </p>
    </section>
  );
}

const Message = ({
  visit,
  message: { by, text, attachments, at: moment },
}: {
  visit: MemberVisit;
  message: ThreadMessage;
}) => (
  <li>
    <div>
      <p class="soft">
        <bdi>{by ?? visit.reader.phrases('thread_person')}</bdi> · {momentIn(visit)(moment)}
      </p>
      <p class="note-words" dir="auto">
        <Linked text={text} />
      </p>
      {attachments.length > 0 && <p class="soft">{attachmentWords(attachments)}</p>}
    </div>
  </li>
);

function AnswerForm({ visit, thread }: { visit: MemberVisit; thread: Thread }) {
  const { phrases, language } = visit.reader;
  const reads = thread.reads && languageName(thread.reads, language);
  return (
    <Form visit={visit} action={`/threads/${encodeURIComponent(thread.reference)}/answer`} class="tall">
      <div>
        <label class="above" for="answer">
          {phrases('answer_label')}
        </label>
        <p class="hint" id="answer-hint">
          {phrases('answer_hint')} {reads && phrases('answer_reads', { language: reads })}
        </p>
        <textarea id="answer" name="answer" rows={5} dir="auto" aria-describedby="answer-hint" required />
      </div>
      <button type="submit">{phrases('answer_look')}</button>
    </Form>
  );
}

/** Looked at before it is sent: nobody can take it back from a person's chat. */
async function answer(visit: MemberVisit, thread: Thread): Promise<Response> {
  const text = visit.fields.get('answer') ?? '';
  if (visit.fields.get('send') !== 'yes' && text.trim() !== '') return looked(visit, thread, text);
  return orSaid(visit, async () => {
    await visit.parts.actions.threads.answer(visit.desk.actor, thread.reference, text);
    return visit.c.redirect(`${threadAddress(thread)}?done`, 303);
  });
}

function looked(visit: MemberVisit, thread: Thread, text: string): Promise<Response> {
  const { phrases } = visit.reader;
  return shown(
    { visit, title: phrases('answer_look_title') },
    <>
      <p class="words" dir="auto">
        <Linked text={text} />
      </p>
      <Form visit={visit} action={`/threads/${encodeURIComponent(thread.reference)}/answer`}>
        <input type="hidden" name="send" value="yes" />
        <textarea name="answer" hidden readonly>
          {text}
        </textarea>
        <p>
          <button type="submit" class="main">
            {phrases('answer_send')}
          </button>{' '}
          <a href={threadAddress(thread)}>{phrases('answer_leave')}</a>
        </p>
      </Form>
    </>,
  );
}

async function HandForm({ visit, thread }: { visit: MemberVisit; thread: Thread }) {
  const { phrases } = visit.reader;
  const members = await (await visit.parts.views.members()).listed();
  const others = members.filter((each) => mayAnswer(each, thread.kind) && each.id !== thread.assigned);
  if (others.length === 0) return null;
  return (
    <Form visit={visit} action={`/threads/${encodeURIComponent(thread.reference)}/hand`} class="line">
      <label for="to">{phrases('hand_label')}</label>
      <select id="to" name="to">
        {others.map(({ id, name }) => (
          <option value={id}>{name}</option>
        ))}
      </select>
      <button type="submit">{phrases('hand_button')}</button>
    </Form>
  );
}

const CloseForm = ({ visit, thread }: { visit: MemberVisit; thread: Thread }) => (
  <Form visit={visit} action={`/threads/${encodeURIComponent(thread.reference)}/close`}>
    <p class="hint">{visit.reader.phrases('close_words')}</p>
    <button type="submit" class="grave">
      {visit.reader.phrases('close_button')}
    </button>
  </Form>
);

const handOver = (visit: MemberVisit, thread: Thread): Promise<Response> =>
  orSaid(visit, async () => {
    const to = visit.fields.get('to') ?? '';
    await visit.parts.actions.threads.handOver(visit.desk.actor, thread.reference, to);
    return visit.c.redirect(`${threadAddress(thread)}?done`, 303);
  });

const close = (visit: MemberVisit, thread: Thread): Promise<Response> =>
  orSaid(visit, async () => {
    await visit.parts.actions.threads.close(visit.desk.actor, thread.reference);
    return visit.c.redirect(`${threadAddress(thread)}?done`, 303);
  });
