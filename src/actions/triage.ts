import { filterText, readFilter } from '../contributions/filterText.ts';
import { type AsideNews, readReason } from '../contributions/setAside.ts';
import {
  type Assignment,
  type Author,
  type Effect,
  effectsMark,
  effectsOf,
  mentionsIn,
  type Note,
  readDay,
  readName,
  readNote,
  readTags,
  type SavedView,
  type TriageDeed,
  type TriageStep,
} from '../contributions/triage.ts';
import type { Clock, Ids } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { meant } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, stored } from '../core/message.ts';
import { readReference } from '../core/reference.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import { APPROVERS } from '../people/member.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { type Action, type Expect, nothing, type Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { ActionName } from './table.ts';
import type { Writes } from './writes.ts';

export interface TriageActionParts {
  perform: Perform;
  expect: Expect;
  process: () => Promise<ProcessDefinition>;
  queue: Pick<Queue, 'retryReplies'>;
  /** What authors of what is set aside, or counts again, are told. */
  asideNews(news: AsideNews, reader: Author): Promise<OutboundMessage>;
  clock: Clock;
  ids: Ids;
}

/** What is asked for: to be done to one contribution, or to many at once. */
export type TriageRequest =
  | { kind: 'tag'; references: readonly string[]; add?: readonly string[]; remove?: readonly string[] }
  /** `to` null: nobody any more. */
  | { kind: 'assign'; references: readonly string[]; to: Partial<Assignment> | null }
  /** `flood`: with whatever their authors said beside it in nearly the same words. */
  | { kind: 'set_aside'; references: readonly string[]; reason: string; flood?: boolean }
  | { kind: 'restore'; references: readonly string[] }
  /** What was done at once before; what somebody has changed since is left. That can be undone too. */
  | { kind: 'undo'; step: string };

/** What became of each, and the step by which all of it is undone; null: nothing was changed. */
export interface TriageReport {
  step: string | null;
  effects: Effect[];
}

/** What members do with contributions before they decide on them. */
export interface TriageActions {
  /** What would happen to which. @throws UserError for what cannot be asked for */
  outlook(actor: Actor, request: TriageRequest): Promise<Effect[]>;
  /**
   * Does it to those to which it can be done, and reports each. `agreed`: the mark of the effects that were shown, see
   * `effectsMark`; left out: none were. @throws Refused where it would do something else by now
   */
  change(actor: Actor, request: TriageRequest, agreed?: string): Promise<TriageReport>;
  note(actor: Actor, reference: string, text: string): Promise<Note>;
  saveView(actor: Actor, view: SavedView): Promise<SavedView>;
  removeView(actor: Actor, view: Pick<SavedView, 'name' | 'owner'>): Promise<void>;
}

const NAMES = {
  tag: 'contributions.tag',
  assign: 'contributions.assign',
  set_aside: 'contributions.setAside',
  restore: 'contributions.restore',
  undo: 'contributions.undo',
} as const satisfies Record<TriageRequest['kind'], ActionName>;

/** So many at once can be read and agreed to. */
const MOST_AT_ONCE = 2000;

export function createTriageActions(parts: TriageActionParts): TriageActions {
  const { perform, expect } = parts;
  return {
    async outlook(actor, request) {
      let effects: Effect[] = [];
      await expect(actor, NAMES[request.kind], async (writes) => {
        const { references, deed } = await planned(request, writes, parts);
        effects = effectsOf(deed, references, await writes.triage.look(references));
        return {};
      });
      return effects;
    },
    change: (actor, request, agreed) => perform(actor, changing(actor, request, agreed, parts)),
    note: (actor, reference, text) => perform(actor, noting(actor, readReference(reference), text, parts)),
    saveView: (actor, view) => perform(actor, saving(actor, view, parts)),
    removeView: (actor, view) => perform(actor, removing(actor, view)),
  };
}

interface Planned {
  references: string[];
  deed: TriageDeed;
}

/** What is to be done to which, once it is known to be possible. @throws UserError where it is not */
async function planned(request: TriageRequest, writes: Writes, parts: TriageActionParts): Promise<Planned> {
  if (request.kind === 'undo') return undoing(request.step, writes);
  const references = readReferences(request.references);
  if (request.kind === 'tag') return { references, deed: tagging(request) };
  if (request.kind === 'restore') return { references, deed: { kind: 'restore' } };
  if (request.kind === 'set_aside') return settingAside(references, request, writes, parts);
  return { references, deed: { kind: 'assign', to: request.to && (await assignee(request.to, writes, parts)) } };
}

async function undoing(id: string, { triage }: Writes): Promise<Planned> {
  const step = await triage.step(id);
  if (!step) throw new UserError('There is nothing to undo: it was never done, or is undone already.');
  const { changes } = step;
  return { references: changes.map(({ reference }) => reference), deed: { kind: 'undo', changes } };
}

function readReferences(given: readonly string[]): string[] {
  const references = [...new Set(given.map(readReference))];
  if (references.length === 0) throw new UserError('No contribution is named. Name one or more.');
  if (references.length <= MOST_AT_ONCE) return references;
  throw new UserError(
    `At most ${MOST_AT_ONCE} contributions are changed at once, and these are ${references.length}. Do it in parts.`,
  );
}

async function settingAside(
  references: string[],
  { reason: given, flood = false }: Extract<TriageRequest, { kind: 'set_aside' }>,
  { triage }: Writes,
  { process }: TriageActionParts,
): Promise<Planned> {
  const reason = readReason(given, await process());
  const all = flood ? [...new Set([...references, ...(await triage.floods(references))])] : references;
  return { references: readReferences(all), deed: { kind: 'set_aside', reason } };
}

function tagging({ add = [], remove = [] }: Extract<TriageRequest, { kind: 'tag' }>): TriageDeed {
  if (add.length + remove.length === 0) throw new UserError('No tag is named. Name one to add or to remove.');
  return { kind: 'tag', add: readTags(add), remove: readTags(remove) };
}

async function assignee(
  { member = null, workingGroup = null, dueOn = null }: Partial<Assignment>,
  { members }: Writes,
  { process }: TriageActionParts,
): Promise<Assignment> {
  if (member === null && workingGroup === null)
    throw new UserError('Nobody is named whose it is to be. Name a member or a working group.');
  if (member !== null && !(await members.find(member))?.roles.some((role) => APPROVERS.includes(role)))
    throw new UserError(
      `There is no member "${member}" who could take it: it takes the role ${APPROVERS.join(' or ')}. \`${commandLine('members list')}\` shows who there is.`,
    );
  const groups = ((await process()).workingGroups ?? []).map(({ id }) => id);
  if (workingGroup !== null && !groups.includes(workingGroup))
    throw new UserError(`There is no working group "${workingGroup}". ${meant(workingGroup, groups)}`);
  return { member, workingGroup, dueOn: dueOn === null ? null : readDay(dueOn) };
}

const changing = (
  actor: Actor,
  request: TriageRequest,
  agreed: string | undefined,
  parts: TriageActionParts,
): Action<Standing, TriageReport> => ({
  name: NAMES[request.kind],
  on: request.kind === 'undo' ? request.step : onlyOne(request.references),
  find: nothing,
  async act(_, writes, after) {
    const { references, deed } = await planned(request, writes, parts);
    const effects = effectsOf(deed, references, await writes.triage.hold(references));
    expectAgreed(effects, agreed);
    const about = { id: parts.ids.uuid(), action: NAMES[request.kind], by: actorName(actor) };
    const report = await keep(effects, { ...about, at: new Date(parts.clock()) }, writes);
    if (request.kind === 'undo' && report.step !== null) await writes.triage.markUndone(request.step, report.step);
    await tellAuthors(report.effects, { ...parts, writes, after });
    return report;
  },
  detail: counted,
});

/** Each author once, of all that was done to what they said; those who cannot be reached are not. */
async function tellAuthors(
  effects: readonly Effect[],
  { writes, after, asideNews, queue, clock }: TriageActionParts & { writes: Writes; after: (work: () => void) => void },
): Promise<void> {
  const moved = effects.filter(({ effect, before, after: now }) => effect === 'changed' && before.aside !== now.aside);
  if (moved.length === 0) return;
  const reasonOf = new Map(moved.map(({ reference, after: now }) => [reference, now.aside]));
  const authors = await writes.triage.authorsOf([...reasonOf.keys()]);
  const told = authors.flatMap((author) =>
    [...new Set(author.references.map((reference) => reasonOf.get(reference) ?? null))].map((reason) => ({
      author,
      news: { reason, references: author.references.filter((one) => (reasonOf.get(one) ?? null) === reason) },
    })),
  );
  const messages = await Promise.all(
    told.map(async ({ author, news }) => ({ ...author, payload: [stored(await asideNews(news, author))] })),
  );
  const deliveries = await writes.memberNews.tell(messages, new Date(clock()));
  if (deliveries.length > 0) after(() => queue.retryReplies(deliveries));
}

/** The audit names a single one. */
const onlyOne = ([first, ...more]: readonly string[]): string | null =>
  first === undefined || more.length > 0 ? null : readReference(first);

async function keep(effects: Effect[], about: Omit<TriageStep, 'changes'>, { triage }: Writes): Promise<TriageReport> {
  const changes = effects
    .filter(({ effect }) => effect === 'changed')
    .map(({ reference, before, after }) => ({ reference, before, after }));
  if (changes.length === 0) return { step: null, effects };
  await triage.keep({ ...about, changes });
  return { step: about.id, effects };
}

const counted = ({ step, effects }: TriageReport) => ({
  step,
  ...Object.fromEntries(
    ['changed', 'unchanged', 'refused'].map((what) => [what, effects.filter(({ effect }) => effect === what).length]),
  ),
});

/** @throws Refused */
function expectAgreed(effects: readonly Effect[], agreed: string | undefined): void {
  if (agreed === undefined || agreed === effectsMark(effects)) return;
  throw new Refused('agreed', 'Nothing is done: it would do something else by now. Look at it, and do it again.');
}

const noting = (
  actor: Actor,
  reference: string,
  text: string,
  { clock }: TriageActionParts,
): Action<Standing, Note> => ({
  name: 'contributions.note',
  on: reference,
  find: nothing,
  async act(_, { triage, members }) {
    const words = readNote(text);
    const note = {
      ...{ by: actorName(actor), text: words, at: new Date(clock()) },
      mentions: mentionsIn(words, await members.list()),
    };
    if (!(await triage.addNote(reference, note))) throw new UserError(`No contribution is called ${reference}.`);
    return note;
  },
  detail: ({ mentions }) => ({ mentions }),
});

const saving = (actor: Actor, view: SavedView, { clock, ids }: TriageActionParts): Action<Standing, SavedView> => ({
  name: 'views.save',
  on: null,
  find: nothing,
  async act(_, { triage }) {
    expectOwn(actor, view.owner);
    const saved = { ...view, name: readName(view.name), filter: filterText(readFilter(view.filter)) };
    await triage.saveView({ ...saved, id: ids.uuid(), by: actorName(actor), at: new Date(clock()) });
    return saved;
  },
});

const removing = (actor: Actor, view: Pick<SavedView, 'name' | 'owner'>): Action<Standing, void> => ({
  name: 'views.remove',
  on: null,
  find: nothing,
  async act(_, { triage }) {
    expectOwn(actor, view.owner);
    if (!(await triage.removeView(view))) throw new UserError(`There is no view "${view.name}".`);
  },
});

/** What is of all members is anybody's to change. @throws UserError for what is another's */
function expectOwn({ member }: Actor, owner: string | null): void {
  if (owner !== null && owner !== member) throw new UserError(`That view is ${owner}'s alone.`);
}
