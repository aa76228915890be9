import { endOf, isLocal, isTimeZone, momentOf } from '../core/calendar.ts';
import { didYouMean, didYouMeanWords, meant } from '../core/didYouMean.ts';
import type { Path } from '../core/yaml.ts';
import { REMINDERS } from '../people/preferences.ts';
import { missingDays } from './publication.ts';
import { BLANKS } from './reminderRules.ts';

/** An error, or (a warning) something doubtful, in a part of a process. */
export interface ProcessFinding {
  path: Path;
  message: string;
  warning?: boolean;
}

/** A process as it was written: each rule checks what is there, even when other parts are wrong. */
type Given = Record<string, unknown>;

/** Names defined elsewhere that a process may use, such as flows; left out: not checked. */
export interface KnownNames {
  flows?: readonly string[];
}

/** Checks across the parts of a process. */
export function findingsIn(given: Given, known: KnownNames = {}): ProcessFinding[] {
  return [
    ...repeatedLanguages(given),
    ...textsIn(given).flatMap((text) => textFindings(text, languagesOf(given))),
    ...[...Object.keys(TEXTS), 'members'].flatMap((list) => repeatedIds(given, list)),
    ...['stages', 'questions', 'opportunities'].flatMap((list) => reversed(given, list)),
    ...strayEvents(given),
    ...hearBackTooSoon(given),
    ...publishedTooLate(given),
    ...reservedTopics(given),
    ...lostStages(given),
    ...lostMembers(given),
    ...lostFlows(given, known),
    ...reminderFindings(given),
    ...silence(given),
  ];
}

const SAID = { title: false, why: false, who: false, what: false, how: false, where: false };
/** The texts of each list, and whether they are needed in every language. */
const TEXTS: Record<string, Record<string, boolean>> = {
  stages: SAID,
  events: SAID,
  opportunities: { title: false, how: false, where: false },
  questions: { text: true },
  faq: { words: false, question: false, answer: true },
  themes: { label: false },
  places: { label: false },
  workingGroups: { title: false },
  setAside: { label: false },
};

interface Text {
  path: Path;
  value: unknown;
  needed: boolean;
}

function textsIn(given: Given): Text[] {
  const listed = Object.entries(TEXTS).flatMap(([list, texts]) =>
    itemsOf(given, list).flatMap(({ item, path }) =>
      Object.entries(texts).map(([key, needed]) => ({ path: [...path, key], value: item[key], needed })),
    ),
  );
  const alone = { name: true, closing: true };
  return [...Object.entries(alone).map(([key, needed]) => ({ path: [key], value: given[key], needed })), ...listed];
}

function textFindings({ path, value, needed }: Text, languages: string[]): ProcessFinding[] {
  if (!isMap(value) || languages.length === 0) return [];
  const findings = strangeLanguages(path, value, languages);
  const missing = languages.filter((language) => !Object.hasOwn(value, language));
  if (missing.length === 0) return findings;
  const remedy = needed ? 'Add it.' : 'Its readers see another language.';
  return [...findings, { path, message: `is missing in ${missing.join(', ')}. ${remedy}`, warning: !needed }];
}

function strangeLanguages(path: Path, value: Given, languages: string[]): ProcessFinding[] {
  const strange = Object.keys(value).filter((language) => !languages.includes(language));
  const missing = languages.filter((language) => !Object.hasOwn(value, language));
  return strange.map((language): ProcessFinding => {
    const like = didYouMean(language, missing);
    const remedy = like ? didYouMeanWords(like) : 'Add it there, or leave this text out.';
    return {
      path: [...path, language],
      message: `${language} is not one of languages (${languages.join(', ')}). ${remedy}`,
    };
  });
}

function repeatedLanguages(given: Given): ProcessFinding[] {
  const languages = Array.isArray(given.languages) ? given.languages : [];
  return repeats(languages.map((value, index) => ({ value, path: ['languages', index] })));
}

function repeatedIds(given: Given, list: string): ProcessFinding[] {
  const key = ['themes', 'places'].includes(list) ? 'value' : 'id';
  return repeats(itemsOf(given, list).map(({ item, path }) => ({ value: item[key], path: [...path, key] })));
}

function repeats(all: { value: unknown; path: Path }[]): ProcessFinding[] {
  const first = (value: unknown) => all.findIndex((one) => one.value === value);
  return all
    .filter(({ value }, index) => typeof value === 'string' && first(value) < index)
    .map(({ value, path }) => ({ path, message: `"${value}" is there already. Each must be there once.` }));
}

function reversed(given: Given, list: string): ProcessFinding[] {
  const zone = zoneOf(given);
  return itemsOf(given, list).flatMap(({ item, path }): ProcessFinding[] => {
    const [opens, closes] = [localOf(item.opens), localOf(item.closes)];
    if (opens === null || closes === null || endOf(closes, zone) > momentOf(opens, zone)) return [];
    return [{ path: [...path, 'closes'], message: `${closes} is not after opens (${opens}). Correct one of the two.` }];
  });
}

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** An event outside the process is doubtful; more than a year outside, its year is probably mistyped. */
function strayEvents(given: Given): ProcessFinding[] {
  const zone = zoneOf(given);
  const { first, last } = spanOf(given);
  return itemsOf(given, 'events').flatMap(({ item, path }): ProcessFinding[] => {
    const at = localOf(item.at);
    if (at === null) return [];
    const early = first === null ? 0 : momentOf(first, zone) - momentOf(at, zone);
    const late = last === null ? 0 : momentOf(at, zone) - endOf(last, zone) + 1;
    const outside = Math.max(early, late);
    if (outside <= 0) return [];
    const than = early > 0 ? `before the process begins (${first})` : `after the process ends (${last})`;
    return [{ path: [...path, 'at'], message: `${at} is ${than}. Is the year right?`, warning: outside <= YEAR_MS }];
  });
}

