import path from 'node:path';
import { z } from 'zod';
import { meant } from '../../../core/didYouMean.ts';
import type { Catalog } from '../../../core/messageFormat.ts';
import type { Problem, Report } from '../../../core/problem.ts';
import type { Texts } from '../../../core/texts.ts';
import type { Path } from '../../../core/yaml.ts';
import { LONGEST_WORD } from '../commands.ts';
import { createFlowRegistry, isOpenTo } from '../flowRegistry.ts';
import { plain } from '../plain.ts';
import { CHAT, MEMBERS, MESSAGES, NOTICES, OUTREACH, type PhraseKey, TOGETHER } from './catalogKeys.ts';
import { CONSOLE } from './consoleKeys.ts';
import type { Yaml } from './file.ts';
import { CATALOGS, type CatalogName, type Folder, INTENTS_FILE, MESSAGES_FILE, readFolder, yamlIn } from './folder.ts';
import { checkIntents } from './intentsFile.ts';
import { COMMANDS } from './lint/flows.ts';
import { textProblems, wordsOf } from './lint/words.ts';
import { reportIn } from './place.ts';
import { type Flow, textsSchema } from './schema.ts';
import { shapeProblems } from './shape.ts';

const HINT = 'Write `key: { en: …, es: … }`; the file shipped with Hearback shows it.';
const phrasebook = z.record(z.string(), textsSchema);
const wordList = z.array(z.string().min(1)).min(1);
const SECTIONS = {
  words: z.record(
    z.string(),
    z.union([wordList, z.record(z.string(), wordList)], 'a list of words, or a list for each language'),
  ),
  texts: phrasebook,
  commands: phrasebook,
};
const messagesFile = z.looseObject(SECTIONS);

/** Telegram shows so much of a command's description. */
const MOST_DESCRIPTION = 256;

export interface Catalogs {
  messages: Catalog;
  problems: Problem[];
}

/** Texts by key, of each catalog beside messages.yaml. */
export type Phrasebooks = Record<CatalogName, Record<string, Texts>>;
const PHRASES: Record<CatalogName, ReadonlyMap<string, PhraseKey>> = {
  chat: CHAT,
  notices: NOTICES,
  members: MEMBERS,
  outreach: OUTREACH,
  console: CONSOLE,
};

/**
 * What the engine and the application say outside the flows: messages.yaml, chat.yaml, notices.yaml, members.yaml,
 * outreach.yaml, console.yaml; and what people say, intents.yaml.
 * @param unread flows whose files cannot be read, which words may stand for all the same
 */
export function readCatalogs(
  folder: Folder,
  flows: readonly Flow[],
  unread: ReadonlySet<string>,
): Catalogs & { phrasebooks: Phrasebooks } {
  const languages = [...new Set(flows.flatMap((flow) => flow.languages))];
  const registry = createFlowRegistry(flows, EMPTY);
  const begins = (name: string) => isOpenTo(registry, name) || unread.has(name);
  const file = path.join(folder.name, MESSAGES_FILE);
  const { messages, problems } = checkMessages(yamlIn(folder, MESSAGES_FILE), file, languages, begins);
  const heard = checkIntents(yamlIn(folder, INTENTS_FILE), path.join(folder.name, INTENTS_FILE));
  problems.push(...heard.problems);
  const books = CATALOGS.map((name) => {
    const yaml = yamlIn(folder, `${name}.yaml`);
    problems.push(...checkPhrases(yaml, path.join(folder.name, `${name}.yaml`), PHRASES[name], languages));
    return [name, phrasebook.safeParse(yaml.value).data ?? {}] as const;
  });
  return {
    messages: { ...messages, intents: heard.intents },
    problems,
    phrasebooks: Object.fromEntries(books) as Phrasebooks,
  };
}

/** messages.yaml by itself, as far as it can be read. */
export async function readMessages(folder: string): Promise<Catalog> {
  const yaml = yamlIn(await readFolder(folder), MESSAGES_FILE);
  return checkMessages(yaml, path.join(folder, MESSAGES_FILE), [], () => true).messages;
}

const EMPTY: Catalog = { texts: {}, commands: {}, words: {} };

/** @param begins whether a flow begins by this word after a slash */
export function checkMessages(
  yaml: Yaml,
  file: string,
  languages: readonly string[],
  begins: (name: string) => boolean,
): Catalogs {
  const report = reportIn({ file, lineAt: yaml.lineAt });
  if (yaml.value === null) return { messages: EMPTY, problems: yaml.problems };
  const shape = shapeProblems(messagesFile, yaml.value, report, { hint: HINT });
  const { data } = messagesFile.safeParse(yaml.value);
  if (!data) return { messages: EMPTY, problems: [...yaml.problems, ...shape] };
  const { words, texts, commands } = data;
  const problems = [
    ...yaml.problems,
    ...Object.keys(yaml.value)
      .filter((key) => !Object.hasOwn(SECTIONS, key))
      .map((key) => report([key], `"${key}" is not read.`, meant(key, Object.keys(SECTIONS)), 'warning')),
    ...wordProblems(words, begins, report),
    ...phraseProblems(texts, MESSAGES, languages, report, ['texts']),
    ...sameButtons(texts, report),
    ...descriptionProblems(commands, begins, languages, report),
  ];
  const pairs = typedWords(words).map(({ word, command }) => [plain(word), command] as const);
  const languagesOf = (list: Words[string]) => (Array.isArray(list) ? [] : Object.keys(list));
  const wordLanguages = Object.fromEntries(
    Object.entries(words).map(([command, list]) => [command, languagesOf(list)]),
  );
  return { messages: { texts, commands, words: Object.fromEntries(pairs), wordLanguages }, problems };
}

