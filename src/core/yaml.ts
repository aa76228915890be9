import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

export type Path = readonly (string | number)[];

export interface Complaint {
  line: number;
  message: string;
}

/** A file as its author wrote it, with the line of each of its parts. */
export interface YamlFile {
  value: unknown;
  /** What keeps it from being read, or from being read without doubt. */
  complaints: Complaint[];
  /** The line of a part, or of the nearest one around it that is there. */
  lineOf(path: Path): number;
  /** The line of a key itself, which can stand before its value. */
  lineOfKey(path: Path, key: string): number;
}

/** More is not a file that somebody wrote. */
const MOST_CHARACTERS = 1_000_000;
const CONTROL = /(?![\t\n\r])\p{Cc}|\uFFFD/u;

const UNREADABLE = 'this cannot be read as YAML. Compare it with an example and correct it.';

/** Reads any text; whatever is wrong with it is a complaint. */
export function readYaml(text: string): YamlFile {
  if (text.length > MOST_CHARACTERS) return unreadable(1, 'this is too long for such a file. Check its name.');
  const control = CONTROL.exec(text);
  if (control) {
    const line = text.slice(0, control.index).split('\n').length;
    return unreadable(line, 'here is a character that no text has. Check the name, or save the file as text in UTF-8.');
  }
  try {
    return read(text);
  } catch {
    // Whatever the parser stumbles over is in the author's text: it does not give all that it refuses as an error.
    return unreadable(1, UNREADABLE);
  }
}

const unreadable = (line: number, message: string): YamlFile => ({
  value: undefined,
  complaints: [{ line, message }],
  lineOf: () => line,
  lineOfKey: () => line,
});

function read(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const mistakes = document.errors.map((error) => ({ line: lineAt(error.pos[0]), message: errorWords(error, text) }));
  const references = referencesIn(document).map((offset) => ({ line: lineAt(offset), message: REFERENCE }));
  const complaints = [...mistakes, ...references];
  const broken = references.length > 0 || document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
  const lineOfNode = (node: unknown) => (isNode(node) && node.range ? lineAt(node.range[0]) : 1);
  return {
    value: broken ? undefined : document.toJS(),
    complaints,
    lineOf: (path) => lineOfNode(deepest(document, path)),
    lineOfKey: (path, key) => lineOfNode(keyNode(document, path, key) ?? deepest(document, path)),
  };
}

function errorWords({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return UNREADABLE;
  if (code !== 'DUPLICATE_KEY') return `${message}. Check quotes and indentation; a text with : or # needs quotes.`;
  const key = /^[^:\n]*/.exec(text.slice(pos[0]))?.[0].trim();
  return `${key} stands here a second time. Keep one of the two.`;
}

const REFERENCE =
  'a value that begins with & or * means another place of the file. Put quotes around a text, or write the value out.';

/** References are of no use in such files, and a few of them can stand for thousands of millions of values. */
function referencesIn(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Alias: (_, { range }) => void found.push(range?.[0] ?? 0),
    Value: (_, { anchor, range }) => void (anchor !== undefined && found.push(range?.[0] ?? 0)),
  });
  return found;
}

function deepest(document: Document, path: Path): Node | null {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node;
  }
  return document.contents as Node | null;
}

function keyNode(document: Document, path: Path, key: string): unknown {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.key : undefined;
}
