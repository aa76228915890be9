import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { Refused } from '../../src/actions/refused.ts';
import { ACTION_NAMES, ACTIONS, type ActionName, type Rule } from '../../src/actions/table.ts';
import { UserError } from '../../src/core/errors.ts';
import { readDraft } from '../../src/notices/file.ts';
import { KINDS } from '../../src/notices/kinds.ts';
import { NOTICE_STATES, type NoticeState } from '../../src/notices/notice.ts';
import { type Actor, actorName, OPERATOR } from '../../src/people/actor.ts';
import { ROLES, type Role } from '../../src/people/member.ts';
import { DEFAULT_PROCESS } from '../../src/process/process.ts';
import { rolesFor } from '../../src/responses/thread.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { acting } from '../support/actions.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { lastingDatabaseUrl } from '../support/database.ts';
import { addThread } from '../support/threads.ts';

const INTERFACES = ['terminal', 'telegram', 'slack'] as const;
/** Of each role one who has it alone; somebody who was removed; nobody in particular, who is at the terminal. */
const ACTORS = [...ROLES, 'removed', OPERATOR] as const;
const KINDS_WALKED = ['announcement', 'response'] as const;
type Kind = (typeof KINDS_WALKED)[number];

/** How an action is asked for, and what it has come to where it was done. */
interface Walked {
  ask: (actions: Actions, actor: Actor, id: string) => Promise<unknown>;
  /** The state of the notice afterwards; left out: it stays as it was. */
  leaves?: NoticeState[];
  /** It cannot be done here, whoever asks: what is missing for it, or what the kind of notice forbids. */
  isImpossible?: (kind: Kind, state: NoticeState) => boolean;
}

const WORDS = { kind: 'announcement', texts: 'Hello', audience: 'everyone' };
const draft = readDraft(WORDS, 'UTC');
const always = () => true;
const ofResponses = (kind: Kind) => kind === 'response';
const report = {
  dryRun: false,
  new: 0,
  unchanged: 0,
  changed: 0,
  superseding: 0,
  undone: 0,
  skipped: 0,
  notes: [],
  changes: [],
};
const change = { reference: 'HB-A', words: '', decision: 'inclusion', effect: 'undone', number: 1, cells: [] } as const;
const group = { key: 'telegram:bot:-1', address: '-1', title: 'parks' };

