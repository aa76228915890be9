import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import type { Answer } from './types.ts';
import { wordsIn } from './words.ts';

type Expression = (context: Record<string, unknown>) => unknown;
const parsed = new Map<string, Expression | null>();
const MOST_PARSED = 5000;

export type KnownValues = Record<string, Answer | boolean | string>;
/** Asked only where there is a condition: most questions have none, and every turn reads an answer. */
export type KnownNow = () => KnownValues;

/** An author's expression is a line, not a program. */
const LIMITS = { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };
const environment = forAuthors(new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS }));

/** More words than anybody compares with. */
const MOST_WORDS = 1000;

/** With `wordCount(text)`, which counts in any script. */
function forAuthors(base: Environment): Environment {
  base.registerFunction('wordCount(string): int', (text: string) => BigInt(wordsIn(text, MOST_WORDS)));
  return mixingNumbers(base);
}

/** CEL refuses `count + 1` when count came as a JSON number; for authors there is one kind of number. */
function mixingNumbers(base: Environment): Environment {
  const operators = {
    '+': (a: number, b: number) => a + b,
    '-': (a: number, b: number) => a - b,
    '*': (a: number, b: number) => a * b,
    '/': (a: number, b: number) => a / b,
  };
  for (const [sign, compute] of Object.entries(operators))
    for (const types of [`double ${sign} int`, `int ${sign} double`])
      base.registerOperator(types, (a: unknown, b: unknown) => compute(Number(a), Number(b)));
  return base;
}

function expression(source: string): Expression | null {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  let made: Expression | null = null;
  try {
    const read = environment.parse(source);
    if (!callsRegex(read.ast)) made = read as unknown as Expression;
  } catch {
    // `conditionProblem` tells the author; at run time such a condition does not hold
  }
  parsed.set(source, made);
  return made;
}

/** The value of a CEL expression over the answers; null where it has none (an unknown name, a type that does not fit). */
export function evaluate(source: string, known: KnownValues): Answer {
  try {
    const value = expression(source)?.(Object.assign(Object.create(null), known));
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    return null;
  } catch {
    return null;
  }
}

export const holds = (source: string, known: KnownValues): boolean => evaluate(source, known) === true;

/** Why an expression is not CEL, or names what is not among `names`; null when it is right. */
export function conditionProblem(source: string, names?: Iterable<string>): string | null {
  try {
    const { ast } = environment.parse(source);
    // V8's regular expressions go back and forth: one unlucky answer would stop the whole service for seconds.
    if (callsRegex(ast)) return 'matches() is not there: compare, or use startsWith, endsWith, contains and size';
    return names ? nameProblem(source, names) : null;
  } catch (error) {
    return firstLine(error);
  }
}

function nameProblem(source: string, names: Iterable<string>): string | null {
  const declared = forAuthors(new Environment({ limits: LIMITS }));
  for (const name of new Set(names)) declared.registerVariable(name, 'dyn');
  const { valid, error } = declared.check(source);
  return valid ? null : firstLine(error);
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? 'not CEL') : String(error);

/** Nodes hold nodes, strings and lists of both; a call holds its name as the first argument. */
function callsRegex(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(callsRegex);
  if (typeof node !== 'object' || node === null || !('op' in node)) return false;
  const { op, args } = node as ASTNode;
  if ((op === 'rcall' || op === 'call') && Array.isArray(args) && args[0] === 'matches') return true;
  return callsRegex(args);
}
