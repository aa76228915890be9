import { readFile } from 'node:fs/promises';
import { type Complaint, readYaml as read } from '../../domain/yaml.ts';
import type { LineAt, Problem } from './problem.ts';

/** An author's file as data; `value` is null when it is none that can be looked at further. */
export interface Yaml {
  value: Record<string, unknown> | null;
  lineAt: LineAt;
  problems: Problem[];
}

/** One slip of the indentation gives hundreds of complaints, of which the first ones help. */
const MOST_TOLD = 5;

export async function readYaml(file: string): Promise<Yaml> {
  try {
    return parseYaml(await readFile(file, 'utf8'), file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const remedy = 'See that it is in FLOWS_DIR and can be read; one is shipped with Hearback.';
    return nothing(file, [{ line: 1, message: `The file cannot be opened (${why}). ${remedy}` }]);
  }
}

/** Whatever stands in the text: data or problems, and never an exception. */
export function parseYaml(text: string, file: string): Yaml {
  const { value, complaints, lineOf, lineOfKey } = read(text);
  if (value === undefined) return nothing(file, complaints);
  if (!isRecord(value)) {
    const what = value === null ? 'The file is empty.' : 'The file is no map of keys.';
    return nothing(file, [...complaints, { line: 1, message: `${what} Begin with \`key: value\`.` }]);
  }
  const lineAt: LineAt = (path) => {
    const last = path.at(-1);
    return typeof last === 'string' ? lineOfKey(path.slice(0, -1), last) : lineOf(path);
  };
  return { value, lineAt, problems: problemsOf(file, complaints) };
}

const nothing = (file: string, complaints: Complaint[]): Yaml => ({
  value: null,
  lineAt: () => 1,
  problems: problemsOf(file, complaints),
});

function problemsOf(file: string, complaints: Complaint[]): Problem[] {
  const firstOfEachLine = new Map([...complaints].reverse().map((one) => [one.line, one]));
  const told = [...firstOfEachLine.values()].reverse().slice(0, MOST_TOLD);
  return told.map(({ line, message: words }): Problem => {
    const [, message = words, remedy = 'Mend it.'] = /^(.*?[.?!]) (.+)$/s.exec(words) ?? [];
    return { file, line, severity: 'error', message, remedy };
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
