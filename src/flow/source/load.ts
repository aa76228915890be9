import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { Mistake } from '../../domain/errors.ts';
import type { Texts } from '../../domain/texts.ts';
import { createBook, type FlowBook, plain } from '../book.ts';
import type { Catalog } from '../messages.ts';
import { checkFlows } from './check.ts';
import { type Flow, flowSchema, STEP_KINDS, type StepKind } from './schema.ts';

export interface Problem {
  file: string;
  line: number;
  severity: 'error' | 'warning';
  message: string;
  remedy: string;
}

/** A flow with the place of each of its steps, for whoever has something to say about it. */
export interface Source {
  flow: Flow;
  file: string;
  lineOf(step: string): number;
}

export const problemLine = (problem: Problem): string =>
  `${problem.file}:${problem.line}: ${problem.severity}: ${problem.message} ${problem.remedy}`;

export interface Reading {
  sources: Source[];
  messages: Catalog;
  problems: Problem[];
}

/** Reads `*.flow.yaml` and `messages.yaml` of a folder, and checks all of it together. */
export async function readFlows(folder: string): Promise<Reading> {
  const names = await readdir(folder).catch(() => {
    throw new Mistake(`FLOWS_DIR: there is no folder ${folder}. Name the folder with the *.flow.yaml files.`);
  });
  const problems: Problem[] = [];
  const sources: Source[] = [];
  for (const name of names.filter((file) => file.endsWith('.flow.yaml')).sort()) {
    const file = path.join(folder, name);
    const read = parseFlow(await readFile(file, 'utf8'), file);
    problems.push(...read.problems);
    if (read.source) sources.push(read.source);
  }
  const messages = await readCatalog(path.join(folder, 'messages.yaml'));
  return { sources, messages, problems: [...problems, ...checkFlows(sources)] };
}

/**
 * The book of a folder. Versions are the authors' with a mark of the content: a flow that was changed under its old
 * number is another version all the same.
 * @throws Mistake with all errors, each with file and line.
 */
export async function openBook(folder: string): Promise<FlowBook> {
  const { sources, messages, problems } = await readFlows(folder);
  const errors = problems.filter((problem) => problem.severity === 'error').map(problemLine);
  if (errors.length > 0) throw new Mistake(errors.join('\n'), errors);
  return createBook(
    sources.map((source) => stamped(source.flow)),
    messages,
  );
}

function stamped(flow: Flow): Flow {
  const mark = createHash('sha256').update(JSON.stringify(flow)).digest('hex').slice(0, 8);
  return { ...flow, version: `${flow.version}-${mark}` };
}

async function readCatalog(file: string): Promise<Catalog> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(`${file} is missing; it is shipped with Hearback and belongs into FLOWS_DIR.`);
  });
  const { texts, commands, words } = parseDocument(text).toJS() as {
    texts: Record<string, Texts>;
    commands: Record<string, Texts>;
    words: Record<string, string[]>;
  };
  const pairs = Object.entries(words).flatMap(([command, list]) => list.map((word) => [plain(word), command] as const));
  return { texts, commands, words: Object.fromEntries(pairs) };
}

/** One flow; problems of shape with the line of what is wrong. */
export function parseFlow(text: string, file: string): { source?: Source; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      problem(file, lines.linePos(error.pos[0]).line, error.message.split('\n')[0] ?? '', 'Mend the YAML.'),
    );
    return { problems };
  }
  const raw: unknown = document.toJS({ maxAliasCount: 100 });
  const lineAt = (path: (string | number)[]) => lineOf(document, lines, path);
  const shape = shapeProblems(raw, file, lineAt);
  const read = flowSchema.safeParse(raw);
  if (shape.length > 0 || !read.success) {
    const rest =
      shape.length > 0
        ? []
        : (read.error?.issues ?? []).map((issue) => problem(file, lineAt(issue.path as string[]), issue.message, HINT));
    return { problems: [...shape, ...rest] };
  }
  const flow = read.data;
  const index = new Map(flow.steps.map((step, at) => [step.id, at]));
  return { source: { flow, file, lineOf: (id) => lineAt(['steps', index.get(id) ?? 0]) }, problems: [] };
}

const HINT = 'See flows/flow.schema.json for what is allowed.';
const problem = (file: string, line: number, message: string, remedy: string): Problem => ({
  file,
  line,
  severity: 'error',
  message,
  remedy,
});

/** Each step against the schema of its own kind, so that the message is about that kind alone. */
function shapeProblems(raw: unknown, file: string, lineAt: (path: (string | number)[]) => number): Problem[] {
  const steps = (raw as { steps?: unknown } | null)?.steps;
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown, at): Problem[] => {
    const kind = kindOf(step);
    if (!kind)
      return [
        problem(
          file,
          lineAt(['steps', at]),
          'This step has no kind.',
          `Give it one of: ${Object.keys(STEP_KINDS).join(', ')}.`,
        ),
      ];
    const read = STEP_KINDS[kind].safeParse(step);
    return (read.error?.issues ?? []).map((issue) =>
      problem(
        file,
        lineAt(['steps', at, ...(issue.path as string[])]),
        `${kind}: ${issue.path.join('.')} ${issue.message}.`,
        HINT,
      ),
    );
  });
}

const kindOf = (step: unknown): StepKind | undefined =>
  typeof step === 'object' && step !== null
    ? (Object.keys(STEP_KINDS) as StepKind[]).find((kind) => Object.hasOwn(step, kind))
    : undefined;

function lineOf(document: Document, lines: LineCounter, path: (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
