import { wordsOf } from '../../contributions/parts.ts';
import { textFor } from '../../core/texts.ts';
import { isUnseen } from '../../core/unseen.ts';
import { agreedAndMore } from './agreedAndMore.ts';
import { captionBeside, fileBeside } from './files.ts';
import { following } from './flowRegistry.ts';
import { keptAside, keptFile, waitsUntilAgreed } from './freeText.ts';
import { freeTextIn } from './heardWords.ts';
import { messageIn, setWords } from './held.ts';
import { intentOf } from './intents.ts';
import { languageChosen, speak } from './languages.ts';
import { choiceOf } from './meant.ts';
import { spellings } from './ownQuestions.ts';
import { ask, askAgain, question } from './question.ts';
import { type At, close, openAsk, phraseOf, type Run, tell, tellUnsupported } from './run.ts';
import type { Ask } from './source/schema.ts';
import { begin, proceed } from './stepRunner.ts';
import { isWork } from './steps/act.ts';
import { type AnswerReading, buttons, type Pick, picksOf, readButton, readMedia, readText } from './steps/ask.ts';
import { carries } from './steps/contribute.ts';
import { isName } from './talk.ts';
import type { Answer, Input } from './types.ts';
import { formatted, knownIn, labelsIn } from './values.ts';

/** Holds an input against the open question. */
export function answer(run: Run, at: At, input: Input): void {
  const language = languageIn(run, at, input);
  if (language !== undefined) return beginIn(run, at, language);
  const picks = picksOf(at.step, run.world, labelsIn(run));
  switch (input.kind) {
    case 'choice':
      return press(run, at, picks, input);
    case 'text':
      if (agreesWithMore(run, at, input)) return;
      return take(run, at, readTyped(run, at, picks, input.text), input);
    case 'media':
      if (agreesWithMore(run, at, input)) return;
      return takeMedia(run, at, picks, input);
    case 'unsupported':
      return tellUnsupported(run, input);
    default:
      tell(run, 'unsupported');
  }
}

function languageIn(run: Run, { step, open }: At, input: Input): string | undefined {
  const said = input.kind === 'choice' ? input.data : input.kind === 'text' ? input.text : '';
  return languageChosen(run, step, open.nonce, said);
}

/** All that was said before the question is said again, in words that are understood. */
function beginIn(run: Run, { flow, open }: At, language: string): void {
  speak(run, language);
  close(run, open);
  proceed(run, flow.steps[0]?.id ?? null);
}

/** Whoever says in one message that they take part, and an idea or a file, has given both. True when they have. */
function agreesWithMore(run: Run, at: At, input: Extract<Input, { kind: 'text' | 'media' }>): boolean {
  const loose = at.step.ask === 'consent' && !at.step.consent?.to ? freeTextIn(input) : null;
  if (!loose || loose.said === null || loose.forwarded !== null) return false;
  const both = agreedIn(run, loose.said, loose.file !== null);
  if (!both || !waitsUntilAgreed(run, { ...loose, said: both.more })) return false;
  const { took } = run;
  take(run, at, { kind: 'answer', value: 'agree' }, { kind: 'text', text: both.agreed });
  run.took = took;
  return true;
}

/** Beside a file nothing more needs to be said than yes. */
function agreedIn({ registry: { intents } }: Run, said: string, withFile: boolean) {
  const isYes = withFile && intentOf(intents, said, ['agree']) !== null;
  return isYes ? { agreed: said, more: null } : agreedAndMore(intents, said);
}

const readTyped = (run: Run, { step, open, flow }: At, picks: Pick[], text: string): AnswerReading =>
  readText(step, picks, open, text, () => knownIn(run, flow), {
    skip: spellings(run, 'skip'),
    done: spellings(run, 'done'),
    isName: (words) => isName(run, words),
    intentOf: (words, among) => intentOf(run.registry.intents, words, among),
    choiceOf: (words, options, how) => choiceOf(run.registry.intents, words, options, how),
  });

