import type { z } from 'zod';
import { meant } from '../../../core/didYouMean.ts';
import type { Problem, Report } from '../../../core/problem.ts';
import type { Path } from '../../../core/yaml.ts';

type Issue = z.core.$ZodIssue;

const HINT = 'See flows/flow.schema.json for what is allowed.';

/**
 * What a schema has against a value, in an author's words.
 * @param keys those that the value itself may have, to guess which one was meant
 */
export function shapeProblems(
  schema: z.ZodType,
  value: unknown,
  report: Report,
  { keys, hint = HINT }: { keys?: readonly string[]; hint?: string } = {},
): Problem[] {
  const issues = (schema.safeParse(value).error?.issues ?? []).map((issue) => deepest(issue));
  return issues.flatMap((issue) => told(issue, value, report, keys, hint));
}

function told(issue: Issue, value: unknown, report: Report, keys: readonly string[] | undefined, hint: string) {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const remedy = path.length === 0 && keys ? meant(key, keys) : hint;
      return report([...path, key], `"${[...path, key].join('.')}" is not known here.`, remedy);
    });
  const name = path.join('.') || 'this';
  if (path.length > 0 && isMissing(value, path)) return [report(path, `"${name}" is missing.`, 'Add it.')];
  const remedy = issue.code === 'invalid_value' ? meant(String(valueAt(value, path)), issue.values.map(String)) : hint;
  return [report(path, `"${name}" ${demand(issue)}.`, remedy)];
}

const KINDS: Record<string, string> = { string: 'a text', number: 'a number', int: 'a whole number', array: 'a list' };
const kind = (name: string): string => KINDS[name] ?? (['object', 'record'].includes(name) ? 'a map of keys' : name);

function demand(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kind(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at least ${issue.minimum}`
        : 'must not be empty';
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_key':
      return `must be named with ${issue.issues[0]?.message ?? 'other letters'}`;
    default:
      return `must be ${issue.message}`;
  }
}

/** Of several things that a value may be, the one that it comes nearest to. */
function deepest(issue: Issue, above: Path = []): Issue {
  const here = { ...issue, path: [...above, ...issue.path] as PropertyKey[] } as Issue;
  if (issue.code !== 'invalid_union') return here;
  const within = issue.errors.flat().map((inner) => deepest(inner, here.path as Path));
  const deep = within.filter((inner) => inner.path.length > here.path.length || inner.code === 'unrecognized_keys');
  return deep.sort((one, other) => other.path.length - one.path.length)[0] ?? here;
}

const isMissing = (value: unknown, path: Path): boolean => valueAt(value, path) === undefined;

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path)
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined;
  return found;
}
