import { followedBy, NO_WORDS } from '../../contributions/parts.ts';
import type { Attachment } from '../../core/inbound.ts';
import { amend } from './amend.ts';
import { joinsRecent } from './burst.ts';
import { filesIn } from './files.ts';
import { type FreeText, freeTextIn, spokenIn } from './heardWords.ts';
import { addWords, setWords, wordsIn } from './held.ts';
import { addedToDraft, isOptional, keptBeside, keptWithAdded } from './misfits.ts';
import { askAgain } from './question.ts';
import { type At, frameOf, openAsk, type Run, refuseLength, tell } from './run.ts';
import { settle } from './settle.ts';
import type { Ask } from './source/schema.ts';
import { begin } from './stepRunner.ts';
import { isWork, shownAbove } from './steps/act.ts';
import { MOST_TEXT } from './steps/ask.ts';
import { carries } from './steps/contribute.ts';
import { isSpeech, ofAnswerIn, talkIn, unclearIn } from './talk.ts';
import type { Answer, Begin, Input, Session } from './types.ts';
import { leaveUnfinished } from './unfinished.ts';

/** Sentences, a question or a file, not a slip of the thumb beside a button. */
const isMeant = (run: Run, { said, file }: FreeText): boolean =>
  file !== null || isSpeech(said ?? '') || asksPerson(run, said);
const asksPerson = (run: Run, said: string | null): boolean => talkIn(run, said ?? '')?.kind === 'person';

/** Questions that words of one's own do not answer. */
const CLOSED: Ask['ask'][] = ['choice', 'choices', 'consent', 'yesno', 'rating', 'number', 'date', 'media'];

/**
 * Whoever writes sentences or sends a file where a button was expected tells us something: it is kept, not corrected. Of
 * those who want to be erased nothing more is kept.
 * True when it was.
 */
export function keptAside(run: Run, at: At, input: Input): boolean {
  const { step, flow } = at;
  const loose = freeTextIn(input);
  if (!loose || !CLOSED.includes(step.ask) || flow.steps.some((each) => 'erase' in each)) return false;
  if (step.ask === 'consent' && !step.consent?.to) return isMeant(run, loose) && keepUntilAgreed(run, loose);
  if (isMore(run, at)) return keepMore(run, loose);
  const above = shownAbove(flow, step);
  if (above) return addToDraft(run, loose, above.attachments?.[0]);
  if (isOptional(at)) return keptBeside(run, at, loose, isMeant(run, loose));
  // A menu says that one may just write.
  if (!(isMeant(run, loose) || step.menu) || ['rating', 'number', 'date', 'media'].includes(step.ask)) return false;
  if (flow.draft || holdsUnasked(run, flow)) return addToDraft(run, loose);
  if (!run.person.consented || !run.registry.get('loose')) return false;
  keepFreeText(run, loose);
  return true;
}

/** What was said is asked about, and comes in pieces: however few words the next one has, they are no slip of the thumb. */
const isMore = ({ session, person }: Run, { flow }: At): boolean =>
  flow.flow === 'loose' && person.consented && typeof session?.answers.said === 'string' && !session.answers.told;

function keepMore(run: Run, loose: FreeText): true {
  keepFreeText(run, loose);
  return true;
}

/** Answered in letters alone. */
const LETTERS: Ask['ask'][] = ['text', 'place'];

/** A file where letters are asked for, a voice message say, is kept, and its sender told so. True when it was. */
export function keptFile(run: Run, at: At, file: Attachment): boolean {
  const kept = keepFile(run, at, file);
  if (kept) tell(run, kept.told, kept.values);
  return kept !== null;
}

/** With what this adds to, else it is asked about when this is finished. Null: it was not kept. */
export function keepFile(run: Run, at: At, file: Attachment): { told: string; values?: Record<string, string> } | null {
  const { step, flow } = at;
  if (!LETTERS.includes(step.ask) || step.media || isWork(flow)) return null;
  const reference = keptWithAdded(run, at, file);
  if (reference !== null) return { told: 'file_beside', values: { reference } };
  const { session, person } = run;
  if (!session || !person.consented || !run.registry.get('loose')) return null;
  session.later = withFile(session.later ?? [], file);
  return { told: 'file_for_later' };
}