/** What the question makes of these words; null: they are none of its answers. */
export function readingOf(run: Run, at: At, said: string): Exclude<AnswerReading['kind'], 'wrong'> | null {
  if (languageIn(run, at, { kind: 'text', text: said }) !== undefined) return 'answer';
  const { kind } = readTyped(run, at, picksOf(at.step, run.world, labelsIn(run)), said);
  return kind === 'wrong' ? null : kind;
}

/** In one line, above the buttons: the words are no answer to this question. */
export function askToChoose(run: Run, { flow, step }: At): void {
  const { length } = picksOf(step, run.world, labelsIn(run));
  if (length === 0) return askAgain(run);
  ask(run, flow, step, phraseOf(run)('wrong_choice', { count: length }));
}

function press(run: Run, at: At, picks: Pick[], input: Extract<Input, { kind: 'choice' }>): void {
  const { nonce } = at.open;
  const what = input.data.startsWith(`${nonce}:`) ? input.data.slice(nonce.length + 1) : null;
  const reading = what === null ? null : readButton(at.step, picks, at.open, what, () => knownIn(run, at.flow));
  if (!reading) return stale(run, input);
  run.words = labelOf(run, at, picks, input.data);
  take(run, at, reading, input);
}

function labelOf(run: Run, { step, open }: At, picks: Pick[], data: string): string {
  const shown = buttons(step, picks, open, run.person.language, run.world.languages, phraseOf(run));
  return shown.find((button) => button.data === data)?.label ?? '';
}

/** Two presses within this time count as one: the answer to the first is on its way. */
const DOUBLE_PRESS_MS = 2_000;
export const isDoublePress = ({ world, seenBefore }: Run): boolean => world.now - seenBefore < DOUBLE_PRESS_MS;

/**
 * A button of another question or person changes nothing; whoever presses it is told where they are, or what to do instead.
 * One that was just pressed is pressed again by whoever saw no answer: what is open is asked once more.
 */
export function stale(run: Run, input: Input): void {
  const again = input.kind === 'choice' && run.session?.lastNonce && input.data.startsWith(`${run.session.lastNonce}:`);
  if (again && isDoublePress(run)) return;
  const at = openAsk(run);
  if (at) return again ? askAgain(run) : askHere(run, at);
  if (run.person.consented) tell(run, again ? 'pressed_before' : 'used_button');
  else begin(run, 'welcome', {});
}

function askHere(run: Run, { flow, step, open }: At): void {
  delete open.asking;
  ask(run, flow, step, `${phraseOf(run)('earlier_button')}\n\n${formatted(run, flow, step.text)}`);
}

/** A file is taken where one is asked for; the words under it are never lost. */
function takeMedia(run: Run, at: At, picks: Pick[], input: Media): void {
  const { step } = at;
  const { attachment, caption } = input;
  const reading = readMedia(step, attachment);
  const silent = isUnseen(caption);
  if (keptFile(run, at, attachment))
    return silent ? askAgain(run) : take(run, at, readTyped(run, at, picks, caption), input);
  if (reading.kind === 'wrong' && keptAside(run, at, input)) return;
  if (silent) return take(run, at, reading, input);
  const name = step.save ?? step.id;
  if (reading.kind === 'answer' && step.ask === 'media')
    return take(run, at, reading, input, { [captionBeside(name)]: caption });
  const words = readTyped(run, at, picks, caption);
  if (words.kind === 'wrong') return take(run, at, words, input);
  if (reading.kind === 'answer') return take(run, at, words, input, { [fileBeside(name)]: attachment });
  tell(run, 'file_left_out');
  take(run, at, words, input);
}

type Media = Extract<Input, { kind: 'media' }>;
type Beside = Record<string, string | Media['attachment']>;