const WALK: Record<Exclude<ActionName, 'members.join' | 'console.enter' | 'notices.propose'>, Walked> = {
  'notices.create': { ask: ({ notices }, actor) => notices.create(actor, WORDS) },
  'notices.repeat': { ask: ({ notices }, actor, id) => notices.repeat(actor, id), isImpossible: always },
  'notices.test': { ask: ({ notices }, actor, id) => notices.test(actor, id, []) },
  'notices.schedule': {
    ask: ({ notices }, actor, id) => notices.schedule(actor, id),
    leaves: ['scheduled'],
    isImpossible: ofResponses,
  },
  'notices.approve': { ask: ({ notices }, actor, id) => notices.approve(actor, id) },
  'notices.pause': { ask: ({ notices }, actor, id) => notices.change(actor, id, 'pause'), leaves: ['paused'] },
  'notices.resume': {
    ask: ({ notices }, actor, id) => notices.change(actor, id, 'resume'),
    leaves: ['scheduled', 'running'],
  },
  'notices.cancel': { ask: ({ notices }, actor, id) => notices.change(actor, id, 'cancel'), leaves: ['cancelled'] },
  'notices.retry': { ask: ({ notices }, actor, id) => notices.retry(actor, id) },
  'notices.edit': { ask: ({ notices }, actor, id) => notices.edit(actor, id, draft), isImpossible: ofResponses },
  'notices.recall': {
    ask: ({ notices }, actor, id) => notices.recall(actor, id),
    leaves: ['cancelled'],
    isImpossible: (kind, state) => kind === 'response' || ['running', 'done', 'cancelled'].includes(state),
  },
  'responses.import': {
    ask: ({ responses }, actor) => responses.import(actor, { report, emptied: [], keep: async () => report }),
  },
  'responses.propose': {
    ask: ({ responses }, actor) => responses.propose(actor, { reference: 'HB-A', decision: 'inclusion' }),
    isImpossible: always,
  },
  'responses.confirm': { ask: ({ responses }, actor) => responses.confirm(actor, 'HB-A', ''), isImpossible: always },
  'responses.dissent': {
    ask: ({ responses }, actor) => responses.dissent(actor, 'HB-A', '', 'No'),
    isImpossible: always,
  },
  'responses.declare_interest': {
    ask: ({ responses }, actor) => responses.declareInterest(actor, 'HB-A'),
    isImpossible: always,
  },
  'responses.withdraw_interest': {
    ask: ({ responses }, actor) => responses.withdrawInterest(actor, 'HB-A'),
    isImpossible: always,
  },
  'responses.take_back': { ask: ({ responses }, actor) => responses.takeBack(actor, 'HB-A', ''), isImpossible: always },
  'responses.undo': {
    ask: ({ responses }, actor) => responses.undo(actor, { id: 'none', change: { ...change, cells: [] } }),
    isImpossible: always,
  },
  'responses.release': { ask: ({ responses }, actor) => responses.release(actor) },
  'contributions.tag': {
    ask: ({ triage }, actor) => triage.change(actor, { kind: 'tag', references: ['HB-A'], add: ['bus'] }),
  },
  'contributions.assign': {
    ask: ({ triage }, actor) => triage.change(actor, { kind: 'assign', references: ['HB-A'], to: null }),
  },
  'contributions.setAside': {
    ask: ({ triage }, actor) => triage.change(actor, { kind: 'set_aside', references: ['HB-A'], reason: 'robot' }),
  },
  'contributions.restore': {
    ask: ({ triage }, actor) => triage.change(actor, { kind: 'restore', references: ['HB-A'] }),
  },
  'contributions.note': { ask: ({ triage }, actor) => triage.note(actor, 'HB-A', 'Who knows?'), isImpossible: always },
  'contributions.undo': {
    ask: ({ triage }, actor) => triage.change(actor, { kind: 'undo', step: 'none' }),
    isImpossible: always,
  },
  'views.save': { ask: ({ triage }, actor) => triage.saveView(actor, { name: 'Mine', owner: null, filter: '' }) },
  'views.remove': {
    ask: ({ triage }, actor) => triage.removeView(actor, { name: 'None', owner: null }),
    isImpossible: always,
  },
  'threads.answer': { ask: ({ threads }, actor) => threads.answer(actor, 'HB-T', 'It is the mayor.') },
  'threads.hand': { ask: ({ threads }, actor) => threads.handOver(actor, 'HB-T', 'forum') },
  'threads.close': { ask: ({ threads }, actor) => threads.close(actor, 'HB-T') },
  'process.apply': { ask: ({ process }, actor) => process.apply(actor, DEFAULT_PROCESS) },
  'process.close': { ask: ({ process }, actor) => process.close(actor, 0, 'none'), isImpossible: always },
  'process.finalize': {
    ask: ({ process }, actor) => process.finalize(actor, { texts: 'Thank you' }),
    isImpossible: always,
  },
  'process.override': { ask: ({ process }, actor) => process.override(actor, 'Late') },
  'process.confirm_override': {
    ask: ({ process }, actor) => process.confirmOverride(actor, { texts: 'Thank you' }, 'read before'),
    isImpossible: always,
  },
  'process.publish': { ask: ({ process }, actor) => process.publish(actor), isImpossible: always },
  'members.add': { ask: ({ members }, actor) => members.add(actor, { id: 'new', name: 'New', roles: ['liaison'] }) },
  'members.remove': { ask: ({ members }, actor) => members.remove(actor, 'nobody'), isImpossible: always },
  'members.leave': { ask: ({ members }, actor) => members.leave(actor, 'telegram:bot:none') },
  'console.link': { ask: ({ console }, actor) => console.link(actor, actor.member ?? 'organizer') },
  'console.end': { ask: ({ console }, actor) => console.endAll(actor) },
  'console.speak': { ask: ({ console }, actor) => console.speak(actor, 'none', 'es'), isImpossible: always },
  'groups.ask': { ask: ({ places }, actor) => places.askGroup(actor, group, 'telegram', 'en') },
  'groups.subscribe': { ask: ({ places }, actor) => places.subscribeGroup(actor, '0') },
  'groups.drop': { ask: ({ places }, actor) => places.dropGroup(actor, '0') },
  'links.create': { ask: ({ places }, actor) => places.keepLink(actor, { source: 'poster', flow: null }) },
  'people.erase': { ask: ({ people }, actor) => people.erase(actor, 'HB-NOBODY', 'count'), isImpossible: always },
  'people.export': { ask: ({ read }, actor) => read(actor, 'people.export', 'HB-A') },
  'contributions.list': { ask: ({ read }, actor) => read(actor, 'contributions.list') },
  'contributions.export': { ask: ({ read }, actor) => read(actor, 'contributions.export') },
  'contributions.files': { ask: ({ read }, actor) => read(actor, 'contributions.files', 'HB-A') },
  'responses.preview': { ask: ({ read }, actor) => read(actor, 'responses.preview', 'HB-A') },
  'threads.list': { ask: ({ read }, actor) => read(actor, 'threads.list') },
  'threads.show': { ask: ({ read }, actor) => read(actor, 'threads.show', 'HB-T') },
  'notices.uncertain': { ask: ({ read }, actor) => read(actor, 'notices.uncertain') },
  'notices.report': { ask: ({ read }, actor) => read(actor, 'notices.report') },
  'updates.show': { ask: ({ read }, actor) => read(actor, 'updates.show', 'telegram:1:77') },
};

