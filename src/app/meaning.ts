import { readAction, readReplyAction } from '../domain/action.ts';
import type { Attachment, Inbound } from '../domain/inbound.ts';
import { codeIn, MEMBER_START } from '../domain/member.ts';
import { type OutboundMessage, say } from '../domain/message.ts';
import { ORGANIZE } from '../domain/places.ts';
import type { ContributionState } from '../domain/records.ts';
import { filesAfter } from '../domain/replaced.ts';
import { isUnseen } from '../domain/seen.ts';
import type { Known, OwnContributions, Sent, TurnStore, TurnWrite } from '../domain/turn.ts';
import type { FlowBook } from '../flow/book.ts';
import { isRepeat, isRest, readLast, remembered, stored, withRest } from '../flow/last.ts';
import { readSession } from '../flow/session.ts';
import { MOST_TEXT } from '../flow/steps/ask.ts';
import type { Input } from '../flow/types.ts';
import type { PressEvent } from './events.ts';
import type { MemberDesk, Reader } from './members.ts';
import type { Say } from './phrases.ts';
import type { Surroundings } from './surroundings.ts';

/** What an update comes to: an input for the engine, or a write that needs no turn; `change` is laid over the quiet one. */
export type Meaning =
  | { kind: 'input'; input: Input; change?: Partial<TurnWrite> }
  | { kind: 'done'; change: Partial<TurnWrite> };

export interface Context {
  known: Known;
  base: TurnWrite;
  book: FlowBook;
  surroundings: Surroundings;
  language: string;
  phrase: Say;
  turns: Pick<TurnStore, 'openContribution' | 'isDone'>;
  own: Pick<OwnContributions, 'find' | 'hasReplied'>;
  pressEvent: PressEvent;
  desk: MemberDesk;
  secret: string;
}

/** What an update means for this person, before the engine. */
export async function meaningOf(content: Inbound['content'], context: Context): Promise<Meaning> {
  // Whoever has stopped hears nothing: only words of their own, which the engine looks at, can change that.
  if (context.base.status === 'stopped' && !HEARD.has(content.kind)) return done();
  switch (content.kind) {
    case 'opened':
    case 'joined':
    case 'removed':
    case 'caught_up':
      return done();
    case 'added':
      return answered(await context.desk.groupAdded(readerOf(context), content.group, context.known.channel));
    case 'suggested':
      return suggested(content.text, content.by, context);
    case 'left':
      return done({ status: context.base.status === 'stopped' ? 'stopped' : 'unreachable' });
    case 'moved':
      return done({ address: content.address });
    case 'text':
      return spoken(content, context);
    case 'edited':
      return edited(content, context);
    case 'choice':
      return pressed(content.data, context);
    case 'command':
      return command(content.name, content.argument, context);
    default:
      return { kind: 'input', input: content };
  }
}

/** What counts of somebody who has stopped: words, and what the platform tells of their chat. */
const HEARD = new Set<Inbound['content']['kind']>(['text', 'command', 'left', 'moved']);

const readerOf = ({ known, language }: Context): Reader => ({ key: known.key, language });
const answered = (message: OutboundMessage | null): Meaning => done(message === null ? {} : { messages: [message] });
const done = (change: Partial<TurnWrite> = {}): Meaning => ({ kind: 'done', change });
const begin = (flow: string, answers: Record<string, string>): Meaning => ({
  kind: 'input',
  input: { kind: 'begin', flow, answers },
});

const MOST_SOURCE = 64;

/** Who says /start comes back, whatever else they say with it. */
const restarted = ({ consentVersion }: TurnWrite): Partial<TurnWrite> => ({
  status: 'active',
  consents: [{ change: 'restarted', words: '/start', version: consentVersion }],
});

/** Whoever becomes a member speaks with us again. */
const joined = (message: OutboundMessage, { base }: Context): Meaning =>
  done({ messages: [message], ...(base.status === 'stopped' && restarted(base)) });