/** The first and the last date of the process; null where it has none. */
function spanOf(given: Given): { first: string | null; last: string | null } {
  const stages = itemsOf(given, 'stages').map(({ item }) => item);
  const opens = [given.startsOn, ...stages.map((stage) => stage.opens)].flatMap((value) => localOf(value) ?? []);
  const closes = stages.flatMap((stage) => localOf(stage.closes) ?? []);
  return { first: opens.sort()[0] ?? null, last: closes.sort().at(-1) ?? null };
}

function hearBackTooSoon(given: Given): ProcessFinding[] {
  const [by, starts] = [localOf(given.hearBackBy), localOf(given.startsOn)];
  const zone = zoneOf(given);
  if (by === null || starts === null || endOf(by, zone) > momentOf(starts, zone)) return [];
  return [{ path: ['hearBackBy'], message: `${by} is before startsOn (${starts}). Correct one of the two.` }];
}

/** The guidance's minimum requirement 3.1, where the date of publication is given. */
function publishedTooLate(given: Given): ProcessFinding[] {
  const [published, starts] = [localOf(given.publishedOn), localOf(given.startsOn)];
  if (published === null || starts === null) return [];
  const missing = missingDays(published, starts);
  if (missing === 0) return [];
  const message = `${published} is less than two weeks before startsOn (${starts}). Publish ${missing === 1 ? 'a day' : `${missing} days`} sooner, or start later.`;
  return [{ path: ['publishedOn'], message, warning: true }];
}

/** People subscribe to reminders by this topic, beside the themes. */
const reservedTopics = (given: Given): ProcessFinding[] =>
  itemsOf(given, 'themes')
    .filter(({ item }) => item.value === REMINDERS)
    .map(({ path }) => ({
      path: [...path, 'value'],
      message: `"${REMINDERS}" is the topic that reminders have. Choose another word.`,
    }));

function lostStages(given: Given): ProcessFinding[] {
  const stages = itemsOf(given, 'stages').flatMap(({ item }) => (typeof item.id === 'string' ? item.id : []));
  return itemsOf(given, 'opportunities').flatMap(({ item, path }): ProcessFinding[] => {
    if (typeof item.stage !== 'string' || stages.includes(item.stage)) return [];
    return [{ path: [...path, 'stage'], message: `"${item.stage}" is not a stage. ${meant(item.stage, stages)}` }];
  });
}

/** Members of a working group whom the file does not have: others are added at the terminal. */
function lostMembers(given: Given): ProcessFinding[] {
  const members = itemsOf(given, 'members').flatMap(({ item }) => (typeof item.id === 'string' ? item.id : []));
  return itemsOf(given, 'workingGroups').flatMap(({ item, path }): ProcessFinding[] =>
    (Array.isArray(item.members) ? item.members : []).flatMap((id: unknown, at): ProcessFinding[] => {
      if (typeof id !== 'string' || members.includes(id)) return [];
      return [
        { path: [...path, 'members', at], message: `"${id}" is not a member. ${meant(id, members)}`, warning: true },
      ];
    }),
  );
}

function lostFlows(given: Given, { flows }: KnownNames): ProcessFinding[] {
  if (flows === undefined) return [];
  return itemsOf(given, 'stages').flatMap(({ item, path }): ProcessFinding[] => {
    if (typeof item.flow !== 'string' || flows.includes(item.flow)) return [];
    const message = `no flow that a button can begin is called "${item.flow}". ${meant(item.flow, flows)}`;
    return [{ path: [...path, 'flow'], message }];
  });
}

function reminderFindings(given: Given): ProcessFinding[] {
  if (!isMap(given.reminders)) return [];
  return Object.entries(given.reminders).flatMap(([kind, reminder]): ProcessFinding[] => {
    const texts = isMap(reminder) ? reminder.texts : undefined;
    const path = ['reminders', kind, 'texts'];
    if (!isMap(texts)) return blankFindings(path, texts);
    return [
      ...strangeLanguages(path, texts, languagesOf(given)),
      ...Object.entries(texts).flatMap(([language, text]) => blankFindings([...path, language], text)),
    ];
  });
}

/** An unknown placeholder would be shown as it is written. */
function blankFindings(path: Path, text: unknown): ProcessFinding[] {
  if (typeof text !== 'string') return [];
  const strange = [...text.matchAll(/\{(\w*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !BLANKS.includes(name));
  return strange.map((name) => ({ path, message: `{${name}} is not known here. ${meant(name, BLANKS)}` }));
}

function silence({ quietHours }: Given): ProcessFinding[] {
  if (!isMap(quietHours) || quietHours.from !== quietHours.to || typeof quietHours.from !== 'string') return [];
  return [{ path: ['quietHours', 'to'], message: 'is the same as from. Correct one of the two, or leave both out.' }];
}

const isMap = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);

function itemsOf(given: Given, list: string): { item: Given; path: Path }[] {
  const items: unknown[] = Array.isArray(given[list]) ? given[list] : [];
  return items.flatMap((item, index) => (isMap(item) ? [{ item, path: [list, index] }] : []));
}

const languagesOf = ({ languages }: Given): string[] =>
  Array.isArray(languages) ? languages.filter((one) => typeof one === 'string') : [];

const localOf = (value: unknown): string | null => (typeof value === 'string' && isLocal(value) ? value : null);

/** Dates compare in any zone; a wrong zone is reported elsewhere. */
const zoneOf = ({ timeZone }: Given): string =>
  typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : 'UTC';
