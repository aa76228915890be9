import { textFor } from '../domain/texts.ts';
import { following, plain } from './book.ts';
import { begin, proceed } from './proceed.ts';
import { askAgain, question } from './question.ts';
import { frameOf, type openAsk, phraseOf, type Run, refuseLength, tell } from './run.ts';
import type { Ask } from './source/schema.ts';
import { MOST_TEXT, type Pick, picksOf, type Reading, readButton, readMedia, readText } from './steps/ask.ts';
import { captionBeside, carries, fileBeside, filesIn } from './steps/contribute.ts';
import { spellings } from './system.ts';
import type { Input, Open } from './types.ts';
import { formatted, knownIn, labelsIn } from './values.ts';

export type At = NonNullable<ReturnType<typeof openAsk>>;

/** Holds an input against the open question. */
export function answer(run: Run, at: At, input: Input): void {
  const picks = picksOf(at.step, run.world, labelsIn(run));
  switch (input.kind) {
    case 'choice':
      return press(run, at, picks, input);
    case 'text': {
      const typed = { skip: spellings(run, 'skip'), done: spellings(run, 'done') };
      return take(run, at, readText(at.step, picks, at.open, input.text, knownIn(run, at.flow), typed), input);
    }
    case 'media':
      return takeMedia(run, at, picks, input);
    default:
      tell(run, 'unsupported');
  }
}

function press(run: Run, at: At, picks: Pick[], input: Extract<Input, { kind: 'choice' }>): void {
  const { nonce } = at.open;
  const what = input.data.startsWith(`${nonce}:`) ? input.data.slice(nonce.length + 1) : null;
  const reading = what === null ? null : readButton(at.step, picks, at.open, what, knownIn(run, at.flow));
  if (reading) take(run, at, reading, input);
  else stale(run, input);
}

/** A button of another question or person changes nothing; one just pressed is not worth a word. */
export function stale(run: Run, input: Input): void {
  const again = input.kind === 'choice' && run.session?.lastNonce && input.data.startsWith(`${run.session.lastNonce}:`);
  if (!again) tell(run, 'stale_button');
}

/** A file is taken where one is asked for; the words under it are never lost. */
function takeMedia(run: Run, at: At, picks: Pick[], input: Media): void {
  const { step, open, flow } = at;
  const { attachment, caption } = input;
  const reading = readMedia(step, attachment);
  const silent = caption.trim() === '';
  if (reading.kind === 'wrong' && isMenu(run, at))
    return keepLoose(run, { said: silent ? null : caption, file: attachment, messageId: null });
  if (silent) return take(run, at, reading, input);
  const name = step.save ?? step.id;
  if (reading.kind === 'answer' && step.ask === 'media')
    return take(run, at, reading, input, { [captionBeside(name)]: caption });
  const words = readText(step, picks, open, caption, knownIn(run, flow));
  if (words.kind === 'wrong') return take(run, at, words, input);
  if (reading.kind === 'answer') return take(run, at, words, input, { [fileBeside(name)]: attachment });
  tell(run, 'file_left_out');
  take(run, at, words, input);
}

/** The further files of an album go where its first one went; nobody is answered five times for five photos. */
export function joinsAlbum(run: Run, input: Input): boolean {
  const { session } = run;
  if (input.kind !== 'media' || !session?.album || session.album.id !== input.album) return false;
  const { answer: name } = session.album;
  if (name !== null) session.answers[name] = [...filesIn(session.answers[name]), input.attachment];
  return true;
}

/** After its first file: where that one is, if it was kept. */
export function beginAlbum(run: Run, input: Input): void {
  if (input.kind !== 'media' || input.album === undefined || !run.session) return;
  const kept = Object.entries(run.session.answers).find(([, answer]) => filesIn(answer).includes(input.attachment));
  run.session.album = { id: input.album, answer: kept?.[0] ?? null };
}

type Media = Extract<Input, { kind: 'media' }>;
type Beside = Record<string, string | Media['attachment']>;

