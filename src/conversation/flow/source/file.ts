import { type LineAt, type Problem, problemsOf, readAuthorFile } from '../../../core/problem.ts';

/** An author's file as data; `value` is null when it cannot be checked further. */
export interface Yaml {
  value: Record<string, unknown> | null;
  lineAt: LineAt;
  problems: Problem[];
}

/** A file that could not be opened, and why. */
export function unopened(file: string, why: string): Yaml {
  const remedy = 'See that it is in FLOWS_DIR and can be read; one is shipped with Hearback.';
  return nothing(file, `The file cannot be opened (${why}). ${remedy}`);
}

/** Whatever stands in the text: data or problems, and never an exception. */
export function parseYaml(text: string, file: string): Yaml {
  const { value, problems, lineAt } = readAuthorFile(text, file);
  if (value === undefined) return { value: null, lineAt, problems };
  if (isRecord(value)) return { value, lineAt, problems };
  const what = value === null ? 'The file is empty.' : 'The file is not a map of keys.';
  return nothing(file, `${what} Begin with \`key: value\`.`);
}

const nothing = (file: string, message: string): Yaml => ({
  value: null,
  lineAt: () => 1,
  problems: problemsOf(file, [{ line: 1, message }]),
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
