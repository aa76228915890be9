import { readAction, readReplyAction } from '../domain/action.ts';
import type { Ids } from '../domain/clock.ts';
import type { Inbound } from '../domain/inbound.ts';
import { say } from '../domain/message.ts';
import type { Known, TurnStore, TurnWrite } from '../domain/turn.ts';
import type { FlowBook } from '../flow/book.ts';
import { takeTurn } from '../flow/engine.ts';
import type { Input, Person, Session, World } from '../flow/types.ts';
import { effects, quietWrite, type Show } from './effects.ts';

/** The process as the conversation needs it, read afresh for every batch. */
export interface Surroundings {
  languages: string[];
  world(language: string, now: number): World;
  question(id: string, language: string): { text: string; open: boolean } | null;
}

export interface ConversationParts {
  book: () => FlowBook;
  surroundings: () => Promise<Surroundings>;
  /** A system string of the message catalog, in the person's language. */
  phrase: (key: string, language: string, values?: Record<string, string>) => string;
  show: Show;
  turns: Pick<TurnStore, 'openContribution'>;
  contributionByReference: (
    contributorId: string,
    reference: string,
  ) => Promise<{ id: string; reference: string } | null>;
  secret: string;
  ids: Ids;
  clock: () => number;
}

/** The turn of one update: what it means for this person, computed by the engine, as one write. */
export function createConversation(parts: ConversationParts): (inbound: Inbound, known: Known) => Promise<TurnWrite> {
  return async (inbound, known) => {
    const surroundings = await parts.surroundings();
    const language = languageOf(known, inbound, surroundings.languages);
    const base = { ...quietWrite(inbound, known, parts.ids), language };
    if (base.status === 'unreachable' && inbound.content.kind !== 'left') base.status = 'active';
    const meaning = await read(inbound, known, parts, surroundings, language, base);
    if (meaning.kind === 'done') return meaning.write;
    const person: Person = {
      language,
      consented: known.consentVersion !== null,
      status: base.status === 'stopped' ? 'stopped' : 'active',
    };
    const session = known.session as Session | null;
    const turn = takeTurn(parts.book(), session, person, meaning.input, surroundings.world(language, parts.clock()));
    return effects(turn, base, known, language, parts.ids, parts.show);
  };
}

type Meaning = { kind: 'input'; input: Input } | { kind: 'done'; write: TurnWrite };

async function read(
  inbound: Inbound,
  known: Known,
  parts: ConversationParts,
  surroundings: Surroundings,
  language: string,
  base: TurnWrite,
): Promise<Meaning> {
  const { content } = inbound;
  const done = (change: Partial<TurnWrite> = {}): Meaning => ({ kind: 'done', write: { ...base, ...change } });
  const input = (value: Input): Meaning => ({ kind: 'input', input: value });
  switch (content.kind) {
    case 'opened':
    case 'joined':
      return done();
    case 'left':
      return done({ status: base.status === 'stopped' ? 'stopped' : 'unreachable' });
    case 'moved':
      return done({ address: content.address });
    case 'edited':
      return edited(content.messageId, content.text, known, parts, language, done);
    case 'choice':
      return pressed(content.data, known, parts, surroundings, language, done);
    case 'command':
      return command(content.name, content.argument, base, parts.book(), input);
    default:
      return input(content);
  }
}

/** `?start=FLOW`, `?start=FLOW__SOURCE` or `?start=SOURCE`: what is not a flow is where the person came from. */
function command(
  name: string,
  argument: string,
  base: TurnWrite,
  book: FlowBook,
  input: (value: Input) => Meaning,
): Meaning {
  if (name !== 'start' || argument === '') return input({ kind: 'command', name, argument });
  const [first = '', ...rest] = argument.split('__');
  const isFlow = book.get(first) !== undefined;
  base.source = (isFlow ? rest.join('__') : argument).slice(0, 64) || null;
  return input({ kind: 'command', name, argument: isFlow ? first : '' });
}

async function edited(
  messageId: string,
  text: string,
  known: Known,
  parts: ConversationParts,
  language: string,
  done: (change?: Partial<TurnWrite>) => Meaning,
): Promise<Meaning> {
  const contribution = await parts.turns.openContribution(known.id, messageId);
  if (!contribution || known.status === 'stopped') return done();
  const open = contribution.state === 'received';
  const { reference } = contribution;
  return done({
    edits: open ? [{ id: contribution.id, text }] : [],
    messages: [say(parts.phrase(open ? 'edit_done' : 'edit_too_late', language, { reference }))],
  });
}

async function pressed(
  data: string,
  known: Known,
  parts: ConversationParts,
  surroundings: Surroundings,
  language: string,
  done: (change?: Partial<TurnWrite>) => Meaning,
): Promise<Meaning> {
  const action = readAction(parts.secret, known.key, data);
  if (action === null) return { kind: 'input', input: { kind: 'choice', data } };
  const reply = readReplyAction(action);
  if (reply) return begin('respond', { response_id: reply.responseId, reply: reply.reply });
  const [verb, argument = ''] = action.split(/:(.*)/s);
  if (verb === 'flow') return begin(argument, {});
  if (verb === 'w') return withdraw(argument, known, parts, language, done);
  if (verb === 'q') {
    const question = surroundings.question(argument, language);
    if (question?.open) return begin('question', { question_id: argument, question_text: question.text });
    return done({ messages: [say(parts.phrase('question_closed', language))] });
  }
  return { kind: 'input', input: { kind: 'choice', data } };
}

const begin = (flow: string, answers: Record<string, string>): Meaning => ({
  kind: 'input',
  input: { kind: 'begin', flow, answers },
});

async function withdraw(
  reference: string,
  known: Known,
  parts: ConversationParts,
  language: string,
  done: (change?: Partial<TurnWrite>) => Meaning,
): Promise<Meaning> {
  const open = await parts.contributionByReference(known.contributorId, reference);
  const message = say(parts.phrase(open ? 'withdraw_done' : 'edit_too_late', language, { reference }));
  return done({ edits: open ? [{ id: open.id, text: null }] : [], messages: [message] });
}

/** The person's choice, else what their app says, as far as the process speaks it. */
function languageOf(known: Known, inbound: Inbound, languages: string[]): string {
  for (const wish of [known.language, inbound.sender.language]) {
    const base = wish?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find((language) => language === wish) ?? languages.find((language) => language === base);
    if (found) return found;
  }
  return languages[0] ?? 'en';
}
