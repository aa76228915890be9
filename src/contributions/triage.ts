import { createHash } from 'node:crypto';
import { isLocal } from '../core/calendar.ts';
import { UserError } from '../core/errors.ts';
import type { ContributionState } from './contribution.ts';

/** Whose it is before it is decided on: a member's, a working group's, or both; by a day on the clock of the process. */
export interface Assignment {
  member: string | null;
  workingGroup: string | null;
  dueOn: string | null;
}

/** What the forum has made of a contribution before it decides on it. */
export interface Triage {
  tags: string[];
  assignment: Assignment | null;
  /** Why it is no contribution; null: it is one. */
  aside: string | null;
}

export const UNTRIAGED: Triage = { tags: [], assignment: null, aside: null };

export interface Triaged {
  state: ContributionState;
  triage: Triage;
}

/** Of one contribution: what stood before and after. */
export interface TriageChange {
  reference: string;
  before: Triage;
  after: Triage;
}

/** What is done to contributions, one or many. */
export type TriageDeed =
  | { kind: 'tag'; add: readonly string[]; remove: readonly string[] }
  | { kind: 'assign'; to: Assignment | null }
  | { kind: 'set_aside'; reason: string }
  | { kind: 'restore' }
  | { kind: 'undo'; changes: readonly TriageChange[] };

/** What it does, or would do, to one of them. */
export interface Effect extends TriageChange {
  effect: 'changed' | 'unchanged' | 'refused';
  /** Why it is refused. */
  why: string | null;
}

/** What was done at once, and is undone as one. */
export interface TriageStep {
  id: string;
  action: string;
  by: string;
  at: Date;
  changes: TriageChange[];
}

/** What members wrote about a contribution; nobody else reads it. */
export interface Note {
  by: string;
  text: string;
  /** Members who are named in it. */
  mentions: string[];
  at: Date;
}

/** A filter of the list by a name; of nobody in particular: of all members. */
export interface SavedView {
  name: string;
  owner: string | null;
  /** Its text, see `readFilter`. */
  filter: string;
}

/** A contribution that is like another. */
export interface Similar {
  reference: string;
  text: string;
  /** It has the same letters and digits. */
  same: boolean;
  /** From 0 to 1: how many of their trigrams they share. */
  similarity: number;
}

/** A chat in which somebody has said these. */
export interface Author {
  identityId: string;
  key: string;
  channel: string;
  language: string | null;
  references: string[];
}

export interface TriageReading {
  /** How these stand; those that are not on record are left out. */
  look(references: readonly string[]): Promise<ReadonlyMap<string, Triaged>>;
  /** Null where there is none, and where it is undone. */
  step(id: string): Promise<TriageStep | null>;
  /** Those that say the same, letter by letter, and the nearest of the others; never acted on by itself: similar is not the same opinion. */
  similar(reference: string): Promise<Similar[]>;
  /** Of one contribution, the oldest first. */
  notes(reference: string): Promise<Note[]>;
  /** Those of a member, and those of all; by name. */
  savedViews(member: string | null): Promise<SavedView[]>;
}

export interface TriageWrites extends TriageReading {
  /** The same as `look`; nobody else changes them until the transaction ends. */
  hold(references: readonly string[]): Promise<ReadonlyMap<string, Triaged>>;
  keep(step: TriageStep): Promise<void>;
  /** These, and what each of their authors has said beside it in nearly the same words, and nobody has decided on. */
  floods(references: readonly string[]): Promise<string[]>;
  /** Those of them who can be reached, with which of these are theirs. */
  authorsOf(references: readonly string[]): Promise<Author[]>;
  /** `by`: the step that has taken it back. */
  markUndone(id: string, by: string): Promise<void>;
  /** False when no contribution has that reference. */
  addNote(reference: string, note: Note): Promise<boolean>;
  /** In the place of one with that name. */
  saveView(view: SavedView & { id: string; by: string; at: Date }): Promise<void>;
  /** False when there is none. */
  removeView(view: Pick<SavedView, 'name' | 'owner'>): Promise<boolean>;
}

const UNDECIDED: readonly ContributionState[] = ['received', 'triaged'];

/** What a deed does to each of these contributions as they stand, in their order. */
export const effectsOf = (
  deed: TriageDeed,
  references: readonly string[],
  known: ReadonlyMap<string, Triaged>,
): Effect[] => references.map((reference) => effectOn(deed, reference, known.get(reference)));

