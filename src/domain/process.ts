import type { z } from 'zod';
import { Mistake } from './errors.ts';
import { nearest } from './nearest.ts';
import { type Finding, findingsIn, type Known } from './processRules.ts';
import { MISSING, PARTS, type ProcessDefinition, processSchema } from './processSchema.ts';
import { type Path, readYaml, type YamlFile } from './yaml.ts';

export type { ProcessDefinition };

const EXAMPLE = 'flows/example.process.yaml shows a whole process.';

/**
 * A checked process, and what is doubtful in it. `known`: what it may name outside itself, where that is to be checked.
 * @throws Mistake with every error, each with file, line and remedy
 */
export function readProcess(
  text: string,
  file: string,
  known: Known = {},
): { process: ProcessDefinition; warnings: string[] } {
  const yaml = readYaml(text);
  const at = ({ line, message }: { line: number; message: string }) => `${file}:${line}: ${message}`;
  if (yaml.value === undefined && yaml.complaints.length > 0) throw mistake(yaml.complaints.map(at));
  if (!isMap(yaml.value)) throw mistake([at({ line: 1, message: `${shapeWords(yaml.value)} ${EXAMPLE}` })]);
  const read = processSchema.safeParse(yaml.value, { error: shapeError });
  const rules = findingsIn(yaml.value, known);
  const spoken = (finding: Finding) => ({ line: lineOf(finding, yaml), message: words(finding, yaml.value) });
  const shape = (read.error?.issues ?? []).flatMap(shapeFindings).map(spoken);
  const wrong = rules.filter(({ warning }) => !warning).map(spoken);
  const all = [...yaml.complaints, ...shape, ...wrong].sort((a, b) => a.line - b.line).map(at);
  if (!read.success || all.length > 0) throw mistake(all);
  const doubtful = rules.filter(({ warning }) => warning).map(spoken);
  return {
    process: read.data,
    warnings: doubtful.map(({ line, message }) => at({ line, message: `warning: ${message}` })),
  };
}

/** @throws Mistake with every error, each with file, line and remedy */
export const parseProcess = (text: string, file: string): ProcessDefinition => readProcess(text, file).process;

const mistake = (all: string[]): Mistake => new Mistake(all.join('\n'), all);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shapeWords = (value: unknown): string =>
  value === null || value === undefined
    ? 'this file is empty.'
    : `this file is ${Array.isArray(value) ? 'a list' : 'a single text'}; a process has keys such as name, languages and timeZone.`;

/** A key that is not known, by itself: its line is where it stands, not where its neighbours are. */
interface UnknownKey extends Finding {
  key: string;
}

function shapeFindings(issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path as Path;
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message.replace(/(?<![?.])$/, '.') }];
  const part = PARTS[String(path[0])];
  const known = Object.keys((part ?? processSchema).shape);
  const whose = part ? (OF[String(path[0])] ?? String(path[0])) : 'a process';
  return issue.keys.map((key): UnknownKey => {
    const like = nearest(key, known);
    const remedy = like ? `Did you mean ${like}?` : `Known here: ${known.join(', ')}.`;
    return { path, key, message: `is no key of ${whose}. ${remedy}` };
  });
}

/** What a list has in it. */
const OF: Record<string, string> = {
  stages: 'a stage',
  events: 'an event',
  opportunities: 'an opportunity',
  questions: 'a question',
  themes: 'a theme',
  places: 'a place',
  members: 'a member',
};

const keyOf = (finding: Finding): string | null => (finding as Partial<UnknownKey>).key ?? null;

function lineOf(finding: Finding, yaml: YamlFile): number {
  const key = keyOf(finding);
  return key === null ? yaml.lineOf(finding.path) : yaml.lineOfKey(finding.path, key);
}

/** The place as its author names it, `stages.outreach.closes`, then what is wrong there. */
function words(finding: Finding, process: unknown): string {
  const key = keyOf(finding);
  const path = key === null ? finding.path : [...finding.path, key];
  let part: unknown = process;
  const names = path.map((step) => {
    part = (part as Record<string | number, unknown> | undefined)?.[step];
    const { id, value } = (part ?? {}) as { id?: unknown; value?: unknown };
    const name = typeof id === 'string' ? id : value;
    return typeof step === 'string' ? step : typeof name === 'string' ? name : `${step + 1}`;
  });
  return `${names.map(onOneLine).join('.')} ${finding.message}`;
}

const LONGEST_NAME = 60;

/** YAML lets a whole map be a key. */
function onOneLine(name: string): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME).toWellFormed()}…` : line;
}

const KINDS: Record<string, string> = {
  string: 'a text; numbers and dates need quotes around them',
  array: 'a list',
  object: 'keys with values',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What is wrong with the shape, in words of the author's world. */
function shapeError(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return MISSING;
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'too_small') return 'is empty. Fill it in, or leave the key out';
  return undefined;
}

/** What stands until an organizer has applied a process. */
export const DEFAULT_PROCESS: ProcessDefinition = processSchema.parse({
  name: {
    en: 'Open government action plan',
    es: 'Plan de acción de gobierno abierto',
    fr: 'Plan d’action pour un gouvernement ouvert',
  },
  languages: ['en', 'es', 'fr'],
  timeZone: 'UTC',
});
