import { isUnseen } from '../../core/unseen.ts';
import { filesIn } from './files.ts';
import { plain } from './plain.ts';
import { askAgain } from './question.ts';
import { frameOf, type Run, refuseLength, tell } from './run.ts';
import type { Ask, Flow } from './source/schema.ts';
import { begin } from './stepRunner.ts';
import { MOST_TEXT } from './steps/ask.ts';
import type { Answer, Input } from './types.ts';

/** What somebody said while nothing asked for it. */
export interface FreeText {
  said: string | null;
  file: Extract<Input, { kind: 'media' }>['attachment'] | null;
  messageId: string | null;
  /** Somebody else's words: all of them, or some; null: none. */
  forwarded: 'all' | 'some' | null;
}

/** The words and the file of a message; null where it has neither. */
export function freeTextIn(input: Input): FreeText | null {
  if (input.kind !== 'text' && input.kind !== 'media') return null;
  const words = input.kind === 'text' ? input.text : input.caption;
  const said = isUnseen(words) ? null : words;
  const file = input.kind === 'media' ? input.attachment : null;
  if (said === null && file === null) return null;
  const messageId = said === null ? null : (input.messageId ?? null);
  return { said, file, messageId, forwarded: input.forwarded === true ? 'all' : (input.forwarded ?? null) };
}

/** Sentences, not a slip of the thumb beside a button. */
const isSpeech = ({ said, file }: FreeText): boolean => file !== null || plain(said ?? '').split(' ').length >= 3;

/**
 * Whoever writes sentences or sends a file where a button was expected tells us something: it is kept, not corrected.
 * True when it was.
 */
export function keptAside(run: Run, { step, flow }: { step: Ask; flow: Flow }, input: Input): boolean {
  const loose = freeTextIn(input);
  if (!loose || !isSpeech(loose) || !['choice', 'choices', 'consent', 'yesno'].includes(step.ask)) return false;
  if (step.ask === 'consent' && !step.consent?.to) return keepUntilAgreed(run, loose);
  if (flow.draft) return addToDraft(run, loose);
  if (!run.person.consented || !run.registry.get('loose')) return false;
  keepFreeText(run, loose);
  return true;
}

/** Words and files that come while nothing asks for them gather in one contribution, and are asked about. */
export function keepFreeText(run: Run, loose: FreeText): void {
  const before = frameOf(run)?.flow === 'loose' ? (run.session?.answers ?? {}) : {};
  const earlier = typeof before.said === 'string' ? before.said : null;
  const words = joined(earlier, loose.said);
  if (words !== null && words.length > MOST_TEXT) return refuseLength(run, words.length);
  const files = [...filesIn(before.files), ...filesIn(loose.file)];
  const alone = loose.said === null ? (run.session?.messageId ?? null) : earlier === null ? loose.messageId : null;
  const forwarded = whose(before, loose);
  begin(run, 'loose', { said: words, files: files.length > 0 ? files : null, forwarded });
  remember(run, 'said', alone);
}

/** Whether the words were forwarded: `all` of them or `some`; null: none. */
export function whose(before: Record<string, Answer>, { said, forwarded }: FreeText): string | null {
  const earlier = typeof before.forwarded === 'string' ? before.forwarded : null;
  if (said === null) return earlier;
  if (typeof before.said !== 'string') return forwarded;
  return earlier === forwarded ? earlier : 'some';
}

const joined = (...words: (string | null)[]): string | null =>
  words.filter((each) => each !== null).join('\n\n') || null;

/** Words of two messages: no one of them may replace the whole when it is edited. */
export function remember(run: Run, answer: string, messageId: string | null): void {
  if (run.session) Object.assign(run.session, { messageId, messageAnswer: answer });
  run.took = answer;
}

/** Before they have agreed: it waits, as the answer to what they came for where that asks for words. */
function keepUntilAgreed(run: Run, loose: FreeText): boolean {
  const { said, file, messageId } = loose;
  const { session } = run;
  if (!session) return false;
  const wanted = typeof session.answers.goto === 'string' ? run.registry.get(session.answers.goto) : undefined;
  const asked = wanted?.steps.find((step) => 'ask' in step && step.ask === 'text');
  const name = asked && 'ask' in asked && wanted?.draft ? (asked.save ?? asked.id) : 'said';
  const before = session.answers[name];
  const words = joined(typeof before === 'string' ? before : null, said);
  if (words !== null && words.length > MOST_TEXT) {
    refuseLength(run, words.length);
    return true;
  }
  const forwarded = name === 'said' ? whose(session.answers, loose) : null;
  if (forwarded !== null) session.answers.forwarded = forwarded;
  if (words !== null) session.answers[name] = words;
  if (words !== null && name !== 'said') session.given = [...new Set([...(session.given ?? []), name])];
  if (file !== null) session.answers.files = [...filesIn(session.answers.files), file];
  remember(run, name, before === undefined ? messageId : null);
  tell(run, 'kept_until_agreed');
  askAgain(run);
  return true;
}

/** A further message to a draft whose words have been given: what did not fit into one message, or came to mind. */
function addToDraft(run: Run, { said, file }: FreeText): boolean {
  const { session } = run;
  const name = session?.messageAnswer;
  const before = name === undefined ? undefined : session?.answers[name];
  if (!session || name === undefined || typeof before !== 'string' || said === null || file !== null) return false;
  const words = `${before}\n\n${said}`;
  if (words.length > MOST_TEXT) refuseLength(run, words.length);
  else {
    session.answers[name] = words;
    remember(run, name, null);
    tell(run, 'added');
    askAgain(run);
  }
  return true;
}
