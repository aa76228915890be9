import { readFile } from 'node:fs/promises';
import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { UserError } from '../../../core/errors.ts';
import { ANSWERS, IDEAS, type Idea } from '../../../sandbox/script.ts';

/** Somebody to be simulated, and what they have to say. */
export interface InputPart {
  /** As their app reports it. */
  language: string;
  /** Where they heard of it: the name in their link. */
  source: string | null;
  ideas: Idea[];
  /** To the focus question; null: they pass it over. */
  answer: string | null;
}

const LANGUAGES = ['en', 'es', 'fr'];
const SOURCES = ['poster-library', 'radio', 'youth-council', null];
const ANSWERS_EVERY = 4;

/** The parts of the demo's own script, two neighbours (one on each platform) alike in language. */
export function scriptedParts(people: number): InputPart[] {
  const pick = <T>(list: T[] | undefined, index: number) => list?.slice(index % list.length).slice(0, 1) ?? [];
  return Array.from({ length: people }, (_, index): InputPart => {
    const pair = Math.floor(index / 2);
    const language = LANGUAGES[pair % LANGUAGES.length] ?? 'en';
    return {
      language,
      source: SOURCES[pair % SOURCES.length] ?? null,
      ideas: pick(IDEAS[language], Math.floor(pair / LANGUAGES.length)),
      answer: index % ANSWERS_EVERY === 0 ? (pick(ANSWERS[language], index)[0] ?? null) : null,
    };
  });
}

const input = z.looseObject({
  text: z.string().trim().min(1),
  language: z.string().trim().min(2).default('en'),
  source: z.string().trim().nullish(),
});
type Saying = z.infer<typeof input>;

/**
 * What people really wrote, dealt out to this many people: each speaks one language and comes from one source.
 * @throws UserError with the line of each input that cannot be used.
 */
export async function partsFrom(file: string, people: number): Promise<InputPart[]> {
  const sayings = await readInputs(file);
  const groups = new Map<string, Saying[]>();
  for (const saying of sayings) {
    const key = `${saying.language}\n${saying.source ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), saying]);
  }
  return [...groups.values()].flatMap((group) => {
    const share = Math.max(1, Math.round((people * group.length) / sayings.length));
    return dealt(group, Math.min(share, group.length));
  });
}

const dealt = (group: Saying[], people: number): InputPart[] =>
  Array.from({ length: people }, (_, index) => ({
    language: group[0]?.language ?? 'en',
    source: linkName(group[0]?.source),
    ideas: group.filter((_, at) => at % people === index).map(({ text }) => ({ words: text, theme: null })),
    answer: null,
  }));

/** What a Telegram deep link holds: 64 letters, digits, _ and -. */
const linkName = (source: string | null | undefined): string | null =>
  source
    ?.replace(/[^\w-]+/g, '-')
    .replace(/__+/g, '_')
    .slice(0, 64) || null;

async function readInputs(file: string): Promise<Saying[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`--inputs: ${file} cannot be read. Name a .jsonl or .csv file with text and language.`);
  });
  const rows = file.toLowerCase().endsWith('.csv') ? csvRows(text, file) : jsonRows(text);
  const read = rows.map(({ line, value }) => ({ line, result: input.safeParse(value) }));
  const wrong = read.flatMap(({ line, result }) =>
    result.success ? [] : [`${file}:${line}: no usable text. Each line is an object with text, language and source.`],
  );
  if (rows.length === 0) wrong.push(`${file}: there is nothing in it. Give a line for each thing that somebody says.`);
  if (wrong.length > 0) throw new UserError(wrong.join('\n'), wrong);
  return read.flatMap(({ result }) => (result.success ? [result.data] : []));
}

interface Row {
  line: number;
  value: unknown;
}

function csvRows(text: string, file: string): Row[] {
  try {
    const rows = parseCsv(text, { columns: true, bom: true, info: true, skip_empty_lines: true }) as unknown as {
      info: { lines: number };
      record: unknown;
    }[];
    return rows.map(({ info, record }) => ({ line: info.lines, value: record }));
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw new UserError(`${file}:${lines ?? '?'}: this is not CSV with one header line; save it as CSV UTF-8.`);
  }
}

const jsonRows = (text: string): Row[] =>
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line }))
    .filter((row) => row.text.trim() !== '')
    .map((row) => ({ line: row.line, value: parsedLine(row.text) }));

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
