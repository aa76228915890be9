import { execFile } from 'node:child_process';
import path from 'node:path';
import { Writable } from 'node:stream';
import { environmentTable } from '../../src/config.ts';
import { failed, run } from '../../src/interfaces/cli/run.ts';

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** No setting at all, whatever the `.env` of the working folder says. */
export const NOTHING_SET: Record<string, string> = Object.fromEntries(
  [...environmentTable().matchAll(/^\| `(\w+)`/gm)].map(([, key]) => [key ?? '', '']),
);

/** A command as organizers call it, with these settings and no other; in this process, one after the other. */
export async function command(args: string[], env: Record<string, string>): Promise<Ended> {
  const [out, err] = [kept(), kept()];
  const putBack = [replaced('stdout', out.stream), replaced('stderr', err.stream)];
  const before = { env: process.env, exitCode: process.exitCode };
  Object.assign(process, { env: { ...process.env, ...NOTHING_SET, ...env }, exitCode: undefined });
  try {
    const code = await run(args).catch(failed);
    return { code, out: out.text(), err: err.text() };
  } finally {
    Object.assign(process, before);
    for (const put of putBack) put();
  }
}

function kept() {
  const chunks: Buffer[] = [];
  const stream = new Writable({ write: (chunk, _, done) => done(void chunks.push(Buffer.from(chunk))) });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** Has another stream in the place of one of this process's; gives what puts that back. */
function replaced(name: 'stdout' | 'stderr', stream: Writable): () => void {
  const before = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, { configurable: true, value: stream });
  return () => void (before && Object.defineProperty(process, name, before));
}

/** The same as a process of its own: for what shows in how that begins and ends. */
export const commandProcess = (args: string[], env: Record<string, string>): Promise<Ended> =>
  commandIn('.', args, { ...NOTHING_SET, ...env });

/** A command in a folder, whose `.env` counts. */
export function commandIn(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { cwd, env: { PATH, HOME, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const PROGRAM = path.resolve('dist/hearback.js');