export function checkPhrases(
  yaml: Yaml,
  file: string,
  phrases: ReadonlyMap<string, PhraseKey>,
  languages: readonly string[],
): Problem[] {
  const report = reportIn({ file, lineAt: yaml.lineAt });
  if (yaml.value === null) return yaml.problems;
  const shape = shapeProblems(phrasebook, yaml.value, report, { hint: HINT });
  const { data } = phrasebook.safeParse(yaml.value);
  return [...yaml.problems, ...(data ? phraseProblems(data, phrases, languages, report, []) : shape)];
}

function phraseProblems(
  texts: Record<string, Texts>,
  phrases: ReadonlyMap<string, PhraseKey>,
  languages: readonly string[],
  report: Report,
  above: Path,
): Problem[] {
  const lacking = [...phrases.keys()].filter((key) => !Object.hasOwn(texts, key));
  return [
    ...lacking.map((key) => report(above, `"${key}" is missing.`, 'Add it, with a text for each language.')),
    ...Object.entries(texts).flatMap(([key, words]) => {
      const phrase = phrases.get(key);
      const names = phrase && new Set(phrase.names);
      const text = {
        path: [...above, key],
        what: `"${key}"`,
        texts: words,
        names,
        most: phrase?.most,
        inAny: phrase?.inAny,
        sizeOf,
      };
      const unknown = phrase
        ? []
        : [
            report(
              [...above, key],
              `"${key}" is used nowhere.`,
              meant(key, lacking.length > 0 ? lacking : phrases.keys()),
              'warning',
            ),
          ];
      return [...unknown, ...textProblems(text, languages, report)];
    }),
  ];
}

/** What platforms show beside a command. */
function descriptionProblems(
  commands: Record<string, Texts>,
  begins: (name: string) => boolean,
  languages: readonly string[],
  report: Report,
): Problem[] {
  const lacking = COMMANDS.filter((name) => !Object.hasOwn(commands, name));
  const missing = lacking.map((name) =>
    report(['commands'], `/${name} has no description.`, 'Add it, with a text for each language.'),
  );
  const problems = Object.entries(commands).flatMap(([name, texts]) => {
    const place = { path: ['commands', name], what: `The description of /${name}` };
    return [
      ...unknownCommand(name, place.path, begins, report),
      ...textProblems({ ...place, texts, raw: true, most: MOST_DESCRIPTION }, languages, report),
    ];
  });
  return [...missing, ...problems];
}

function unknownCommand(name: string, at: Path, begins: (name: string) => boolean, report: Report): Problem[] {
  if ((COMMANDS as readonly string[]).includes(name) || begins(name)) return [];
  return [report(at, `There is no command /${name}.`, meant(name, COMMANDS))];
}

/** References have ten characters, numbers fewer. */
const sizeOf = (): number => 'HB-2345678'.length;

type Words = z.infer<typeof SECTIONS.words>;

interface Typed {
  command: string;
  word: string;
  at: Path;
}

const typedWords = (words: Words): Typed[] =>
  Object.entries(words).flatMap(([command, list]) => {
    const parts = Array.isArray(list)
      ? [{ of: list, key: [] }]
      : Object.entries(list).map(([key, of]) => ({ of, key: [key] }));
    return parts.flatMap(({ of, key }) =>
      of.map((word, at) => ({ command, word, at: ['words', command, ...key, at] })),
    );
  });

function wordProblems(words: Words, begins: (name: string) => boolean, report: Report): Problem[] {
  const owners = new Map<string, string>();
  const unknown = Object.keys(words).flatMap((name) => unknownCommand(name, ['words', name], begins, report));
  const wrong = typedWords(words).flatMap(({ command, word, at }) => {
    const typed = plain(word);
    const other = owners.get(typed);
    owners.set(typed, command);
    if (other !== undefined && other !== command)
      return [report(at, `"${word}" stands for /${other} and for /${command}.`, 'Take it away from one of them.')];
    if (typed !== '' && typed.length <= LONGEST_WORD) return [];
    const remedy = `Use at most ${LONGEST_WORD} letters.`;
    return [report(at, `"${word}" is never taken for /${command}.`, remedy)];
  });
  return [...unknown, ...wrong];
}

function sameButtons(texts: Record<string, Texts>, report: Report): Problem[] {
  const typed = (key: string) => wordsOf(texts[key] ?? {}).map(plain);
  return TOGETHER.flatMap(([one, other]) => {
    const same = typed(other).find((word) => typed(one).includes(word));
    const message = `typed, "${same}" means "${one}" as well as "${other}".`;
    return same === undefined ? [] : [report(['texts', other], message, 'Choose words that differ.')];
  });
}
