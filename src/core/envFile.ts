import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UserError } from './errors.ts';

/** What a file `.env` says. */
export interface EnvFile {
  values: Record<string, string | undefined>;
  /** Where a key stands: `.env:3`. Null for one that is not in the file. */
  place(key: string): string | null;
}

/** Null when there is none. @throws UserError that names the line which sets nothing, or why the file cannot be read */
export function readEnvFile(file: string): EnvFile | null {
  const text = textOf(file);
  if (text === null) return null;
  const lines = linesOf(text, file);
  const place = (key: string) => (lines.has(key) ? `${file}:${lines.get(key)}` : null);
  return { values: parseEnv(text), place };
}

function textOf(file: string): string | null {
  try {
    // Editors on Windows put a mark before the first key.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new UserError(`${file}: cannot be read (${code}). Let this user read it, or take it away.`);
  }
}

const SETS = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(["'`]?)(.*)$/;

/** The line of each key, the last where it is set twice. */
function linesOf(text: string, file: string): Map<string, number> {
  const lines = text.split(/\r?\n/);
  const found = new Map<string, number>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const [, key, quote, value] = SETS.exec(line) ?? [];
    if (key === undefined)
      throw new UserError(`${file}:${at + 1}: sets nothing. Write KEY=value, or # before a comment.`);
    found.set(key, at + 1);
    if (quote && !value?.includes(quote)) at = closing(lines, at, quote);
  }
  return found;
}

/** The line on which a value that began with this quote ends; the same where it never does. */
function closing(lines: string[], from: number, quote: string): number {
  const at = lines.findIndex((line, index) => index > from && line.includes(quote));
  return at === -1 ? from : at;
}
