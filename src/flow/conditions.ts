import { parse } from '@marcbachmann/cel-js';
import type { Answer } from './types.ts';

type Expression = (context: Record<string, unknown>) => unknown;
const parsed = new Map<string, Expression | null>();
const MOST_PARSED = 5000;

export type Known = Record<string, Answer | boolean | string>;

function expression(source: string): Expression | null {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  let made: Expression | null = null;
  try {
    made = parse(source) as unknown as Expression;
  } catch {
    // `conditionProblem` tells the author; at run time such a condition does not hold
  }
  parsed.set(source, made);
  return made;
}

/** The value of a CEL expression over the answers; null where it has none (an unknown name, a type that does not fit). */
export function evaluate(source: string, known: Known): Answer {
  try {
    const value = expression(source)?.({ ...known });
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    return null;
  } catch {
    return null;
  }
}

export const holds = (source: string, known: Known): boolean => evaluate(source, known) === true;

/** Why an expression is no CEL; null when it is. */
export function conditionProblem(source: string): string | null {
  try {
    parse(source);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'not CEL') : String(error);
  }
}