/** Words are a member's code, the rest of what came before, or what the open question has to make something of. */
async function spoken(content: Spoken, context: Context): Promise<Meaning> {
  const given = codeIn(content.text);
  if (given) {
    const { desk, known } = context;
    // To a question almost anything can be the answer.
    const isCode = given.named || (given.mixed && !readSession(known.session)?.open);
    const message = await (isCode ? desk.join : desk.joinBy)(readerOf(context), given.code);
    if (message) return joined(message, context);
  }
  return (await continued(content, context)) ?? { kind: 'input', input: content };
}

async function command(name: string, argument: string, context: Context): Promise<Meaning> {
  const { desk, base } = context;
  if (name === 'start' && argument.toLowerCase().startsWith(MEMBER_START))
    return joined(await desk.join(readerOf(context), argument.slice(MEMBER_START.length)), context);
  // What leads nowhere as a code can be where the person came from.
  const given = name === 'start' ? codeIn(argument) : null;
  const message = given && (await desk.joinBy(readerOf(context), given.code));
  if (message) return joined(message, context);
  const panel = name === ORGANIZE && base.status !== 'stopped' ? await desk.panel(readerOf(context), null) : null;
  return panel ? answered(panel) : started(name, argument, context.book);
}

/** `?start=FLOW`, `?start=FLOW__SOURCE` or `?start=SOURCE`: what is not a flow is where the person came from. */
function started(name: string, argument: string, book: FlowBook): Meaning {
  if (name !== 'start' || argument === '') return { kind: 'input', input: { kind: 'command', name, argument } };
  const [first = '', ...rest] = argument.split('__');
  const isFlow = book.get(first) !== undefined;
  const source = (isFlow ? rest.join('__') : argument).slice(0, MOST_SOURCE).toWellFormed() || null;
  return { kind: 'input', input: { kind: 'command', name, argument: isFlow ? first : '' }, change: { source } };
}

/** The rest of a text that was too long for one message, where what came before has gone for the record already. */
async function continued(content: Spoken, context: Context): Promise<Meaning | null> {
  const { own, known, base, phrase, language } = context;
  const last = readLast(known.session);
  const at = Date.parse(base.at);
  if (!isRest(last, at) || last.reference === undefined || isRepeat(last, content, at)) return null;
  const found = await own.find(known.contributorId, last.reference);
  const text = found && withRest(found.text, last, content.text);
  if (!text || found.state !== 'received' || text.length > MOST_TEXT) return null;
  const { reference } = last;
  const session = stored(readSession(known.session), {
    ...remembered(content, last.name, at, last.takenAt),
    reference,
  });
  return done({
    session,
    edits: [{ id: found.id, text }],
    messages: [say(phrase('rest_added', language, { reference }))],
  });
}

type Spoken = Extract<Inbound['content'], { kind: 'text' }>;

/** The message of a contribution was edited on the platform, or so it says: the same words and file are no change. */
async function edited(content: Edited, context: Context): Promise<Meaning> {
  const { turns, known, phrase, language } = context;
  const contribution = await turns.openContribution(known.id, content.messageId);
  if (!contribution) return { kind: 'input', input: content };
  const { state, reference, id, text, attachments } = contribution;
  const words = newWords(contribution, content);
  const files = filesAfter(attachments, content);
  if (words === null && (files === null || isNothing(text, files))) return done();
  const tell = (...keys: string[]) => [say(keys.map((key) => phrase(key, language, { reference })).join('\n\n'))];
  if (state !== 'received') return done({ messages: [say(tooLate(state, phrase, language, reference))] });
  // A file that nobody can fetch never takes the place of one that is there.
  const fits = content.tooLarge === undefined;
  const told = [
    ...(words === null ? [] : ['edit_done']),
    ...(files ? [content.removed ? 'edit_file_removed' : fits ? 'edit_file_done' : 'edit_too_large'] : []),
  ];
  if (words === null && !fits) return done({ messages: tell(...told) });
  const edit = { id, text: words ?? text, ...(files && fits && { attachments: files }) };
  return done({ edits: [edit], messages: tell(...told) });
}

type Edited = Extract<Inbound['content'], { kind: 'edited' }>;

