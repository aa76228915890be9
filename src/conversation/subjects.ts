import { say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import type { readQuestionAction } from '../core/signedButtons.ts';
import { shorten } from '../core/split.ts';
import { isUnseen } from '../core/unseen.ts';
import { codeIn } from '../people/member.ts';
import { threadTerms } from '../responses/thread.ts';
import { hearComing } from './attending.ts';
import { answerMeant, belongsTo, isAnswering, OBJECTING_MS, type Occasion, type Subject } from './belongs.ts';
import { done, type Interpretation, type TurnContext } from './context.ts';
import { isExpired } from './flow/drafts.ts';
import { fileBeside } from './flow/files.ts';
import { intentOf } from './flow/intents.ts';
import { lessIn } from './flow/lessAsked.ts';
import { plain } from './flow/plain.ts';
import { endsAsQuestion, ofAnswerIn, type Talk, talkAfterAnswer, talkInAnswer, unclearIn } from './flow/talk.ts';
import type { Begin, Session } from './flow/types.ts';
import { wishIn } from './flow/wishes.ts';
import { named } from './named.ts';
import type { OwnThreadPlace } from './own.ts';
import { goesOn, memberAnswers, type Said, wordsOf } from './threads.ts';

/** What somebody says, taken to what it belongs to. Null: to the open question or to nothing, which the engine looks at. */
export async function hearSubject(content: Said, context: TurnContext): Promise<Interpretation | null> {
  if (context.base.status === 'stopped' || isCommandOrCode(content, context)) return null;
  const coming = await hearComing(content, context);
  if (coming) return coming;
  const subject = await answerOr(await subjectOf(content, context), content, context);
  if (subject === 'open' || subject === 'idea') return null;
  if (subject.kind === 'thread') return inThread(content, subject, context);
  if (isTalk(content, subject, context)) return null;
  if (subject.kind === 'member') return memberAnswers(content, subject, context);
  // Of a file that nobody can fetch its sender is told first.
  if (content.kind === 'media' && content.tooLarge !== undefined) return null;
  switch (subject.kind) {
    case 'question':
      return answered(content, subject, context);
    case 'comment':
      return begin(content, 'comment', { ...spokenAs('comment', content), unasked: 'yes' }, 'comment');
    case 'contribution':
      return begin(content, 'loose', { ...saidIn(content), reference: subject.reference, belongs: 'add' });
    default:
      return objection(content, subject, context);
  }
}

/** What may be no more of it is asked about; of who has not agreed nothing can be an idea yet. */
async function inThread(
  content: Said,
  { reference }: Extract<Subject, { kind: 'thread' }>,
  context: TurnContext,
): Promise<Interpretation | null> {
  const { threads, known, phrase, language } = context;
  const thread = await threads.byReference(known.id, reference);
  const isText = content.kind === 'text';
  const talk = thread && isText ? talkAfter(content, thread, context) : null;
  if (talk?.kind === 'nod') return done();
  if (!thread || talk || (isText && lessIn(context, content.text) !== null)) return null;
  if (known.consentVersion === null || goesOnInIt(content, context)) return goesOn(content, thread, context);
  const phrases: Phrases = (key, values) => phrase(key, language, values);
  return begin(content, 'loose', { ...saidIn(content), reference, named: named(thread, phrases), in_thread: 'yes' });
}

/** By the platform's own means, a question, few words, or words about an answer: only sentences can be something new. */
function goesOnInIt(content: Said, context: TurnContext): boolean {
  const { text, attachments } = wordsOf(content);
  const hearing = hearingOf(context);
  if (context.replyTo !== null || endsAsQuestion(text) || ofAnswerIn(hearing, text) !== null) return true;
  const isVoice = attachments.some(({ kind }) => kind === 'voice');
  return !(isVoice && isUnseen(text)) && unclearIn(hearing, text) !== null;
}

/** Thanks, and a yes or a no where nobody has asked for one: a thread that is answered stays so. */
function talkAfter({ text }: { text: string }, { state, asks }: OwnThreadPlace, context: TurnContext): Talk | null {
  const hearing = hearingOf(context);
  return state !== 'open' && !asks ? talkAfterAnswer(hearing, text) : talkInAnswer(hearing, text, 'thread');
}

async function subjectOf(content: Said, context: TurnContext): Promise<Subject | 'open' | 'idea'> {
  const { subjects, known, replyTo, saidAt, processContext } = context;
  const occasion: Occasion = {
    at: saidAt,
    open: openIn(context),
    replyTo: replyTo === null ? null : await subjects.ofMessage(known.id, replyTo),
    recent: [],
  };
  const withinMs = threadTerms(processContext.process).goOnHours * 3_600_000;
  // The database is asked for what came of late where nothing that is at hand says more.
  if (occasion.replyTo !== null || isAnswering(occasion) || isGoingOn(content, context))
    return belongsTo(occasion, withinMs);
  const recent = await subjects.recent(known.id, new Date(saidAt - withinMs));
  return belongsTo({ ...occasion, recent }, withinMs);
}

/** Words that would be an idea, but speak of an answer of the forum by themselves, are about that. */
async function answerOr(
  subject: Subject | 'open' | 'idea',
  content: Said,
  context: TurnContext,
): Promise<Subject | 'open' | 'idea'> {
  const isIdea = subject === 'idea' || (subject === 'open' && isUnasked(content, context));
  if (!isIdea || isGoingOn(content, context) || !ofAnswerIn(hearingOf(context), wordsOf(content).text)) return subject;
  const { subjects, known, saidAt, processContext } = context;
  const answers = await subjects.answers(known.id, new Date(saidAt - OBJECTING_MS));
  return answerMeant(saidAt, answers, threadTerms(processContext.process).goOnHours * 3_600_000) ?? subject;
}

/** The open question is only what other words are, and these say more than a no to it. */
function isUnasked(content: Said, { session, registry }: TurnContext): boolean {
  const isLoose = session?.stack.at(-1)?.flow === 'loose';
  return isLoose && intentOf(registry.intents, wordsOf(content).text, ['decline']) === null;
}

/** What is still gathered takes up what comes; somebody else's words are no answer. */
const isGoingOn = ({ forwarded }: Said, { known }: TurnContext): boolean =>
  forwarded !== undefined || Boolean(known.pacing.gathering?.receipt);

function openIn({ session, registry, now }: TurnContext): Occasion['open'] {
  if (!session?.open || isExpired({ registry, session }, now)) return null;
  return { askedAt: session.seenAt, subject: subjectIn(session) };
}

/** What the open question is about. */
function subjectIn({ answers, process, stack }: Session): Subject | null {
  const { response_id, question_id, reference } = answers;
  if (stack.at(-1)?.flow === 'answer' && typeof reference === 'string') return { kind: 'member', reference };
  if (typeof response_id === 'string') return { kind: 'response', id: response_id, reference: '', words: '' };
  if (typeof question_id === 'string') return { kind: 'question', id: question_id, process };
  return typeof reference === 'string' ? { kind: 'contribution', reference } : null;
}

function isCommandOrCode(content: Said, { registry }: TurnContext): boolean {
  if (content.kind !== 'text') return false;
  const code = codeIn(content.text);
  const isCommand = Object.hasOwn(registry.messages.words, plain(content.text).replace(/^\//, ''));
  return code?.named || code?.mixed || isCommand || wishIn({ registry }, content.text) !== null;
}

/** Thanks, a good-bye, or a question that the process answers by itself, wherever it is said. */
function isTalk(content: Said, { kind }: Subject, context: TurnContext): boolean {
  const to = kind === 'member' ? 'thread' : 'answer';
  return (
    content.kind === 'text' &&
    (lessIn(context, content.text) !== null || talkInAnswer(hearingOf(context), content.text, to) !== null)
  );
}

const hearingOf = ({ registry, processContext, language, now }: TurnContext) => ({
  registry,
  world: processContext.world(language, now),
});

const begin = (content: Said, flow: string, answers: Begin['answers'], holds = 'said'): Interpretation => ({
  kind: 'input',
  input: {
    ...{ kind: 'begin', flow, answers, holds, messageId: content.messageId, spoken: true },
    ...(content.kind === 'media' && content.album !== undefined && { album: content.album }),
  },
});

function saidIn(content: Said): Begin['answers'] {
  const { text, attachments } = wordsOf(content);
  return { said: isUnseen(text) ? null : text, files: attachments.length > 0 ? attachments : null };
}

/** As much of a contribution as shows which it is. */
const MOST_NAMED = 50;

/** What is said to a response without a button is asked about, but for a plain objection: that is asked for its reasons. */
function objection(
  content: Said,
  subject: Extract<Subject, { kind: 'response' | 'responses' }>,
  context: TurnContext,
): Interpretation {
  const { text, attachments } = wordsOf(content);
  const about: Begin['answers'] =
    subject.kind === 'response'
      ? { response_id: subject.id, reference: subject.reference, idea_words: namedBy(subject) }
      : {};
  const spoken = ofAnswerIn(hearingOf(context), text);
  return begin(content, 'respond', {
    ...about,
    ...saidIn(content),
    unasked: context.replyTo === null ? 'yes' : 'no',
    unclear: attachments.length > 0 || spoken ? null : unclearIn(hearingOf(context), text),
    says: spoken?.says ?? null,
    alone: spoken?.alone && attachments.length === 0 ? 'yes' : null,
  });
}

/** What was said by voice alone has no words, and is called by its reference. */
function namedBy({ words }: Extract<Subject, { kind: 'response' }>): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line === '' ? 'none' : shorten(line, MOST_NAMED);
}

/** Words that come right after a question's notice are the answer to it, as long as it can be answered. */
function answered(
  content: Said,
  { id, process }: Extract<Subject, { kind: 'question' }>,
  context: TurnContext,
): Interpretation | null {
  const question = questionNow({ question: id, process }, context);
  if ('over' in question) return null;
  return begin(content, 'question', { ...question, ...spokenAs('answer', content), unasked: 'yes' }, 'answer');
}

/** Words or a file as the answer of this name. */
function spokenAs(name: string, content: Said): Begin['answers'] {
  const {
    text,
    attachments: [file = null],
  } = wordsOf(content);
  return isUnseen(text) ? { [name]: file } : { [name]: text, [fileBeside(name)]: file };
}

/** A button that asks a focus question. */
export function asked(target: ReturnType<typeof readQuestionAction>, context: TurnContext): Interpretation {
  const { processId } = context.processContext;
  const question = questionNow(target ?? { question: '', process: processId }, context);
  if ('over' in question) return done({ messages: [say(question.over)] });
  return { kind: 'input', input: { kind: 'begin', flow: 'question', answers: question } };
}

/** The question as its flow is given it; or why it cannot be answered now. */
function questionNow(
  { question: id, process }: { question: string; process: number },
  { processContext, language, phrase }: TurnContext,
): { question_id: string; question_text: string } | { over: string } {
  if (processContext.closed || process !== processContext.processId) return { over: phrase('question_over', language) };
  const question = processContext.question(id, language);
  if (question?.open) return { question_id: id, question_text: question.text };
  const day = question?.opensOn;
  return { over: day ? phrase('question_not_yet', language, { day }) : phrase('question_closed', language) };
}
