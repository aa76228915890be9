import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

type Signal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';
const NUMBERS: Record<Signal, number> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** How long a command that lasts until it is asked to end has for that: it is killed soon after. */
const STOP_WITHIN_MS = 10_000;
/** For what never comes to an end by itself. */
const CLOSE_WITHIN_MS = 60_000;
const LOOK_FOR_PARENT_MS = 250;

/** What is open now, to be closed however the command ends. */
const open = new Set<() => Promise<unknown>>();
/** What was given up for that is not a failure. */
const ENDED = new Error('The process was asked to end.');
let by: Signal = 'SIGTERM';
/** Aborted when somebody asks the process to end. */
const asked = new AbortController();
let lasting = false;

/** For what takes long to open: aborted when the process is asked to end. Its reason is not reported. */
export const askedToEnd: AbortSignal = asked.signal;

/** Does the work on what is opened, and closes that: after the work, or when the process is asked to end meanwhile. */
export async function during<T, R>(
  opening: Promise<T>,
  close: (opened: T) => Promise<unknown>,
  work: (opened: T) => Promise<R>,
): Promise<R> {
  let closing: Promise<unknown> | null = null;
  const closeOnce = () => (closing ??= opening.then(close, () => undefined));
  open.add(closeOnce);
  try {
    const result = await work(await opening);
    await closeOnce();
    return result;
  } catch (error) {
    // What went wrong first says more than what could not be closed after it.
    await closeOnce().catch(() => undefined);
    throw error;
  } finally {
    open.delete(closeOnce);
  }
}

/** For a command that lasts until the process is asked to end, and has then done its work. */
export async function untilAskedToEnd(): Promise<void> {
  lasting = true;
  if (!asked.signal.aborted) await once(asked.signal, 'abort');
}

/**
 * Runs a command, closes what it has open and ends the process with its code, whatever else may still be under way.
 * @param failed says what went wrong, and gives the code for it
 */
export async function endWith(
  command: () => Promise<number>,
  failed: (error: unknown) => Promise<number>,
): Promise<never> {
  listenForTheEnd();
  let told: Promise<number> | null = null;
  // The first says it: others are what followed from it.
  const tell = (error: unknown) => (told ??= error === ENDED ? Promise.resolve(1) : failed(error).catch(tellOfFiles));
  const running = command().catch(tell);
  const astray = new Promise<number>((resolve) => {
    process.on('uncaughtException', (error) => resolve(tell(error)));
  });
  const code = await Promise.race([running, astray, askedCode(running)]);
  endWithin(CLOSE_WITHIN_MS, code || 1);
  for (const close of [...open].reverse()) await close().catch(() => undefined);
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit(code);
}

/** Even the words for what went wrong are read from a file, which an update of Hearback may have taken away. */
function tellOfFiles({ code }: NodeJS.ErrnoException): number {
  process.stderr.write(
    `Hearback's own files are not whole, or were changed while the command ran (${code ?? 'unknown'}). Compile them with \`npm run build\`, and try again.\n`,
  );
  return 1;
}

function listenForTheEnd(): void {
  const ask = (signal: Signal) => {
    by = signal;
    asked.abort(ENDED);
  };
  // Once each: who asks a second time does not want to wait.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, ask);
  // `nohup` has it ignored, and takes the terminal away: then it stays ignored.
  if (isatty(0)) process.once('SIGHUP', ask);
  // biome-ignore lint/style/noProcessEnv: no setting, but how npm tells that it began this process
  if (process.env.npm_lifecycle_event !== undefined) whenOrphaned(() => ask('SIGTERM'));
}

/** npm hands a signal to the shell between itself and us, which ends without passing it on. */
function whenOrphaned(end: () => void): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    end();
  }, LOOK_FOR_PARENT_MS).unref();
}

/** The code for being asked to end: the command's own where it lasts until then. */
async function askedCode(running: Promise<number>): Promise<number> {
  if (!asked.signal.aborted) await once(asked.signal, 'abort');
  if (lasting) endWithin(STOP_WITHIN_MS, 1);
  return lasting ? running : 128 + NUMBERS[by];
}

const endWithin = (ms: number, code: number) => void setTimeout(() => process.exit(code), ms).unref();

/** What is on its way to a pipe would be lost. */
const written = (stream: Writable) => new Promise<void>((resolve) => void stream.write('', () => resolve()));
