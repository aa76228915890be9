import type { Attachment } from '../core/inbound.ts';
import { isUnseen } from '../core/unseen.ts';
import { done, type Interpretation, readerOf, type TurnContext } from './context.ts';
import { isExpired } from './flow/drafts.ts';
import { filesIn } from './flow/files.ts';
import { type Intent, intentOf, mentions } from './flow/intents.ts';
import { verdictIn } from './flow/meant.ts';
import { plain } from './flow/plain.ts';
import { isSpeech } from './flow/talk.ts';
import type { Session } from './flow/types.ts';
import { wishIn } from './flow/wishes.ts';
import { recentOf } from './gathering.ts';
import { type Said, wordsOf } from './threads.ts';

/**
 * What a member says that answers nothing: they are told who they are here and where it goes on, and whom it is for is asked. It
 * is never an idea by itself, and asks for no consent. Null: it is as anybody's.
 */
export async function memberSpeaks(content: Said, context: TurnContext): Promise<Interpretation | null> {
  if (!context.known.isMember || !isUnasked(context)) return null;
  const { text, attachments } = wordsOf(content);
  const files = attachments.length > 0 ? attachments : null;
  if (files === null && (isUnseen(text) || isElsewhere(text, context))) return null;
  const heard = await context.memberChat.heard(readerOf(context), {
    holdsBack: files === null && holdsBack(text, context),
    isVerdict: files === null && verdictIn(context.registry.intents, text) !== null,
    isBrief: files === null && !isSpeech(text),
  });
  if (heard === null) return null;
  if ('messages' in heard) return done({ messages: heard.messages });
  const { messageId, forwarded } = content;
  const whose = forwarded === true ? 'all' : (forwarded ?? null);
  const answers = { ...heard.answers, ...withBefore(text, attachments, context), forwarded: whose };
  return { kind: 'input', input: { kind: 'begin', flow: heard.flow, answers, messageId, spoken: true } };
}

/** With what they have said before, and nobody has yet. */
function withBefore(text: string, attachments: Attachment[], context: TurnContext) {
  const { said = null, files = null } = openFor(context)?.answers ?? {};
  const words = [said, isUnseen(text) ? null : text].filter((each) => typeof each === 'string');
  const all = [...filesIn(files), ...attachments];
  return { said: words.length > 0 ? words.join('\n\n') : null, files: all.length > 0 ? all : null };
}

/** The conversation in which they are asked whom their words are for. */
const openFor = ({ session }: TurnContext): Session | null =>
  session?.stack.at(-1)?.flow === 'member' && session.open ? session : null;

/** Nothing is asked, but for whom other words are, or for a consent that they have given no words to; and nothing that they have just given goes on. */
function isUnasked(context: TurnContext): boolean {
  const { known, session, registry, now, saidAt } = context;
  if (known.pacing.gathering?.receipt || recentOf(known.pacing.gathering, saidAt)?.isJustGiven) return false;
  if (!session?.open || isExpired({ registry, session }, now)) return true;
  return openFor(context) !== null || (known.consentVersion === null && isDoor(session));
}

const isDoor = ({ stack, answers }: Session): boolean =>
  stack.at(-1)?.flow === 'welcome' && ['said', 'files', 'goto'].every((name) => (answers[name] ?? null) === null);

/** Answers to the consent at the door, and courtesies of whoever takes part, are as anybody's. */
const AT_DOOR: readonly Intent[] = ['agree', 'decline'];
const COURTESIES: readonly Intent[] = ['thanks', 'goodbye', 'laughter'];

function isElsewhere(text: string, context: TurnContext): boolean {
  const { registry, known, session } = context;
  if (openFor(context) && (!isSpeech(text) || isLabel(text, context))) return true;
  if (holdsBack(text, context)) return false;
  const isCommand = Object.hasOwn(registry.messages.words, plain(text).replace(/^\//, ''));
  if (isCommand || wishIn({ registry }, text) !== null) return true;
  const isOpen = Boolean(session?.open);
  const theirs = known.consentVersion === null ? (isOpen ? AT_DOOR : []) : COURTESIES;
  return intentOf(registry.intents, text, theirs) !== null;
}

/** What a button says, typed. */
const isLabel = (text: string, { registry }: TurnContext): boolean =>
  (registry.get('member')?.steps ?? []).some(
    (step) =>
      'ask' in step &&
      Array.isArray(step.choices) &&
      step.choices.some(({ label }) => Object.values(label).some((each) => plain(each) === plain(text))),
  );

/** Whoever wants to hold back what they have sent says so in few words. */
const MOST_HELD = 80;

const holdsBack = (text: string, { registry }: TurnContext): boolean =>
  text.length <= MOST_HELD && mentions(registry.intents, text, 'hold', 'beginning');