/** Several files that come one after the other are one thing to come to. */
function withFile(later: readonly Begin[], file: Attachment): Begin[] {
  const last = later.at(-1);
  const isFiles = last?.flow === 'loose' && Object.keys(last.answers).join() === 'files';
  const files = isFiles ? [...filesIn(last.answers.files), file] : [file];
  return [
    ...(isFiles ? later.slice(0, -1) : later),
    { kind: 'begin', flow: 'loose', answers: { files }, spoken: true },
  ];
}

/** What was said is asked about, and more of it comes; that of `loose` is put together where it began. */
const holdsUnasked = ({ session }: Run, { flow }: At['flow']): boolean =>
  flow !== 'loose' && ['said', 'files'].some((name) => Object.hasOwn(session?.answers ?? {}, name));

/** Words or a file that are no question wait to be recorded: a question to us is no part of them. */
export function holdsIdea(run: Run): boolean {
  const { unclear, told, said, files } = run.session?.answers ?? {};
  return (
    frameOf(run)?.flow === 'loose' && unclear !== 'question' && unclear !== 'also' && !told && Boolean(said || files)
  );
}

/** Words and files that come while nothing asks for them are recorded, or asked about where they may be talk. */
export function keepFreeText(run: Run, loose: FreeText): void {
  if (run.session?.answers.unclear === 'also') run.session = null;
  if (isAnotherThought(run, loose)) settle(run);
  // What has been answered is over.
  const held = frameOf(run)?.flow === 'loose' && !run.session?.answers.told ? run.session : null;
  if (!held && joinsRecent(run, loose)) return;
  const said = followedBy(held ? wordsIn(held, 'said') : NO_WORDS, spokenIn(loose));
  if (said.text.length > MOST_TEXT) return refuseLength(run, said.text.length);
  const before = held?.answers ?? {};
  const files = [...filesIn(before.files), ...filesIn(loose.file)];
  const forwarded = whose(before, loose);
  const recent = run.person.recent?.isJustGiven ? run.person.recent : null;
  const answers = {
    said: said.text || null,
    files: files.length > 0 ? files : null,
    forwarded,
    suggested: before.suggested ?? null,
    in_thread: before.in_thread ?? null,
    named: before.named ?? recent?.named ?? null,
    reference: before.reference ?? recent?.reference ?? null,
    unclear: before.unclear === 'question' ? 'question' : whyUnclear(run, said.text, files, forwarded),
  };
  if (held && isAskedAlready(run, held, answers))
    amend(run, (session) => {
      setWords(session, 'said', said);
      Object.assign(session.answers, { files, forwarded });
    });
  else {
    leaveUnfinished(run);
    begin(
      run,
      'loose',
      answers,
      said.parts.map((part) => ({ ...part, field: 'said' })),
    );
  }
  run.took = 'said';
}

/** After so long a pause what is said after a question is no more of it. */
const SAME_THOUGHT_MS = 120_000;

/** Something to be recorded comes while a question still waits for a yes to be passed on. */
function isAnotherThought(run: Run, { said, file }: FreeText): boolean {
  const { unclear, told } = run.session?.answers ?? {};
  if (frameOf(run)?.flow !== 'loose' || unclear !== 'question' || told) return false;
  return run.world.now - run.seenBefore > SAME_THOUGHT_MS && (file !== null || unclearIn(run, said ?? '') === null);
}

function whyUnclear(run: Run, said: string, files: readonly unknown[], forwarded: string | null): string | null {
  if (files.length > 0) return null;
  return unclearIn(run, said) ?? (forwarded === 'all' ? 'words' : null);
}

/** Nobody is asked again for each message of several. */
const isAskedAlready = (run: Run, { answers, stack }: Session, now: Record<string, Answer>): boolean =>
  now.unclear !== 'question' &&
  stack.at(-1)?.version === run.registry.get('loose')?.version &&
  ['suggested', 'unclear'].every((name) => (answers[name] ?? null) === now[name]);

/** Whether the words were forwarded: `all` of them or `some`; null: none. */
export function whose(before: Record<string, Answer>, { said, forwarded }: FreeText): string | null {
  const earlier = typeof before.forwarded === 'string' ? before.forwarded : null;
  if (said === null) return earlier;
  if (typeof before.said !== 'string') return forwarded;
  return earlier === forwarded ? earlier : 'some';
}

