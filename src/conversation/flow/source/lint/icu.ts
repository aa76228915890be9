import { IntlMessageFormat } from 'intl-messageformat';

/** Of the ICU parser's codes, those that authors meet. */
const REASONS: Record<string, string> = {
  EXPECT_ARGUMENT_CLOSING_BRACE: 'a { is not closed',
  UNCLOSED_QUOTE_IN_ARGUMENT_STYLE: 'a quotation mark is not closed',
  EMPTY_ARGUMENT: 'nothing stands between { and }',
  MALFORMED_ARGUMENT: 'what stands between { and } is not a name',
  INVALID_ARGUMENT_TYPE: 'after a name and a comma, `select` or `plural` is wanted',
  MISSING_OTHER_CLAUSE: 'the branch `other {…}` is missing',
  EXPECT_SELECT_ARGUMENT_OPTIONS: 'no branches follow',
  EXPECT_SELECT_ARGUMENT_SELECTOR: 'a branch has no name',
  EXPECT_SELECT_ARGUMENT_SELECTOR_FRAGMENT: 'a branch has no text in { }',
  EXPECT_PLURAL_ARGUMENT_SELECTOR: 'a branch has no name',
  EXPECT_PLURAL_ARGUMENT_SELECTOR_FRAGMENT: 'a branch has no text in { }',
  DUPLICATE_SELECT_ARGUMENT_SELECTOR: 'two branches have one name',
  DUPLICATE_PLURAL_ARGUMENT_SELECTOR: 'two branches have one name',
};

/** A text as it was read. */
export interface IcuMessage {
  /** Why it is not a message, in plain words; null when it is one. */
  problem: string | null;
  /** The names that it puts in; none when it is not a message. */
  names: ReadonlySet<string>;
  /** How long it can become of itself, by its longest branches; names count as long as `sizeOf` knows. */
  longest(sizeOf: (name: string) => number): number;
  /** How it reads where nothing is said of what is put in: by its last branches, with a word for each name. */
  read: string;
}

export function readMessage(text: string): IcuMessage {
  if (!MARKS.test(text)) return { problem: null, names: new Set(), longest: () => text.length, read: text };
  try {
    const elements = new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst() as Element[];
    const names = new Set(elements.flatMap(namesOf));
    return { problem: null, names, longest: (sizeOf) => lengthOf(elements, sizeOf), read: readOf(elements) };
  } catch (error) {
    const code = error instanceof Error ? error.message : String(error);
    const problem = REASONS[code] ?? code.toLowerCase().replaceAll('_', ' ');
    return { problem, names: new Set(), longest: () => text.length, read: text };
  }
}

/** Most texts have none of them, and are what they say. */
const MARKS = /[{}']/;

/** A name, or words between names. */
interface Element {
  type: number;
  value?: string;
  options?: Record<string, { value: Element[] }>;
}
/** Of the parser's kinds of element: words alone, and `#` in a plural. */
const LITERAL = 0;
const POUND = 7;

function namesOf(element: Element): string[] {
  const within = Object.values(element.options ?? {}).flatMap((option) => option.value.flatMap(namesOf));
  return element.type === LITERAL || element.type === POUND ? [] : [element.value ?? '', ...within];
}

const readOf = (elements: readonly Element[]): string =>
  elements
    .map(({ type, value = '', options }) => {
      if (options) return readOf(Object.values(options).at(-1)?.value ?? []);
      return type === LITERAL ? value : type === POUND ? '2' : 'X';
    })
    .join('');

function lengthOf(elements: Element[], sizeOf: (name: string) => number): number {
  const size = ({ type, value = '', options }: Element): number => {
    if (options) return Math.max(0, ...Object.values(options).map((option) => lengthOf(option.value, sizeOf)));
    return type === LITERAL ? value.length : type === POUND ? 1 : sizeOf(value);
  };
  return elements.reduce((sum, element) => sum + size(element), 0);
}