/** A contribution has words or a file. */
const isNothing = (text: string, files: readonly Attachment[]): boolean => isUnseen(text) && files.length === 0;

/** Null: they are as they were, or are not those of the contribution. */
function newWords({ messageId, text, attachments }: Sent, edited: Edited): string | null {
  if (messageId !== edited.messageId || edited.text.trim() === text.trim()) return null;
  return isNothing(edited.text, attachments) ? null : edited.text;
}

/** A button under a notice, a response or a list is signed for this person; all others belong to the open question. */
async function pressed(data: string, context: Context): Promise<Meaning> {
  const action = readAction(context.secret, context.known.key, data);
  const reply = action === null ? null : readReplyAction(action);
  if (reply) return replied(reply.responseId, reply.reply, context);
  const [verb, argument = ''] = action?.split(/:(.*)/s) ?? [];
  switch (verb) {
    case 'flow':
      return begin(argument, {});
    case 'q':
      return asked(argument, context);
    case 'ev':
      return attended(action ?? '', context);
    case 'e':
      return change('edit', argument, context);
    case 'w':
      return change('withdraw', argument, context);
    case 'o':
    case 'g':
      // Done before it is committed: the same update again must not do it once more, when things may stand otherwise.
      if (await context.turns.isDone(context.base.updateId)) return done();
      if (verb === 'g') return steered(data, await context.desk.groupAnswered(readerOf(context), argument));
      return steered(data, await context.desk.panel(readerOf(context), data));
    default:
      return { kind: 'input', input: { kind: 'choice', data } };
  }
}

/** A member's button in the hand of whoever is none (any more) is like any button that leads nowhere. */
const steered = (data: string, message: OutboundMessage | null): Meaning =>
  message === null ? { kind: 'input', input: { kind: 'choice', data } } : answered(message);

/** The words go no way but that of words which their author has sent us: with consent, and by their own yes. */
function suggested(text: string, by: string, context: Context): Meaning {
  const { known, desk } = context;
  const flow = known.consentVersion === null ? 'welcome' : 'loose';
  return {
    kind: 'input',
    input: { kind: 'begin', flow, answers: { said: text, files: null }, spoken: true },
    change: { messages: [desk.suggestion(readerOf(context), by, text)] },
  };
}

/** "Clear" is kept at the press, so that a second press must find out that there is nothing left to keep. */
async function replied(responseId: string, reply: string, context: Context): Promise<Meaning> {
  const { own, known, phrase, language } = context;
  if (reply === 'clear' && (await own.hasReplied(known.contributorId, responseId, reply)))
    return done({ messages: [say(phrase('reply_known', language))] });
  return begin('respond', { response_id: responseId, reply });
}

/** No words are kept, so nobody is asked for consent. */
async function attended(action: string, context: Context): Promise<Meaning> {
  const { known, base, surroundings, language, phrase, pressEvent } = context;
  const message = await pressEvent({
    action,
    identityId: known.id,
    key: known.key,
    update: base.updateId,
    at: new Date(base.at),
    language,
    phrases: (key, values) => phrase(key, language, values),
    process: surroundings.process,
  });
  return done({ messages: [message] });
}

function asked(id: string, { surroundings, language, phrase }: Context): Meaning {
  const question = surroundings.question(id, language);
  if (question?.open) return begin('question', { question_id: id, question_text: question.text });
  const words = question?.opensOn ? phrase('question_not_yet', language, { day: question.opensOn }) : null;
  return done({ messages: [say(words ?? phrase('question_closed', language))] });
}

async function change(flow: 'edit' | 'withdraw', reference: string, context: Context): Promise<Meaning> {
  const { own, known, phrase, language } = context;
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received')
    return done({ messages: [say(tooLate(found?.state ?? 'triaged', phrase, language, reference))] });
  return begin(flow, { reference, before: found.text.trim() === '' ? phrase('no_words', language) : found.text });
}

/** Why something can no longer be changed. */
export const tooLate = (state: ContributionState, phrase: Say, language: string, reference: string): string =>
  phrase(state === 'withdrawn' ? 'already_withdrawn' : 'edit_too_late', language, { reference });
