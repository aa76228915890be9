import { looksForFaults } from '../../config.ts';
import { UserError } from '../../core/errors.ts';
import { createLog, errorFacts } from '../../core/pinoLog.ts';
import { isDiskFull, isOutage } from '../../store/database.ts';

/** Says what went wrong and what to do about it, in a line for the person who typed the command. */
export function tellFault(error: unknown): void {
  process.stderr.write(`${faultWords(error)}\n`);
  if (looksForFaults()) createLog('debug').error('What ended the command', {}, error);
}

function faultWords(error: unknown): string {
  for (const each of causes(error)) {
    const words = each instanceof UserError ? each.message : (fileWords(each) ?? databaseWords(each));
    if (words !== null) return words;
  }
  return ownWords(error);
}

/** An error, what is gathered in it, and what caused it. */
function* causes(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return;
  yield error;
  if (error instanceof AggregateError) for (const each of error.errors) yield* causes(each);
  yield* causes(error.cause);
}

const ABOUT_FILES: Record<string, string> = {
  EACCES: 'this user may not go there. Change its permissions, or who runs the command.',
  EPERM: 'this user may not do that. Change its permissions, or who runs the command.',
  ENOENT: 'is not there. Make it, or name another.',
  ENOTDIR: 'is below something that is not a folder. Name another.',
  EISDIR: 'is a folder. Name a file.',
  EEXIST: 'is there already. Take it away, or name another.',
  EROFS: 'its disk cannot be written to. Name a place on another.',
  ENOSPC: 'its disk is full. Make room, and run the command again.',
  EDQUOT: 'the room given to this user is used up. Make room, and run the command again.',
  EMFILE: 'too many files are open. Raise the limit with `ulimit -n`.',
  EIO: 'its disk cannot be read or written. See to the disk.',
};

function fileWords(error: unknown): string | null {
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const about = ABOUT_FILES[code];
  if (about === undefined) return null;
  return `${path ?? (syscall === 'write' ? 'What the command writes to' : 'A file')}: ${about} (${code})`;
}

function databaseWords(error: unknown): string | null {
  if (isDiskFull(error))
    return 'The disk of the database is full: nothing more was kept. Make room, and run the command again.';
  return isOutage(error)
    ? 'The database went away while the command ran. See that it runs and run the command again; what was not done yet is done then.'
    : null;
}

function ownWords(error: unknown): string {
  const { type, message } = errorFacts(error);
  const what = [type, message]
    .filter(Boolean)
    .join(': ')
    .replace(/\s*\n\s*/g, ' ');
  return `Hearback has a fault of its own (${what}). LOG_LEVEL=debug shows where; please report it.`;
}
