import type { z } from 'zod';
import { expectFileOf } from '../core/authorFile.ts';
import { meant } from '../core/didYouMean.ts';
import { inTwo, mistakeOf, problemLine, readAuthorFile, refuseErrors } from '../core/problem.ts';
import type { Path } from '../core/yaml.ts';
import { findingsIn, type KnownNames, type ProcessFinding } from './rules.ts';
import { MISSING, PARTS, type ProcessDefinition, processSchema } from './schema.ts';

export type { ProcessDefinition };

const EXAMPLE = 'flows/example.process.yaml shows a whole process.';

/**
 * Reads and checks a process; `warnings`: what is doubtful in it. `known`: names outside it that it may use; left out:
 * not checked.
 * @throws UserError with every error, each with file, line and remedy
 */
export function readProcess(
  text: string,
  file: string,
  known: KnownNames = {},
): { process: ProcessDefinition; warnings: string[] } {
  const { value, problems, report } = readAuthorFile(text, file);
  if (value === undefined) refuseErrors(problems);
  expectFileOf('process', value, file);
  if (!isMap(value)) throw mistakeOf([report([], shapeWords(value), EXAMPLE)]);
  const told = ({ path, message, warning }: ProcessFinding) => {
    const words = inTwo(message);
    return report(path, words.message, words.remedy, warning ? 'warning' : 'error');
  };
  const read = processSchema.safeParse(value, { error: shapeError });
  const shape = (read.error?.issues ?? []).flatMap(shapeFindings).map(told);
  const rules = findingsIn(value, known).map(told);
  refuseErrors([...problems, ...shape, ...rules]);
  if (!read.success) throw mistakeOf(shape);
  return { process: read.data, warnings: rules.map(problemLine) };
}

/** @throws UserError with every error, each with file, line and remedy */
export const parseProcess = (text: string, file: string): ProcessDefinition => readProcess(text, file).process;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shapeWords = (value: unknown): string =>
  value === null || value === undefined
    ? 'this file is empty.'
    : `this file is ${Array.isArray(value) ? 'a list' : 'a single text'}; a process has keys such as name, languages and timeZone.`;

function shapeFindings(issue: z.core.$ZodIssue): ProcessFinding[] {
  const path = issue.path as Path;
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message.replace(/(?<![?.])$/, '.') }];
  const part = PARTS[String(path[0])];
  const known = Object.keys((part ?? processSchema).shape);
  const whose = part ? (OF[String(path[0])] ?? String(path[0])) : 'a process';
  return issue.keys.map((key) => ({ path: [...path, key], message: `is not a key of ${whose}. ${meant(key, known)}` }));
}

/** What a list has in it. */
const OF: Record<string, string> = {
  stages: 'a stage',
  events: 'an event',
  opportunities: 'an opportunity',
  questions: 'a question',
  faq: 'an entry of the faq',
  themes: 'a theme',
  places: 'a place',
  members: 'a member',
  workingGroups: 'a working group',
  setAside: 'a reason to set aside',
};

const KINDS: Record<string, string> = {
  string: 'a text; numbers and dates need quotes around them',
  array: 'a list',
  object: 'keys with values',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What is wrong with the shape, in an author's words. */
function shapeError(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return MISSING;
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'too_small') return 'is empty. Fill it in, or leave the key out';
  return undefined;
}

/** The process until an organizer has applied one. */
export const DEFAULT_PROCESS: ProcessDefinition = processSchema.parse({
  name: {
    en: 'Open government action plan',
    es: 'Plan de acción de gobierno abierto',
    fr: 'Plan d’action pour un gouvernement ouvert',
  },
  languages: ['en', 'es', 'fr'],
  timeZone: 'UTC',
});
