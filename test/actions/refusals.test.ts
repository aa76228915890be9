import { beforeEach, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.ts';
import { wordsMark } from '../../src/actions/agreed.ts';
import { readDraft } from '../../src/notices/file.ts';
import { atTerminal } from '../../src/people/actor.ts';
import { DEFAULT_PROCESS, parseProcess } from '../../src/process/process.ts';
import { listAudit } from '../../src/store/audit.ts';
import type { Database } from '../../src/store/database.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { createTimelines } from '../../src/store/timelines.ts';
import { acting } from '../support/actions.ts';
import { freshDatabase } from '../support/database.ts';
import { addMembers } from '../support/happens.ts';
import { seedPeople } from '../support/outbound.ts';
import { decided } from '../support/people.ts';

const WORDS = { kind: 'announcement', audience: 'everyone', texts: 'The timeline is out' };
const OTHERS = readDraft({ ...WORDS, texts: 'The timeline is public' }, 'UTC');
const [ana, ben, eva] = [atTerminal('ana'), atTerminal('ben'), atTerminal('eva')];

let db: Database;
let actions: Actions;
beforeEach(async () => {
  db = await freshDatabase();
  actions = acting(db, { approvalAbove: 1 });
  await seedPeople(db, 3);
  await addMembers(db.pool, { ana: ['organizer', 'forum'], ben: ['organizer', 'forum'], eva: ['organizer'] });
});

/** It is refused in these words, and the record says for which reason. */
async function refused(work: Promise<unknown>, words: string, reason: string): Promise<void> {
  await expect(work).rejects.toThrow(words);
  const last = (await listAudit(db, {})).at(-1);
  expect(last).toMatchObject({ outcome: 'refused', detail: { reason } });
}

const drafted = async () => (await actions.notices.create(ana, WORDS)).id;
const found = async (id: string) => (await createNotices(db.pool).find(id)) ?? expect.unreachable();

/** Scheduled by ana, approved by ben, and paused: somebody may have it. */
async function out(): Promise<string> {
  const id = await drafted();
  await actions.notices.schedule(ana, id);
  await actions.notices.approve(ben, id);
  await actions.notices.change(ana, id, 'pause');
  return id;
}

it('what was agreed to is another by now: its state, its words, or how many it goes to', async () => {
  const id = await drafted();
  const { schedule, approve, edit } = actions.notices;
  const words = wordsMark(await found(id));
  await refused(schedule(ana, id, {}, { recipients: 2 }), 'it goes to 3 by now, and 2 were agreed to', 'agreed');
  await edit(ana, id, OTHERS);
  await refused(schedule(ana, id, {}, { words }), `Notice ${id} has other words by now.`, 'agreed');
  expect((await found(id)).state).toBe('draft');
  await schedule(ana, id);
  await refused(schedule(ana, id, {}, { state: 'draft' }), `Notice ${id} is scheduled by now.`, 'agreed');
  await refused(approve(ben, id, { words }), 'has other words by now', 'agreed');
  await refused(approve(ben, id, { recipients: 300 }), 'it goes to 3 by now, and 300 were agreed to', 'agreed');
  expect((await found(id)).approval).toBe('needed');
});

it('nothing is approved that does not wait for it, and nothing twice', async () => {
  const few = acting(db, { approvalAbove: 10 }).notices;
  const id = await drafted();
  await few.schedule(ana, id);
  await refused(few.approve(ben, id), `Notice ${id} does not wait for approval.`, 'state');
  await actions.notices.schedule(ana, id);
  await actions.notices.approve(ben, id);
  await refused(actions.notices.approve(eva, id), 'does not wait for approval: ben has given it.', 'state');
});

it('words that two have approved are changed by two, neither of them the operator alone', async () => {
  const id = await out();
  const { edit } = actions.notices;
  expect(await edit(ana, id, OTHERS)).toMatchObject({ proposed: true });
  expect(await edit(ana, id, OTHERS)).toMatchObject({ proposed: true });
  await refused(edit(atTerminal(), id, OTHERS), 'It takes a second member to ask for the same edit', 'second');
  expect((await found(id)).texts).toBe('The timeline is out');
  expect(await edit(ben, id, OTHERS)).toMatchObject({ proposed: false });
  expect((await found(id)).texts).toBe('The timeline is public');
});

it('an edit that would change more than words is refused whole', async () => {
  const id = await drafted();
  const closer = readDraft({ ...WORDS, kind: 'critical', texts: 'Come' }, 'UTC');
  await refused(actions.notices.edit(ana, id, closer), 'kind: an edit changes texts', 'mistake');
  expect((await found(id)).texts).toBe('The timeline is out');
});

it('nothing is taken back twice', async () => {
  const id = await drafted();
  await actions.notices.recall(ana, id);
  await refused(actions.notices.recall(ana, id), `Notice ${id} has gone to nobody, or is recalled already`, 'mistake');
});

it('answers are released as they were shown, and not recalled', async () => {
  await decided(db.pool);
  const { release } = actions.responses;
  const { mark } = await createResponseStore(db.pool).releasable();
  for (const shown of [
    { mark, recipients: 30 },
    { mark: 'others', recipients: 3 },
  ])
    await refused(release(ana, { shown }), 'Nothing was released', 'agreed');
  const { notice } = await release(ana);
  await refused(actions.notices.recall(ana, String(notice)), 'Responses are not recalled', 'mistake');
  await refused(release(eva), 'eva may not release', 'role');
});

it('whoever has changed the words of a notice is not the second to approve them', async () => {
  const id = await drafted();
  await actions.notices.schedule(ana, id);
  await actions.notices.edit(ben, id, OTHERS);
  await refused(actions.notices.approve(ben, id), 'ben was the first: another member has to approve it.', 'second');
  expect(await createNotices(db.pool).approve(id, 'ben', new Date())).toBe(false);
  expect(await actions.notices.approve(ana, id)).toMatchObject({ approval: 'given' });
});

it('a process that is closed is neither closed again nor made public', async () => {
  const process = parseProcess('name: Plan\nlanguages: [en]\ntimeZone: UTC\nstartsOn: 2099-01-01', 'p.yaml');
  await actions.process.apply(ana, process);
  const { id, key } = await createProcesses(db).now();
  await actions.process.close(ana, id, String(key));
  await refused(actions.process.close(ben, id, String(key)), `${key} is closed already.`, 'state');
  await refused(actions.process.publish(ben), `${key} is closed: its timeline stays as it is.`, 'state');
  expect(await createTimelines(db.pool).list()).toEqual([]);
});

it('a process is not made public while it has no date', async () => {
  await refused(actions.process.publish(ana), 'There is no process to publish', 'mistake');
  await createProcesses(db).apply(DEFAULT_PROCESS);
  await refused(actions.process.publish(ana), 'There is no date to publish', 'mistake');
});

it('whoever asks before they do it hears the same refusal, and nothing is done', async () => {
  const id = await drafted();
  const lea = { member: 'lea', through: 'terminal' } as const;
  await refused(actions.expectNotice(lea, 'notices.schedule', id), 'There is no member "lea"', 'member');
  await refused(actions.expectNotice(ana, 'notices.resume', id), 'is draft and cannot be resumed', 'state');
  await refused(actions.expect(eva, 'responses.import'), 'eva may not decide', 'role');
  await actions.expectNotice(ana, 'notices.schedule', id);
  expect((await found(id)).state).toBe('draft');
});

it('a member who does not exist, and an operator who is not at the terminal, read nothing', async () => {
  await refused(actions.read(atTerminal('nobody'), 'contributions.list'), 'There is no member "nobody"', 'member');
  const faraway = { member: null, through: 'slack' } as const;
  await refused(actions.read(faraway, 'contributions.list'), 'There is no operator but at the terminal', 'member');
});
