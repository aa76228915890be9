import { textFor } from '../core/texts.ts';
import type { ProcessDefinition } from './process.ts';

/** One difference between two processes, named as in their file. */
export interface ProcessChange {
  change: 'added' | 'removed' | 'changed';
  /** The place, such as `stage outreach, closes`. */
  what: string;
  from?: string;
  to?: string;
}

/** What changes when one definition replaces the other; `before` null: there was none. */
export function processChanges(before: ProcessDefinition | null, after: ProcessDefinition): ProcessChange[] {
  const { stages, events, opportunities, questions, faq, themes, places, members, workingGroups, setAside, ...rest } =
    after;
  const old: Partial<ProcessDefinition> = before ?? {};
  return [
    ...Object.keys({ ...old, ...rest })
      .filter((key) => !LISTS.includes(key))
      .flatMap((key) => fieldChanges(key, part(old, key), part(rest, key))),
    ...listChanges('stage', old.stages ?? [], stages),
    ...listChanges('event', old.events ?? [], events),
    ...listChanges('opportunity', old.opportunities ?? [], opportunities ?? []),
    ...listChanges('question', old.questions ?? [], questions),
    ...listChanges('faq', old.faq ?? [], faq ?? []),
    ...listChanges('theme', old.themes ?? [], themes),
    ...listChanges('place', old.places ?? [], places ?? []),
    ...listChanges('member', old.members ?? [], members ?? []),
    ...listChanges('working group', old.workingGroups ?? [], workingGroups ?? []),
    ...listChanges('reason to set aside', old.setAside ?? [], setAside ?? []),
  ];
}

const LISTS = [
  'stages',
  'events',
  'opportunities',
  'questions',
  'faq',
  'themes',
  'places',
  'members',
  'workingGroups',
  'setAside',
];
const SIGNS = { added: '+', removed: '-', changed: '~' };

/** `~ stage outreach, closes: 2027-03-14 -> 2027-03-21` */
export const changeLine = ({ change, what, from, to }: ProcessChange): string =>
  `${SIGNS[change]} ${what}: ${[from, to].filter((value) => value !== undefined).join(' -> ')}`;

const part = (holder: object, key: string): unknown => (holder as Record<string, unknown>)[key];

type Items = Pick<
  ProcessDefinition,
  | 'stages'
  | 'events'
  | 'opportunities'
  | 'questions'
  | 'faq'
  | 'themes'
  | 'places'
  | 'members'
  | 'workingGroups'
  | 'setAside'
>;
type Item = NonNullable<Items[keyof Items]>[number];
const idOf = (item: Item): string => ('value' in item ? item.value : item.id);

function listChanges(kind: string, before: readonly Item[], after: readonly Item[]): ProcessChange[] {
  const find = (items: readonly Item[], id: string) => items.find((item) => idOf(item) === id);
  const gone = before.filter((item) => !find(after, idOf(item)));
  const removed = gone.map(
    (item): ProcessChange => ({ change: 'removed', what: `${kind} ${idOf(item)}`, from: summary(item) }),
  );
  const others = after.flatMap((item): ProcessChange[] => {
    const what = `${kind} ${idOf(item)}`;
    const old = find(before, idOf(item));
    return old ? itemChanges(what, old, item) : [{ change: 'added', what, to: summary(item) }];
  });
  return [...removed, ...others, ...orderChange(kind, before, after)];
}

const itemChanges = (what: string, before: Item, after: Item): ProcessChange[] =>
  Object.keys({ ...before, ...after }).flatMap((key) =>
    fieldChanges(`${what}, ${key}`, part(before, key), part(after, key)),
  );

function orderChange(kind: string, before: readonly Item[], after: readonly Item[]): ProcessChange[] {
  const [from, to] = [both(before, after), both(after, before)];
  const many = kind.replace(/y$/, 'ie');
  return from === to ? [] : [{ change: 'changed', what: `order of ${many}s`, from, to }];
}

/** The ids that both have, in the order of the first. */
const both = (items: readonly Item[], others: readonly Item[]): string =>
  items
    .map(idOf)
    .filter((id) => others.some((other) => idOf(other) === id))
    .join(', ');

function summary(item: Item): string {
  const { title, text, label, name, at, opens, closes } = item as Partial<Record<string, string>>;
  const period = opens !== undefined || closes !== undefined ? [`${opens ?? ''} – ${closes ?? ''}`] : [];
  return [textFor(title ?? text ?? label ?? name ?? '', ''), ...(at !== undefined ? [at] : period)].join(', ');
}

function fieldChanges(what: string, before: unknown, after: unknown): ProcessChange[] {
  const [old, fresh] = [leaves(what, before), leaves(what, after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((place): ProcessChange[] => {
    const [from, to] = [old.get(place), fresh.get(place)];
    if (from === to) return [];
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ change, what: place, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

/** A text in several languages is a value for each; so is each key of a part that is not a list. */
function leaves(what: string, value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  if (Array.isArray(value)) return new Map([[what, value.join(', ')]]);
  if (typeof value !== 'object' || value === null) return new Map([[what, String(value)]]);
  const spoken = !KEYED.test(what);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leaves(spoken ? `${what} (${key})` : `${what}, ${key}`, inner),
    ]),
  );
}

/** Maps whose keys are not languages. */
const KEYED = /^(quietHours|reminders(, \w+(?<!texts))?)$/;