function take(run: Run, at: At, reading: Reading, input: Input, beside: Beside = {}): void {
  const { step, open, flow } = at;
  const { session } = run;
  if (!session) return;
  const name = step.save ?? step.id;
  switch (reading.kind) {
    case 'wrong':
      return isSpeech(run, at, input) ? keepSpeech(run, input) : wrong(run, at, reading);
    case 'page':
      open.page = reading.page;
      return askAgain(run);
    case 'picked':
      open.picked = reading.picked;
      return askAgain(run);
    case 'skipped':
      for (const old of [name, fileBeside(name), captionBeside(name)]) delete session.answers[old];
      close(run, open);
      return proceed(run, step.next ?? following(flow, step.id));
    case 'answer':
      for (const old of [fileBeside(name), captionBeside(name)]) delete session.answers[old];
      Object.assign(session.answers, { [name]: reading.value }, beside);
      if (carries(flow, name)) session.messageId = input.kind === 'text' ? (input.messageId ?? null) : null;
      close(run, open);
      if (step.ask === 'consent') return proceed(run, consent(run, at, reading.value, input));
      return proceed(run, reading.next ?? step.next ?? following(flow, step.id));
  }
}

export function close(run: Run, open: Open): void {
  if (!run.session) return;
  run.session.lastNonce = open.nonce;
  run.session.open = null;
  run.session.timeoutAt = null;
}

/** Somebody who writes sentences or sends a file where a button was expected tells us something: it is kept, not corrected. */
const isMenu = (run: Run, { flow, step }: At): boolean =>
  step.ask === 'choice' && !flow.draft && run.person.consented && run.book.get('loose') !== undefined;

const isSpeech = (run: Run, at: At, input: Input): input is Extract<Input, { kind: 'text' }> =>
  isMenu(run, at) && input.kind === 'text' && plain(input.text).split(' ').length >= 3;

function keepSpeech(run: Run, { text, messageId }: Extract<Input, { kind: 'text' }>): void {
  keepLoose(run, { said: text, file: null, messageId: messageId ?? null });
}

/** What somebody said while nothing asked for it. */
export interface Loose {
  said: string | null;
  file: Media['attachment'] | null;
  messageId: string | null;
}

/** Words and files that come while nothing asks for them gather in one contribution, and are asked about. */
export function keepLoose(run: Run, { said, file, messageId }: Loose): void {
  const before = frameOf(run)?.flow === 'loose' ? (run.session?.answers ?? {}) : {};
  const earlier = typeof before.said === 'string' ? before.said : null;
  const words = [earlier, said].filter((each) => each !== null).join('\n\n');
  if (words.length > MOST_TEXT) return refuseLength(run, words.length);
  const files = [...filesIn(before.files), ...(file ? [file] : [])];
  begin(run, 'loose', { said: words || null, files: files.length > 0 ? files : null });
  // Words of two messages: no one of them may replace the whole when it is edited.
  if (run.session) run.session.messageId = earlier === null ? messageId : null;
}

function consent(run: Run, { step, flow }: At, value: unknown, input: Input): string | null {
  const version = step.consent?.version ?? '1';
  const agreed = value === 'agree';
  const label = textFor(labelsIn(run)(agreed ? 'agree' : 'decline'), run.person.language, run.world.languages);
  const words = input.kind === 'text' ? input.text.trim() : label;
  run.events.push({ kind: agreed ? 'consented' : 'declined', version, words });
  run.person.consented = agreed;
  const next = step.next ?? following(flow, step.id);
  return agreed ? next : (step.declined ?? next);
}

function wrong(run: Run, at: At, reading: Extract<Reading, { kind: 'wrong' }>): void {
  const { step, open, flow } = at;
  open.tries += 1;
  if (step.retries !== undefined && open.tries >= step.retries && (step.otherwise || step.skip)) {
    close(run, open);
    return proceed(run, step.otherwise ?? step.next ?? following(flow, step.id));
  }
  run.events.push({ kind: 'said', message: question(run, flow, step, correction(run, at, step, reading)) });
}

function correction(run: Run, { flow }: At, step: Ask, reading: Extract<Reading, { kind: 'wrong' }>): string {
  const own = reading.key === 'wrong_choice' ? undefined : step.check?.message;
  return own ? formatted(run, flow, own) : phraseOf(run)(reading.key, reading.values);
}
