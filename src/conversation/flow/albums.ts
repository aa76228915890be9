import { wordsOf } from '../../contributions/parts.ts';
import { isUnseen } from '../../core/unseen.ts';
import { amend } from './amend.ts';
import { captionBeside, fileBeside, filesIn } from './files.ts';
import { keepFile } from './freeText.ts';
import { addWords } from './held.ts';
import { flowOf, frameOf, openAsk, type Run } from './run.ts';
import type { Input, Session } from './types.ts';

type Media = Extract<Input, { kind: 'media' }>;

/** The further files of an album go where its first one went; nobody is answered five times for five photos. */
export function joinsAlbum(run: Run, input: Input): boolean {
  const { session } = run;
  if (input.kind !== 'media' || !session?.album || session.album.id !== input.album) return false;
  const { answer: name } = session.album;
  const silent = isUnseen(input.caption);
  // The question takes no files: its words are a message of their own.
  if (name === null) return joinsBeside(run, input);
  // Where they are asked about by themselves, they are asked about again.
  if (!silent && frameOf(run)?.flow === 'loose') return false;
  amend(run, () => {
    session.answers[name] = [...filesIn(session.answers[name]), input.attachment];
    if (!silent) addCaption(run, session, name, input);
  });
  return true;
}

/** Where its first file was kept beside the question, if it was. */
function joinsBeside(run: Run, { attachment, caption }: Media): boolean {
  const at = openAsk(run);
  if (!isUnseen(caption)) return false;
  if (at) keepFile(run, at, attachment);
  return true;
}

/** Under whichever of its photos they stand, the words of an album are those that its files came with. */
function addCaption(run: Run, session: Session, files: string, { caption, messageId = null }: Media): void {
  const { answers } = session;
  const name = wordsBeside(run, session, files);
  if (name === files) {
    answers[fileBeside(name)] = answers[files] ?? null;
    if (session.album) session.album.answer = fileBeside(name);
  }
  addWords(session, name, wordsOf(caption, messageId));
  if (name === captionBeside(files)) return;
  session.messageAnswer = name;
  run.took = name;
}

/** The answer that the words of these files are: where a text was asked for, the files stand beside it. */
function wordsBeside(run: Run, { answers }: Session, files: string): string {
  const owner = Object.keys(answers).find((other) => fileBeside(other) === files);
  if (owner !== undefined) return owner;
  if (files === 'files' && frameOf(run)?.flow === 'welcome') return 'said';
  return isAskedAsText(run, files) ? files : captionBeside(files);
}

function isAskedAsText(run: Run, name: string): boolean {
  const frame = frameOf(run);
  const flow = frame && flowOf(run, frame);
  return flow?.steps.some((step) => 'ask' in step && step.ask === 'text' && (step.save ?? step.id) === name) ?? false;
}

/** After its first file: where that one is, if it was kept. */
export function beginAlbum(run: Run, input: Input): void {
  if ((input.kind !== 'media' && input.kind !== 'begin') || input.album === undefined || !run.session) return;
  const first = input.kind === 'media' ? [input.attachment] : Object.values(input.answers).flatMap(filesIn);
  const kept = Object.entries(run.session.answers).find(([, answer]) =>
    filesIn(answer).some((file) => first.includes(file)),
  );
  run.session.album = { id: input.album, answer: kept?.[0] ?? null };
}
