import { captionBeside, fileBeside, filesIn } from './files.ts';
import type { Run } from './run.ts';
import type { Answer, Input, Session } from './types.ts';

/** The further files of an album go where its first one went; nobody is answered five times for five photos. */
export function joinsAlbum(run: Run, input: Input): boolean {
  const { session } = run;
  if (input.kind !== 'media' || !session?.album || session.album.id !== input.album) return false;
  const { answer: name } = session.album;
  const caption = input.caption.trim();
  // Nothing could be kept of the album: its words are a message of their own.
  if (name === null) return caption === '';
  session.answers[name] = [...filesIn(session.answers[name]), input.attachment];
  if (caption !== '') addWords(session, name, input.caption);
  return true;
}

/** Beside the files: to the words they came with, or as theirs. */
function addWords(session: Session, name: string, caption: string): void {
  const { answers } = session;
  const owner = Object.keys(answers).find((other) => fileBeside(other) === name);
  const place = name === 'files' && 'said' in answers ? 'said' : (owner ?? captionBeside(name));
  const before: Answer | undefined = answers[place];
  answers[place] = typeof before === 'string' ? `${before}\n\n${caption}` : caption;
}

/** After its first file: where that one is, if it was kept. */
export function beginAlbum(run: Run, input: Input): void {
  if (input.kind !== 'media' || input.album === undefined || !run.session) return;
  const kept = Object.entries(run.session.answers).find(([, answer]) => filesIn(answer).includes(input.attachment));
  run.session.album = { id: input.album, answer: kept?.[0] ?? null };
}
