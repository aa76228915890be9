import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { UserError } from '../../src/core/errors.ts';

/** What a command said, and the mistake of its user that ended it; null: none did. */
export interface Heard {
  out: string;
  err: string;
  mistake: string | null;
}

/** Somebody who sits at the terminal. */
export interface Typist {
  /** What they wait for. */
  asked: RegExp;
  /** Typed once, when they are asked. */
  keys: string;
  /** Done between the question and their answer. */
  meanwhile?: () => Promise<unknown>;
}

type Streams = Record<'stdin' | 'stdout' | 'stderr', PassThrough>;

/** One command of those that `add` makes, in this process; without a typist nobody is there to be asked. */
export async function heardAt(
  add: (program: Command, streams: Streams) => void,
  args: string[],
  typist?: Typist,
): Promise<Heard> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  if (typist !== undefined) sitDown(typist, streams);
  const heard: Heard = { out: '', err: '', mistake: null };
  streams.stdout.on('data', (shown: Buffer) => void (heard.out += shown));
  streams.stderr.on('data', (shown: Buffer) => void (heard.err += shown));
  const program = new Command('hearback').exitOverride();
  add(program, streams);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    heard.mistake = error.message;
  }
  return heard;
}

function sitDown({ asked, keys, meanwhile = async () => undefined }: Typist, { stdin, stdout, stderr }: Streams): void {
  Object.assign(stdin, { isTTY: true, setRawMode: () => undefined });
  Object.assign(stdout, { isTTY: true });
  let typed = false;
  for (const side of [stdout, stderr])
    side.on('data', (shown: Buffer) => {
      if (typed || !asked.test(String(shown))) return;
      typed = true;
      void meanwhile().then(() => setImmediate(() => stdin.write(keys)));
    });
}
