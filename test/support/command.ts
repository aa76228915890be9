import { execFile } from 'node:child_process';
import path from 'node:path';
import { environmentTable } from '../../src/config.ts';

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** No setting at all, whatever the `.env` of the working folder says. */
export const NOTHING_SET: Record<string, string> = Object.fromEntries(
  [...environmentTable().matchAll(/^\| `(\w+)`/gm)].map(([, key]) => [key ?? '', '']),
);

/** A command as organizers call it, in an environment of nothing else. */
export const command = (args: string[], env: Record<string, string>): Promise<Ended> =>
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