let db: Database;
let actions: Actions;
beforeAll(async () => {
  db = await openDatabase(await lastingDatabaseUrl());
  actions = acting(db);
  await db.pool.query(
    `INSERT INTO member (id, name, roles, removed_at)
     SELECT role, role, ARRAY[role], NULL FROM unnest($1::text[]) AS role UNION ALL VALUES ('removed', 'R', $1, now())`,
    [ROLES],
  );
  // What is said against a decision, for the forum alone.
  await addContribution(db, await addPerson(db), 'HB-OWED');
  await addThread(db, await addPerson(db), 'HB-T', { kind: 'disagreement' });
});
afterAll(() => db.close());

interface Case {
  id: string;
  who: (typeof ACTORS)[number];
  through: (typeof INTERFACES)[number];
  kind: Kind;
  state: NoticeState;
}

/** Each who, by each interface, with a notice of each kind in each state. */
const casesOf = (name: ActionName): Case[] =>
  ACTORS.flatMap((who) =>
    INTERFACES.flatMap((through) =>
      KINDS_WALKED.flatMap((kind) =>
        NOTICE_STATES.map((state) => ({ id: [name, who, through, kind, state].join('/'), who, through, kind, state })),
      ),
    ),
  );

/** What the table says against it, read from its line alone; null: nothing. */
function objection(name: ActionName, { who, through, kind, state }: Case): string | null {
  const rule: Rule = ACTIONS[name];
  const roles = rolesOf(rule, kind);
  if (who === OPERATOR && through !== 'terminal') return 'member';
  if (who === 'removed') return 'member';
  if (who !== OPERATOR && !roles.includes(who as Role)) return 'role';
  if (rule.in !== null && !rule.in.includes(state)) return 'state';
  return rule.second && who === OPERATOR ? 'second' : null;
}

function rolesOf({ by }: Rule, kind: Kind): readonly Role[] {
  if (by === 'who runs it') return [KINDS[kind].runBy];
  return by === 'who answers it' ? rolesFor('disagreement') : by;
}

const SAID: Record<string, RegExp> = {
  member: /There is no (member "removed"|operator but at the terminal)/,
  role: /may not .*: it takes a member with the role (organizer|forum|admin)( or forum)?( or viewer)?\./,
  state: /is \w+ and cannot be /,
  second: /takes a second member|another member has to/,
};

async function seed(cases: readonly Case[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO notice (id, kind, texts, audience, on_uncertain, state, created_by, scheduled_by, approval, created_at)
     SELECT id, kind, '"Hello"', 'everyone', 'hold', state, 'somebody', 'somebody',
       CASE WHEN state IN ('scheduled', 'paused') THEN 'needed' END, now()
     FROM jsonb_to_recordset($1) AS c(id text, kind text, state text)`,
    [JSON.stringify(cases)],
  );
}

test('every line of the table is walked, but for those who come by a code or a link and for what is out by the word of two', () => {
  expect(Object.keys(WALK).sort()).toEqual(
    ACTION_NAMES.filter((name) => !/^(members.join|console.enter)$/.test(name) && name !== 'notices.propose').sort(),
  );
});

test.each(Object.entries(WALK))(
  '%s is done by whom the table says, in the states it says, and leaves its line',
  async (key, walked) => {
    const name = key as ActionName;
    const cases = casesOf(name);
    await seed(cases);
    for (const one of cases) {
      const actor: Actor = { member: one.who === OPERATOR ? null : one.who, through: one.through };
      const against = objection(name, one);
      const outcome = await walked.ask(actions, actor, one.id).then(
        () => 'done',
        (error: unknown) => error as Error,
      );
      const { rows: audit } = await db.pool.query(
        'SELECT actor, interface, action, outcome, detail->>$1 AS reason FROM audit ORDER BY id DESC LIMIT 1',
        ['reason'],
      );
      const about = { actor: actorName(actor), interface: one.through, action: name };
      const { rows } = await db.pool.query('SELECT state FROM notice WHERE id = $1', [one.id]);
      if (against !== null) {
        expect(outcome, one.id).toBeInstanceOf(Refused);
        expect((outcome as Error).message, one.id).toMatch(SAID[against] ?? /^$/);
        expect(audit, one.id).toEqual([{ ...about, outcome: 'refused', reason: against }]);
        expect(rows, one.id).toEqual([{ state: one.state }]);
      } else if (walked.isImpossible?.(one.kind, one.state)) {
        expect(outcome, one.id).toBeInstanceOf(UserError);
        expect(audit, one.id).toMatchObject([{ ...about, outcome: 'refused' }]);
        expect(rows, one.id).toEqual([{ state: one.state }]);
      } else {
        expect(outcome, one.id).toBe('done');
        expect(audit, one.id).toMatchObject([{ ...about, outcome: 'done' }]);
        expect(walked.leaves ?? [one.state], one.id).toContain(rows[0].state);
      }
    }
  },
);
