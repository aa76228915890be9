import { execFile } from 'node:child_process';

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** A command as organizers call it, in an environment of nothing else. */
export function command(args: string[], env: Record<string, string>): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/hearback.js', ...args], { env: { PATH, HOME, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
