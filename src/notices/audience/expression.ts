import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { type Condition, DEEDS, type Deed, FACTS, type Fact, joined, PROPERTIES, type Property } from './audience.ts';
import {
  deedOf,
  exampleOf,
  isName,
  isOneOf,
  MOST_VALUES,
  propertyOf,
  REMEDY,
  type TermReading,
  unknownName,
  unseenFor,
} from './terms.ts';

/**
 * Far more than an author may write, because stored expressions grow: for instance with those who had a notice and have
 * not answered.
 */
const MOST_NODES = 100_000;
const LIMITS = {
  maxAstNodes: MOST_NODES,
  maxDepth: 100,
  maxListElements: MOST_VALUES,
  maxMapEntries: 1,
  maxCallArguments: 8,
};
const environment = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });

const SIGNS = 'Use == != in && || ! and brackets, and quotes around values.';

/** Parses an author's CEL expression. It is only parsed, never evaluated. */
export function readExpression(source: string, reading: TermReading): Condition | null {
  if (source.trim() === '') return reading.complain(`is empty. ${REMEDY}`);
  let ast: ASTNode;
  try {
    ast = environment.parse(source).ast;
  } catch (error) {
    return reading.complain(`cannot be read${nearWords(source, error)}. ${SIGNS}`);
  }
  return conditionOf(ast, reading);
}

function nearWords(source: string, error: unknown): string {
  const start = (error as { range?: { start: number } }).range?.start;
  if (start === undefined) return '';
  const rest = source.slice(start).trim();
  return rest === '' ? ': it ends too early' : ` from "${excerpt(rest)}" on`;
}

const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text);

function conditionOf(node: ASTNode, reading: TermReading): Condition | null {
  switch (node.op) {
    case '&&':
      return both('all', node.args, reading);
    case '||':
      return both('any', node.args, reading);
    case '!_':
      return negation(conditionOf(node.args, reading));
    case 'id':
      return factOf(node.args, reading);
    case 'call':
      return callOf(node.args[0], node.args[1], reading);
    case '==':
    case '!=':
    case 'in':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node.op, node.args, reading);
    default:
      return reading.complain(`"${written(node)}" is not a condition. ${SIGNS}`);
  }
}

const written = (node: ASTNode): string => excerpt(node.input.slice(node.range.start, node.range.end));
const negation = (condition: Condition | null): Condition | null => condition && { not: condition };

/** Reads both sides, so that all mistakes are reported together. */
function both(how: 'all' | 'any', sides: [ASTNode, ASTNode], reading: TermReading): Condition | null {
  const [left, right] = sides.map((side) => conditionOf(side, reading));
  return left && right ? joined(how, [left, right]) : null;
}

function factOf(word: string, reading: TermReading): Condition | null {
  if (isOneOf(FACTS, word)) return { [word]: true } as Record<Fact, true>;
  if (isOneOf(DEEDS, word))
    return reading.complain(`${word} says of what in brackets, such as ${word}("${exampleOf(word, reading)}").`);
  if (isName(word)) return reading.complain(`${word} has to be compared with something. ${SIGNS}`);
  return unknownName(word, reading);
}

function callOf(word: string, args: ASTNode[], reading: TermReading): Condition | null {
  if (isOneOf(DEEDS, word)) {
    const values = args.flatMap((arg) => textOf(arg) ?? []);
    return deedOf(word as Deed, values.length < args.length ? [] : values, reading);
  }
  if (isOneOf(FACTS, word)) return reading.complain(`${word} stands without brackets.`);
  if (isName(word)) return reading.complain(`${word} is compared, such as ${word} == "…".`);
  return unknownName(word, reading);
}

const MIRRORED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function comparison(sign: string, [left, right]: [ASTNode, ASTNode], reading: TermReading): Condition | null {
  if (sign !== 'in' && left.op !== 'id' && right.op === 'id')
    return comparison(MIRRORED[sign] ?? sign, [right, left], reading);
  if (left.op !== 'id') return reading.complain(`"${written(left)}" is nothing to compare. ${SIGNS}`);
  const name = left.args;
  if (name === 'unseen_days') return unseenOf(sign, right, reading);
  if (isOneOf(FACTS, name)) return factCompared(sign, name, right, reading);
  if (!isOneOf(PROPERTIES, name)) return factOf(name, reading);
  return propertyCompared(sign, name, right, reading);
}

function propertyCompared(sign: string, name: Property, right: ASTNode, reading: TermReading): Condition | null {
  if (MIRRORED[sign]) return reading.complain(`${name} cannot be compared with ${sign}. ${SIGNS}`);
  const values = sign === 'in' ? textsOf(right) : textOf(right) === null ? null : [textOf(right) as string];
  if (values === null) {
    const example = sign === 'in' ? `${name} in ["…", "…"]` : `${name} ${sign} "…"`;
    return reading.complain(`${name} is compared with texts in quotes: ${example}.`);
  }
  const condition = propertyOf(name, values, reading);
  return sign === '!=' ? negation(condition) : condition;
}

/** Whole days: more than 30 is at least 31. */
function unseenOf(sign: string, right: ASTNode, reading: TermReading): Condition | null {
  const days = right.op === 'value' && typeof right.args === 'bigint' ? Number(right.args) : null;
  if (!MIRRORED[sign] || days === null)
    return reading.complain(`unseen_days is compared with a whole number of days: unseen_days > 30.`);
  const condition = unseenFor(sign === '>' || sign === '<=' ? days + 1 : days, reading);
  return sign.startsWith('<') ? negation(condition) : condition;
}

function factCompared(sign: string, name: Fact, right: ASTNode, reading: TermReading): Condition | null {
  if ((sign !== '==' && sign !== '!=') || right.op !== 'value' || typeof right.args !== 'boolean')
    return reading.complain(`${name} stands alone, or as !${name}.`);
  const condition = factOf(name, reading);
  return right.args === (sign === '==') ? condition : negation(condition);
}

const textOf = (node: ASTNode): string | null =>
  node.op === 'value' && typeof node.args === 'string' ? node.args : null;

function textsOf(node: ASTNode): string[] | null {
  if (node.op !== 'list') return null;
  const texts = node.args.flatMap((item) => textOf(item) ?? []);
  return texts.length < node.args.length ? null : texts;
}