function take(run: Run, at: At, reading: AnswerReading, input: Input, beside: Beside = {}): void {
  const { step, open, flow } = at;
  const { session } = run;
  if (!session) return;
  const name = step.save ?? step.id;
  switch (reading.kind) {
    case 'wrong':
      return void (keptAside(run, at, input) || wrong(run, at, reading));
    case 'page':
      open.page = reading.page;
      return askAgain(run);
    case 'picked':
      run.took = null;
      open.picked = reading.picked;
      return askAgain(run);
    case 'skipped':
      run.took = null;
      noteAnswered(run, at, input, SKIP);
      for (const old of [name, fileBeside(name), captionBeside(name)]) delete session.answers[old];
      close(run, open);
      return proceed(run, step.next ?? following(flow, step.id));
    case 'answer':
      run.took = name;
      noteAnswered(run, at, input, pickOf(run, at, reading.value));
      delete session.answers[captionBeside(name)];
      Object.assign(session.answers, { [name]: reading.value }, beside);
      for (const [other, words] of Object.entries({ [name]: reading.value, ...beside }))
        if (typeof words === 'string' && isWritten(step)) setWords(session, other, wordsOf(words, messageIn(input)));
      if (carries(flow, name)) session.messageAnswer = name;
      close(run, open);
      if (step.ask === 'consent') return proceed(run, consent(run, at, reading.value, input));
      return proceed(run, reading.next ?? step.next ?? following(flow, step.id));
  }
}

const SKIP = 's';

function pickOf(run: Run, { step }: At, value: Answer): string {
  const index = picksOf(step, run.world, labelsIn(run)).findIndex((pick) => isPicked(pick, value));
  return index < 0 ? '' : `o${index}`;
}

const isPicked = ({ value }: Pick, answer: Answer): boolean =>
  typeof answer === 'boolean' ? value === (answer ? 'yes' : 'no') : value === String(answer);

/** @param what the button that says the same; empty: there is none */
function noteAnswered(run: Run, { flow, step, open }: At, { kind }: Input, what: string): void {
  if (kind === 'choice') return;
  const asked = question(run, flow, step, open.words);
  const { choices = [] } = asked;
  if (choices.length === 0) return;
  const index = what.startsWith('o') ? Number(what.slice(1)) : -1;
  const standing = step.stands ? choices[index]?.data : undefined;
  run.answered = { question: asked, data: standing ?? `${open.nonce}:${what}` };
}

/** In the person's own words: an edit of their message is an edit of the answer. */
const isWritten = ({ ask }: Ask): boolean => ask === 'text' || ask === 'media';

function consent(run: Run, { step, flow }: At, value: unknown, input: Input): string | null {
  const { version = '1', to } = step.consent ?? {};
  const agreed = value === 'agree';
  const label = textFor(labelsIn(run)(agreed ? 'agree' : 'decline'), run.person.language, run.world.languages);
  const words = input.kind === 'text' ? input.text.trim() : label;
  const next = step.next ?? following(flow, step.id);
  if (to === 'profile') run.events.push({ kind: 'asked_for_profile', agreed, version, words });
  else {
    run.events.push({ kind: agreed ? 'consented' : 'declined', version, words });
    run.person.consented = agreed;
  }
  return agreed ? next : (step.declined ?? next);
}

function wrong(run: Run, at: At, reading: Extract<AnswerReading, { kind: 'wrong' }>): void {
  const { step, open, flow } = at;
  if (reading.key === 'wrong_no_media' && isWork(flow)) return askInWriting(run, at);
  open.tries += 1;
  if (step.retries !== undefined && open.tries >= step.retries && (step.otherwise || step.skip)) {
    close(run, open);
    return proceed(run, step.otherwise ?? step.next ?? following(flow, step.id));
  }
  ask(run, flow, step, correction(run, at, step, reading));
}

/** What members write goes to somebody as it is; what was asked for is said again with that. */
function askInWriting(run: Run, { step, flow }: At): void {
  const asked = formatted(run, flow, step.text);
  ask(run, flow, step, `${phraseOf(run)('work_written')}\n\n${asked}`);
}

function correction(run: Run, { flow }: At, step: Ask, reading: Extract<AnswerReading, { kind: 'wrong' }>): string {
  const own = reading.key === 'wrong_choice' ? undefined : step.check?.message;
  return own ? formatted(run, flow, own) : phraseOf(run)(reading.key, reading.values);
}