function effectOn(deed: TriageDeed, reference: string, known: Triaged | undefined): Effect {
  const before = known?.triage ?? UNTRIAGED;
  const refused = (why: string): Effect => ({ reference, before, after: before, effect: 'refused', why });
  if (!known) return refused('it is not on record');
  if (known.state === 'withdrawn') return refused('its author has taken it back');
  const after = afterDeed(deed, reference, before);
  if (typeof after === 'string') return refused(after);
  if (before.aside === null && after.aside !== null && !UNDECIDED.includes(known.state))
    return refused('it is decided on: take the decision back first');
  return { reference, before, after, effect: isSame(before, after) ? 'unchanged' : 'changed', why: null };
}

/** Or why it cannot be done. */
function afterDeed(deed: TriageDeed, reference: string, before: Triage): Triage | string {
  if (deed.kind === 'tag') return tagged(before, deed);
  if (deed.kind === 'assign') return { ...before, assignment: deed.to };
  if (deed.kind === 'set_aside') return { ...before, aside: deed.reason };
  if (deed.kind === 'restore') return { ...before, aside: null };
  const change = deed.changes.find((each) => each.reference === reference);
  if (!change) return 'nothing was done to it then';
  return isSame(before, change.after) ? change.before : 'somebody has changed it since';
}

function tagged(
  before: Triage,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Triage | string {
  const tags = [...new Set([...before.tags.filter((tag) => !remove.includes(tag)), ...add])].sort();
  return tags.length > MOST_TAGS ? `it would have more than ${MOST_TAGS} tags` : { ...before, tags };
}

const isSame = (one: Triage, other: Triage): boolean => JSON.stringify(plain(one)) === JSON.stringify(plain(other));

/** In one order of keys, however it was kept. */
const plain = ({ tags, assignment, aside }: Triage) => [
  tags,
  aside,
  assignment && [assignment.member, assignment.workingGroup, assignment.dueOn],
];

/** Six hexadecimal digits of a hash over what would happen to which: whoever agreed to that agreed to nothing else. */
export const effectsMark = (effects: readonly Effect[]): string =>
  createHash('sha256')
    .update(JSON.stringify(effects.map((each) => [each.reference, each.effect, plain(each.after)])))
    .digest('hex')
    .slice(0, 6);

const MOST_TAGS = 20;
const MOST_TAG = 40;
const MOST_NOTE = 4000;
const MOST_NAME = 60;

/** Tags as they are kept: in small letters. @throws UserError for what is none */
export function readTags(given: readonly string[]): string[] {
  const tags = given.map((tag) => tag.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase());
  const wrong = tags.find((tag) => tag === '' || tag.length > MOST_TAG || /[\p{Cc}\p{Cf},]/u.test(tag));
  if (wrong === undefined) return [...new Set(tags)];
  throw new UserError(
    `"${wrong.slice(0, MOST_TAG)}" cannot be a tag: it has 1 to ${MOST_TAG} letters, and no comma. Write another.`,
  );
}

/** @throws UserError for what is not a day */
export function readDay(day: string): string {
  if (isLocal(day) && !day.includes('T')) return day;
  throw new UserError(`"${day.slice(0, MOST_TAG)}" is not a day. Write it like 2027-03-14.`);
}

/** @throws UserError for one that is empty, too long, or has in it what nobody sees */
export const readNote = (text: string): string => readText('A note', text.replace(/(?![\n\t])\p{Cc}/gu, ''), MOST_NOTE);
export const readName = (name: string): string =>
  readText('A name', name.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' '), MOST_NAME);

function readText(what: string, text: string, most: number): string {
  const words = text.trim();
  if (words === '') throw new UserError(`${what} has nothing in it. Write something.`);
  if (words.length <= most) return words;
  throw new UserError(`${what} has at most ${most} characters, and this has ${words.length}. Write less.`);
}

/** Whom a note names, `@ana`: of these members. */
export const mentionsIn = (text: string, members: readonly { id: string }[]): string[] => {
  const named = new Set([...text.matchAll(/(?<![\p{L}\p{N}_])@([a-z0-9][a-z0-9_-]*)/gu)].map(([, id]) => id));
  return members.map(({ id }) => id).filter((id) => named.has(id));
};
