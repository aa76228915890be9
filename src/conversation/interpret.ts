import { insteadOfWords } from '../contributions/voice.ts';
import type { Inbound } from '../core/inbound.ts';
import { type OutboundMessage, type PanelPlace, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { readAction, readQuestionAction, readReplyAction, signAction } from '../core/signedButtons.ts';
import { CONSOLE, ORGANIZE } from '../core/surfaces.ts';
import { codeIn, MEMBER_START } from '../people/member.ts';

import { responseMessages } from '../responses/response.ts';

import { fileOf, readOffer } from './amendments.ts';
import { attended } from './attending.ts';
import { answered, done, type Interpretation, joined, readerOf, type TurnContext, tooLate } from './context.ts';
import { edited } from './edited.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import { MOST_TEXT } from './flow/steps/ask.ts';
import { memberSpeaks } from './memberWords.ts';
import { ownCards } from './mine.ts';
import { named } from './named.ts';
import { reminded } from './reminded.ts';
import { spoken } from './spoken.ts';
import { asked, hearSubject } from './subjects.ts';
import { becomesIdea, ended } from './threads.ts';
import type { Recorded } from './turn.ts';

/** What an update means for this person, before the engine. */
export async function interpret(content: Inbound['content'], context: TurnContext): Promise<Interpretation> {
  // Somebody who has stopped gets no messages: only what they say themselves can change that.
  if (context.base.status === 'stopped' && !isHeard(content)) return done();
  // Wherever it would have gone: the engine says that it is too long, and nothing else changes.
  const words = wordsIn(content);
  if (words.length > MOST_TEXT) return { kind: 'input', input: { kind: 'text', text: words, messageId: null } };
  switch (content.kind) {
    case 'reminded':
      return reminded(context);
    case 'opened':
    case 'joined':
    case 'removed':
    case 'caught_up':
      return done();
    case 'added':
      return answered(await context.memberChat.groupAdded(readerOf(context), content.group, context.known.channel));
    case 'suggested':
      return suggested(content.text, content.by, context);
    case 'left':
      return done({ status: context.base.status === 'stopped' ? 'stopped' : 'unreachable' });
    case 'moved':
      return done({ address: content.address });
    case 'text':
      return (await hearSubject(content, context)) ?? spoken(content, context);
    case 'media':
      return heardFile(content, context);
    case 'edited':
      return edited(content, context);
    case 'choice':
      return pressed(content, context);
    case 'command':
      return command(content.name, content.argument, context);
    default:
      return { kind: 'input', input: content };
  }
}

const heardFile = async (content: Extract<Inbound['content'], { kind: 'media' }>, context: TurnContext) =>
  (await hearSubject(content, context)) ??
  (content.tooLarge === undefined ? await memberSpeaks(content, context) : null) ?? {
    kind: 'input' as const,
    input: content,
  };

/** What people write themselves; their commands and forms are the engine's. */
const wordsIn = (content: Inbound['content']): string =>
  content.kind === 'media' ? content.caption : WRITTEN.has(content.kind) && 'text' in content ? content.text : '';
const WRITTEN = new Set<Inbound['content']['kind']>(['text', 'edited', 'suggested']);

/** What still counts from somebody who has stopped: words, buttons, and the platform's news of their chat. */
const isHeard = (content: Inbound['content']): boolean => HEARD.has(content.kind);
const HEARD = new Set<Inbound['content']['kind']>(['text', 'command', 'choice', 'left', 'moved']);

const begin = (flow: string, answers: Record<string, string>): Interpretation => ({
  kind: 'input',
  input: { kind: 'begin', flow, answers },
});

const MOST_SOURCE = 64;

async function command(name: string, argument: string, context: TurnContext): Promise<Interpretation> {
  const { memberChat, base } = context;
  if (name === 'start' && argument.toLowerCase().startsWith(MEMBER_START))
    return joined(await memberChat.join(readerOf(context), argument.slice(MEMBER_START.length)), context);
  // What leads nowhere as a code can be where the person came from.
  const given = name === 'start' ? codeIn(argument) : null;
  const message = given && (await memberChat.joinBy(readerOf(context), given.code));
  if (message) return joined(message, context);
  const shown = base.status === 'stopped' ? null : await ofMembers(name, context);
  return shown ? done({ messages: shown }) : started(name, argument, context.registry);
}

/** What the commands of members give; null for whoever is not one, and for all other commands. */
async function ofMembers(name: string, context: TurnContext): Promise<OutboundMessage[] | null> {
  if (name === ORGANIZE) return context.memberChat.panel(readerOf(context), null);
  return name === CONSOLE ? alone(await context.memberChat.consoleLink(readerOf(context))) : null;
}

/** `?start=FLOW`, `?start=FLOW__SOURCE` or `?start=SOURCE`: what is not a flow is where the person came from. */
function started(name: string, argument: string, registry: FlowRegistry): Interpretation {
  if (name !== 'start' || argument === '') return { kind: 'input', input: { kind: 'command', name, argument } };
  const [first = '', ...rest] = argument.split('__');
  const isFlow = registry.get(first) !== undefined;
  const source = (isFlow ? rest.join('__') : argument).slice(0, MOST_SOURCE).toWellFormed() || null;
  return { kind: 'input', input: { kind: 'command', name, argument: isFlow ? first : '' }, change: { source } };
}

type Pressed = { data: string; panel?: PanelPlace | null };

/** A button under a notice, a response or a list is signed for this person; all others belong to the open question. */
async function pressed({ data, panel = null }: Pressed, context: TurnContext): Promise<Interpretation> {
  const action = readAction(context.secret, context.known.key, data);
  // Panels say nothing in the chat that somebody has left; of the other buttons there, a flow's are for the engine to judge.
  if (context.base.status === 'stopped' && panel === null && action !== null && !isForStopped(action)) return done();
  const reply = action === null ? null : readReplyAction(action);
  if (reply) return replied(reply.responseId, reply.reply, context);
  const [verb, argument = ''] = action?.split(/:(.*)/s) ?? [];
  switch (verb) {
    case 'flow':
      return begin(argument, {});
    case 'aside':
      return begin('ask', { set_aside: argument });
    case 'q':
      return asked(readQuestionAction(action ?? ''), context);
    case 'ev':
      return attended(action ?? '', context);
    case 'add':
      return added(action ?? '', context);
    case 'apart':
      return apart(argument, context);
    case 'e':
      return change('edit', argument, context);
    case 'w':
      return change('withdraw', argument, context);
    case 'mine':
      return olderCards(Number(argument), context);
    case 'read':
      return answerAgain(argument, context);
    case 'agree':
      return { kind: 'input', input: { kind: 'agree' } };
    case 'say':
      return command(argument, '', context);
    case 'h':
      return ended(argument, context);
    case 'n':
      return becomesIdea(argument, context);
    case 'm':
      return withMember(data, argument, panel, context);
    case 'o':
    case 'g':
      // It was done before the commit: the same update must not do it again, when things may have changed.
      if (await context.turns.isDone(context.base.updateId)) return done();
      if (verb === 'g')
        return steered(data, alone(await context.memberChat.groupAnswered(readerOf(context), argument)));
      return steered(
        data,
        await context.memberChat.panel(readerOf(context), data, panel),
        alone(panel && away(panel, context)),
      );
    default:
      return { kind: 'input', input: { kind: 'choice', data } };
  }
}

const isForStopped = (action: string): boolean => action.startsWith('flow:') || action === 'say:start';

/** The answer that has arrived once already, as it stands now. */
async function answerAgain(reference: string, { own, known, language, frameIn, secret, phrase }: TurnContext) {
  const item = await own.answer(known.contributorId, reference);
  const sign = (action: string) => signAction(secret, known.key, action);
  return done({
    messages: item ? responseMessages([item], frameIn(language), sign) : [say(phrase('answer_not_yet', language))],
  });
}

async function olderCards(from: number, context: TurnContext): Promise<Interpretation> {
  const { own, known, language, phrase, processContext, now, secret } = context;
  const { timeZone } = processContext.process;
  const phrases: Phrases = (key, values) => phrase(key, language, values);
  return done({ messages: await ownCards(own, { ...known, language, phrases, timeZone, now, secret }, from) });
}

/** A member's button does nothing for somebody who is not a member, like any unknown button. */
const steered = (
  data: string,
  messages: OutboundMessage[] | null,
  otherwise: OutboundMessage[] | null = null,
): Interpretation => {
  const said = messages ?? otherwise;
  return said === null ? { kind: 'input', input: { kind: 'choice', data } } : done({ messages: said });
};

const alone = (message: OutboundMessage | null): OutboundMessage[] | null => message && [message];

/** Replaces a panel whose reader is no longer a member. */
const away = (panel: PanelPlace, { language, phrase }: TurnContext): OutboundMessage => ({
  ...say(phrase('slack_try_again', language)),
  panel: { ...panel, language, title: '', close: '' },
});

/** Replaces a panel whose button continues in the chat. */
const inChat = (panel: PanelPlace, { language, phrase }: TurnContext): OutboundMessage => ({
  ...say(phrase('slack_in_chat', language)),
  panel: { ...panel, language, title: phrase('slack_share', language), close: phrase('slack_form_close', language) },
});

/** Suggested words are treated like words that their author sent us: with consent, and only if they say yes. */
function suggested(text: string, by: string, context: TurnContext): Interpretation {
  const { known, memberChat } = context;
  const flow = known.consentVersion === null ? 'welcome' : 'loose';
  return {
    kind: 'input',
    input: { kind: 'begin', flow, answers: { said: text, files: null, suggested: 'yes' }, spoken: true },
    change: { messages: [memberChat.suggestion(readerOf(context), by, text)] },
  };
}

/** A member's button that begins a conversation: it goes on in the chat, also from a panel beside it. */
async function withMember(
  data: string,
  action: string,
  panel: PanelPlace | null,
  context: TurnContext,
): Promise<Interpretation> {
  const found = await context.memberChat.conversation(readerOf(context), action);
  if (!found) return steered(data, null, alone(panel && away(panel, context)));
  if ('messages' in found) return done({ messages: [...found.messages, ...(panel ? [inChat(panel, context)] : [])] });
  const beside = panel ? { change: { messages: [inChat(panel, context)] } } : {};
  return { ...begin(found.flow, found.answers), ...beside };
}

/** "Clear" is stored at the first press; a second one finds it done. */
async function replied(responseId: string, reply: string, context: TurnContext): Promise<Interpretation> {
  const { threads, phrase, language } = context;
  if (reply === 'clear' && (await threads.hasAccepted(responseId)))
    return done({ messages: [say(phrase('reply_known', language))] });
  return begin('respond', { response_id: responseId, reply });
}

async function added(action: string, context: TurnContext): Promise<Interpretation> {
  const { own, known, phrase, language } = context;
  const { reference, offer } = readOffer(action) ?? { reference: '', offer: '' };
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received')
    return done({ messages: [say(tooLate(found?.state ?? 'triaged', phrase, language, reference))] });
  const phrases: Phrases = (key, values) => phrase(key, language, values);
  return offer === 'idea'
    ? noAnswer(found, context)
    : begin('add', { reference, what: offer, named: named(found, phrases) });
}

/** A file that was added without asking is an idea of its own after all. */
async function apart(argument: string, context: TurnContext): Promise<Interpretation> {
  const { own, known, phrase, language } = context;
  const [reference = '', mark = ''] = argument.split(/:(.*)/s);
  const found = await own.find(known.contributorId, reference);
  const file = found && fileOf(mark, found.attachments);
  if (!found || !file) return done({ messages: [say(phrase('reply_known', language))] });
  if (found.state !== 'received') return done({ messages: [say(tooLate(found.state, phrase, language, reference))] });
  const attachments = found.attachments.filter((other) => other !== file);
  return {
    kind: 'input',
    input: { kind: 'begin', flow: 'loose', answers: { files: [file] }, spoken: true },
    change: { edits: [{ id: found.id, attachments }] },
  };
}

/** What came right after a question, or the draft, without its button was not meant for it. */
function noAnswer({ id, reference, kind }: Recorded, { phrase, language }: TurnContext): Interpretation {
  const edits = kind === 'idea' ? [] : [{ id, kind: 'idea' as const }];
  return done({ edits, messages: [say(phrase('became_idea', language, { reference }))] });
}

async function change(flow: 'edit' | 'withdraw', reference: string, context: TurnContext): Promise<Interpretation> {
  const { own, known, phrase, language } = context;
  const found = await own.find(known.contributorId, reference);
  if (found?.state !== 'received')
    return done({ messages: [say(tooLate(found?.state ?? 'triaged', phrase, language, reference))] });
  return begin(flow, {
    reference,
    before:
      found.text.trim() === ''
        ? phrase('no_words', language, { length: insteadOfWords(found.attachments) })
        : found.text,
  });
}
