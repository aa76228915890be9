import { open } from 'node:fs/promises';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { LineAt, Path, Problem } from './problem.ts';

/** An author's file as data; `value` is null when it is none that can be read further. */
export interface Yaml {
  value: Record<string, unknown> | null;
  lineAt: LineAt;
  problems: Problem[];
}

/** Far beyond the longest conversation, and read in a blink. */
const MOST_BYTES = 512 * 1024;
/** One slip of the indentation gives hundreds of errors of which the first ones help. */
const MOST_ERRORS = 5;
/** A file that repeats itself by aliases may grow without end. */
const MOST_ALIASES = 100;

export async function readYaml(file: string): Promise<Yaml> {
  const read = await readText(file);
  return 'text' in read ? parseYaml(read.text, file) : nothing(file, 1, read.message, read.remedy);
}

type Text = { text: string } | { message: string; remedy: string };

async function readText(file: string): Promise<Text> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => error);
  if (handle instanceof Error) {
    const shipped = 'It is shipped with Hearback and belongs into FLOWS_DIR; see that it is there and can be read.';
    return { message: `The file cannot be opened (${handle.code ?? handle.message}).`, remedy: shipped };
  }
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES)
      return { message: `The file has ${size} bytes; ${MOST_BYTES} are read.`, remedy: 'Split it into several files.' };
    return decoded(await handle.readFile());
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return { message: `The file cannot be read (${why}).`, remedy: 'Put a text file in its place.' };
  } finally {
    await handle.close();
  }
}

function decoded(bytes: Uint8Array): Text {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { message: 'This is no UTF-8 text.', remedy: 'Save it as text in UTF-8.' };
  }
}

/** Whatever stands in the text: data or problems, and never an exception. */
export function parseYaml(text: string, file: string): Yaml {
  const odd = /(?![\t\n\r])\p{Cc}/u.exec(text);
  if (odd) {
    const line = text.slice(0, odd.index).split('\n').length;
    return nothing(file, line, 'There is a character here that is no text.', 'Save the file as plain text in UTF-8.');
  }
  const lines = new LineCounter();
  // The library's own sentences would repeat the place, with a picture of it.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, at: pos[0] }));
  const found = [...wrong, ...strayAliases(document)].map(({ message, at }) => ({ message, line: lineOf(at) }));
  const problems = firstOfEachLine(found).map(({ message, line }) =>
    mistake(file, line, asSentence(message), 'Mend the YAML.'),
  );
  if (problems.length > 0) return { value: null, lineAt: () => 1, problems };
  const value = plainValue(document);
  if (value instanceof Error) return nothing(file, 1, endless(value), 'Write the repeated parts out.');
  const lineAt: LineAt = (path) => lineOf(offsetAt(document, path));
  if (isRecord(value)) return { value, lineAt, problems: [] };
  return nothing(
    file,
    1,
    value === null ? 'The file is empty.' : 'The file is no map of keys.',
    'Begin with `key: value`.',
  );
}

const firstOfEachLine = <T extends { line: number }>(found: T[]): T[] =>
  [...new Map([...found].reverse().map((one) => [one.line, one])).values()].reverse().slice(0, MOST_ERRORS);

const nothing = (file: string, line: number, message: string, remedy: string): Yaml => ({
  value: null,
  lineAt: () => 1,
  problems: [mistake(file, line, message, remedy)],
});

const mistake = (file: string, line: number, message: string, remedy: string): Problem => ({
  file,
  line,
  severity: 'error',
  message,
  remedy,
});

const asSentence = (message: string): string => `${(message.split('\n')[0] ?? '').replace(/[.:]?$/, '')}.`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function strayAliases(document: Document): { message: string; at: number }[] {
  const found: { message: string; at: number }[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node) {
      if ('anchor' in node && node.anchor) anchors.add(node.anchor);
      if (isAlias(node) && !anchors.has(node.source))
        found.push({ message: `Nothing before this is called &${node.source}`, at: node.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** A tree of data without end has no JSON either: an alias within what it repeats. */
function plainValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    JSON.stringify(value);
    return value;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const endless = (error: Error): string =>
  error instanceof ReferenceError
    ? 'The file repeats itself too often by *aliases.'
    : `The file cannot be written out as data: ${asSentence(error.message)}`;

/** Where the last key of the path stands that is there. */
function offsetAt(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    const inside = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(inside) ? inside.items.find(({ key }) => isScalar(key) && String(key.value) === part) : null;
    node = pair ? pair.value : isSeq(inside) ? inside.items[Number(part)] : undefined;
    const place = pair ? pair.key : node;
    if (!isNode(place)) break;
    offset = place.range?.[0] ?? offset;
  }
  return offset;
}
