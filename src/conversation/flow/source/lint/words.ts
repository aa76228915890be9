import { meant } from '../../../../core/didYouMean.ts';
import type { Problem, Report, Severity } from '../../../../core/problem.ts';
import type { Texts } from '../../../../core/texts.ts';
import { isUnseen } from '../../../../core/unseen.ts';
import type { Path } from '../../../../core/yaml.ts';
import { type IcuMessage, readMessage } from './icu.ts';

/** One text of an author, in all its languages. */
export interface AuthorText {
  /** Where it stands, from where the report begins. */
  path: Path;
  /** What it is, as a sentence about it begins. */
  what: string;
  texts: Texts;
  /** Languages that nothing else is in are welcome. */
  inAny?: true | undefined;
  /** Shown as it is written, as a choice's label is; everything else is a message with names in it. */
  raw?: boolean;
  /** Characters that fit; a message's when left out. */
  most?: number | undefined;
  /** Names that may be put in; left out when they are not known. */
  names?: ReadonlySet<string> | undefined;
  /** Names that only this text may put in. */
  given?: readonly string[];
  /** How long a name's value can become, for those that are known. */
  sizeOf?: ((name: string) => number) | undefined;
}

/** Telegram's message, beyond which a text is torn in two. */
const MOST_TEXT = 4096;
/** Slack's button. */
export const MOST_LABEL = 75;
/** What a phone shows of one. */
const COMFORTABLE_LABEL = 25;

/** Languages, message format, names and lengths of one text. */
export function textProblems(text: AuthorText, languages: readonly string[], report: Report): Problem[] {
  const tell = (more: Path, message: string, remedy: string, severity?: Severity) =>
    report([...text.path, ...more], `${text.what} ${message}`, remedy, severity);
  const versions = versionsOf(text.texts).map((version) => ({ ...version, message: readMessage(version.words) }));
  return [
    ...languageProblems(text, languages, tell),
    ...versions.flatMap((version) => [
      ...(text.raw ? rawProblems(version, tell) : messageProblems(text, version, tell)),
      ...lengthProblems(text, version, tell),
      ...(isUnseen(version.words) ? [tell(version.path, 'is blank.', 'Write what people are to read.')] : []),
    ]),
    ...(text.raw ? [] : differences(text, versions, tell)),
  ];
}

/** A text as it is in every language. */
export const wordsOf = (texts: Texts): string[] => versionsOf(texts).map(({ words }) => words);

/** A text in one language, or in all of them; the path begins at the text. */
interface Version {
  path: Path;
  words: string;
  message: IcuMessage;
}

const versionsOf = (texts: Texts): Omit<Version, 'message'>[] =>
  typeof texts === 'string'
    ? [{ path: [], words: texts }]
    : Object.entries(texts).map(([language, words]) => ({ path: [language], words }));

function languageProblems({ texts, inAny }: AuthorText, languages: readonly string[], tell: Report): Problem[] {
  if (typeof texts === 'string') return [];
  const lacking = languages.filter((language) => !Object.hasOwn(texts, language));
  const foreign = inAny ? [] : Object.keys(texts).filter((language) => !languages.includes(language));
  const remedy = 'Add the translation, or take the language off `languages`.';
  return [
    ...(lacking.length > 0 ? [tell([], `is missing in ${lacking.join(', ')}.`, remedy)] : []),
    ...foreign.map((language) =>
      tell(
        [language],
        `has words in "${language}", which is none of the languages here.`,
        `${meant(language, languages)} Or add it to \`languages\`.`,
        'warning',
      ),
    ),
  ];
}

function messageProblems({ names }: AuthorText, { path, message }: Version, tell: Report): Problem[] {
  if (message.problem !== null)
    return [tell(path, `is not a message format: ${message.problem}.`, "Write '{' for a brace that is meant as one.")];
  const unknown = names ? [...message.names].filter((name) => !names.has(name)) : [];
  return unknown.map((name) => tell(path, `names {${name}}, which nobody gives.`, meant(name, names ?? [])));
}

function rawProblems({ path, message }: Version, tell: Report): Problem[] {
  const [name] = message.names;
  if (name === undefined) return [];
  return [tell(path, `has {${name}}, and is shown as it is written.`, 'Put it into the text of the question.')];
}

function lengthProblems(
  { raw, most = MOST_TEXT, sizeOf }: AuthorText,
  { path, words, message }: Version,
  tell: Report,
) {
  const length = raw ? words.length : message.longest(sizeOf ?? (() => 0));
  if (length > most) return [tell(path, `can have ${length} characters, ${most} fit.`, 'Shorten it.')];
  if (most > MOST_LABEL || length <= COMFORTABLE_LABEL) return [];
  return [
    tell(
      path,
      `has ${length} characters, and a phone cuts it off.`,
      `Keep to ${COMFORTABLE_LABEL} characters.`,
      'warning',
    ),
  ];
}

/** A name that one language puts in and another does not is mostly a slip of the translator. */
function differences({ names: known }: AuthorText, versions: readonly Version[], tell: Report): Problem[] {
  const read = versions.filter(({ message }) => message.problem === null);
  const all = new Set(read.flatMap(({ message }) => [...message.names]).filter((name) => known?.has(name) ?? true));
  return read.flatMap(({ path, message }) => {
    const lacking = [...all].filter((name) => !message.names.has(name));
    const listed = lacking.map((name) => `{${name}}`).join(', ');
    const remedy = 'Put it in, or take it out of the other languages.';
    return lacking.length === 0
      ? []
      : [tell(path, `has no ${listed} in "${path.join()}", as another language has.`, remedy, 'warning')];
  });
}
