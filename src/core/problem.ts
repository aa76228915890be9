import { UserError } from './errors.ts';
import { type Complaint, type Path, readYaml } from './yaml.ts';

/** Something wrong in an author's file: where it is, and what to do about it. */
export interface Problem {
  file: string;
  line: number;
  severity: Severity;
  message: string;
  remedy: string;
}
/** An error keeps the file from being used; a warning does not. */
export type Severity = 'error' | 'warning';

export type LineAt = (path: Path) => number;

/** Reports on one part of a file; the path begins at that part. */
export type Report = (path: Path, message: string, remedy: string, severity?: Severity) => Problem;

/** An author's file as data, with what its YAML alone has wrong; `value` is undefined when it cannot be looked at further. */
export interface AuthorFile {
  value: unknown;
  problems: Problem[];
  /** The line of a key, or of an item of a list; of the nearest part around it that is there. */
  lineAt: LineAt;
  /** Reports on a part of the file, which is named before the message: `stages.outreach.closes: …`. */
  report: Report;
}

/** Gives data or problems for any text; it never throws. */
export function readAuthorFile(text: string, file: string): AuthorFile {
  const { value, complaints, lineOf, lineOfKey } = readYaml(text);
  const lineAt: LineAt = (path) => {
    const last = path.at(-1);
    return typeof last === 'string' ? lineOfKey(path.slice(0, -1), last) : lineOf(path);
  };
  const report: Report = (path, message, remedy, severity = 'error') => ({
    ...{ file, line: lineAt(path), severity, remedy },
    message: [placeIn(value, path), message].filter(Boolean).join(': '),
  });
  return { value, problems: problemsOf(file, complaints), lineAt, report };
}

/** One wrong indentation can cause hundreds of errors, of which only the first help. */
const MOST_TOLD = 5;

/** What keeps a file from being read, one for each line. */
export function problemsOf(file: string, complaints: readonly Complaint[]): Problem[] {
  const firstOfEachLine = new Map([...complaints].reverse().map((one) => [one.line, one]));
  const told = [...firstOfEachLine.values()].reverse().slice(0, MOST_TOLD);
  return told.map(({ line, message }) => ({ file, line, severity: 'error', ...inTwo(message) }));
}

/** The first sentence says what is wrong, the others what to do about it. */
export function inTwo(words: string): { message: string; remedy: string } {
  const [, message = words, remedy = ''] = /^(.*?[.?!]) (.+)$/s.exec(words) ?? [];
  return { message, remedy };
}

/** As compilers tell it, so that editors find the place: `file:line: message remedy`, warnings marked as such. */
export const problemLine = ({ file, line, severity, message, remedy }: Problem): string =>
  `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message} ${remedy}`.trimEnd();

export const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((one, other) => compare(one.file, other.file) || one.line - other.line);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** @throws UserError with every error among them, in their order; warnings are left out */
export function refuseErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw mistakeOf(errors);
}

export function mistakeOf(problems: readonly Problem[]): UserError {
  const lines = inOrder(problems).map(problemLine);
  return new UserError(lines.join('\n'), lines);
}

/** A place as its author names it: items of a list by their id or value, else by their number from 1 on. */
function placeIn(value: unknown, path: Path): string {
  let part: unknown = value;
  const names = path.map((step) => {
    part = (part as Record<string | number, unknown> | null | undefined)?.[step];
    const { id, value } = (part ?? {}) as { id?: unknown; value?: unknown };
    const name = typeof id === 'string' ? id : value;
    return typeof step === 'string' ? step : typeof name === 'string' ? name : `${step + 1}`;
  });
  return names.map(onOneLine).join('.');
}

const LONGEST_NAME = 60;

/** YAML lets a whole map be a key. */
function onOneLine(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME).toWellFormed()}…` : line;
}