/** Nobody writes the next message of several after a longer pause, or has read an answer before. */
const STILL_WRITING_MS = 10_000;

/** Before they have agreed: it waits, and they are told so. */
function keepUntilAgreed(run: Run, loose: FreeText): boolean {
  const { session } = run;
  if (!session) return false;
  const isFurther = [nameUntilAgreed(run, session), 'files'].some((each) => Object.hasOwn(session.answers, each));
  if (!waitsUntilAgreed(run, loose)) return true;
  if (isFurther && run.took !== null && run.world.now - run.seenBefore < STILL_WRITING_MS) return true;
  tell(run, 'kept_until_agreed');
  askAgain(run);
  return true;
}

const nameUntilAgreed = (run: Run, session: Session): string => wantedAnswer(run, session) ?? 'said';

/** As the answer to what they came for where that asks for words. False where it is too long, which they are told. */
export function waitsUntilAgreed(run: Run, loose: FreeText): boolean {
  const { session } = run;
  if (!session) return false;
  const { said, file } = loose;
  const name = nameUntilAgreed(run, session);
  if (name !== 'said' && said !== null && asksPerson(run, said)) return askOnceAgreed(run, session, loose);
  const length = wordsIn(session, name).text.length + (said ?? '').length;
  if (length > MOST_TEXT) {
    refuseLength(run, length);
    return false;
  }
  const forwarded = name === 'said' ? whose(session.answers, loose) : null;
  if (forwarded !== null) session.answers.forwarded = forwarded;
  if (said !== null) addWords(session, name, spokenIn(loose));
  if (said !== null && name !== 'said') session.given = [...new Set([...(session.given ?? []), name])];
  if (file !== null) session.answers.files = [...filesIn(session.answers.files), file];
  if (name === 'said') reconsider(run, session);
  run.took = name;
  return true;
}

/** What all that waits is: the more there is, the less it may be talk. */
function reconsider(run: Run, session: Session): void {
  const { text } = wordsIn(session, 'said');
  const forwarded = typeof session.answers.forwarded === 'string' ? session.answers.forwarded : null;
  const unclear = whyUnclear(run, text, filesIn(session.answers.files), forwarded);
  if (unclear === null) delete session.answers.unclear;
  else session.answers.unclear = unclear;
  const ofAnswer = ofAnswerIn(run, text);
  if (ofAnswer) session.answers.says = ofAnswer.says;
}

/** A question beside what they came for is asked about after that. */
function askOnceAgreed(run: Run, session: Session, { said, messageId }: FreeText): boolean {
  session.later = [
    ...(session.later ?? []),
    { kind: 'begin', flow: 'loose', answers: { said, unclear: 'question' }, messageId, spoken: true },
  ];
  run.took = null;
  return true;
}

/** The answer of the flow they are on the way to that becomes the words of a contribution; none where it asks for none. */
function wantedAnswer(run: Run, { answers: { goto } }: Session): string | undefined {
  const wanted = typeof goto === 'string' ? run.registry.get(goto) : undefined;
  const asked = wanted?.steps.find((step) => 'ask' in step && step.ask === 'text');
  const name = asked && 'ask' in asked ? (asked.save ?? asked.id) : undefined;
  return wanted && name !== undefined && carries(wanted, name) ? name : undefined;
}

/** A further message to a draft whose words have been given: what did not fit into one message, or came to mind. */
function addToDraft(run: Run, loose: FreeText, name?: string): boolean {
  const { said, file } = loose;
  if (file !== null && !addedFile(run, file)) return false;
  if (said !== null && !addedToDraft(run, spokenIn(loose), name)) return false;
  const { session } = run;
  if (session && Object.hasOwn(session.answers, 'said')) reconsider(run, session);
  tell(run, 'added');
  askAgain(run);
  return true;
}

/** Puts a file beside those that somebody has sent before anything asked for them. False where the draft takes up none. */
function addedFile(run: Run, file: Attachment): boolean {
  const at = openAsk(run);
  const takesFiles = at?.flow.steps.some((step) => 'attachments' in step && step.attachments?.includes('files'));
  if (!takesFiles || !run.session) return false;
  run.session.answers.files = [...filesIn(run.session.answers.files), file];
  return true;
}
