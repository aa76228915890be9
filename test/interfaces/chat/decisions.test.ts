import { expect, test } from 'vitest';
import { signAction } from '../../../src/core/signedButtons.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { proposalMark } from '../../../src/responses/proposal.ts';
import { agreementOn, quorumOf } from '../../../src/responses/quorum.ts';
import { createDecisionDrafts } from '../../../src/store/decisionDrafts.ts';
import { createMembers } from '../../../src/store/members.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { createProposals } from '../../../src/store/proposals.ts';
import { signingSecret } from '../../../src/store/settings.ts';
import { acting, audited } from '../../support/actions.ts';
import { addContribution, addPerson, statesIn } from '../../support/contributions.ts';
import { freshDatabase } from '../../support/database.ts';
import { addMembers, decide } from '../../support/happens.ts';
import { after, hearback } from '../../support/hearback.ts';
import { responsesIn } from '../../support/kept.ts';
import { agreed } from '../../support/people.ts';
import { plan } from '../../support/plan.ts';

const WORDS = { input: 'Benches', considered: 'In May', influence: 'Nothing', reason: 'No money', beyond: 'Next year' };

async function proposed() {
  const db = await freshDatabase();
  await addMembers(db.pool, { ana: ['forum'], ben: ['forum'], olga: ['organizer'] });
  await addContribution(db, await addPerson(db), 'HB-A');
  const { responses } = acting(db);
  const { id } = await responses.propose(atTerminal('ana'), { reference: 'HB-A', decision: 'rejection', ...WORDS });
  return { db, responses, mark: id.slice(0, 8) };
}

test('what one member of the forum proposes counts once another has confirmed it, and is kept as a row of the sheet would be', async () => {
  const { db, responses, mark } = await proposed();
  expect(await statesIn(db)).toEqual({ 'HB-A': 'received' });
  await expect(responses.confirm(atTerminal('ana'), 'HB-A', mark)).rejects.toThrow('another member has to');
  await expect(responses.confirm(atTerminal('olga'), 'HB-A', mark)).rejects.toThrow('the role forum');
  await responses.confirm(atTerminal('ben'), 'HB-A', mark);
  expect(await statesIn(db)).toEqual({ 'HB-A': 'decided' });
  expect(await responsesIn(db.pool)).toMatchObject([
    { decision: 'rejection', input: 'Benches', reason: 'No money', number: 1, state: 'approved' },
  ]);
  expect(await audited(db)).toEqual([
    'ana responses.propose done',
    'ana responses.confirm refused',
    'olga responses.confirm refused',
    'ben responses.confirm done',
  ]);
});

test('a proposal that is another by now is not confirmed, and one that lacks an element is none', async () => {
  const { db, responses, mark } = await proposed();
  await responses.propose(atTerminal('ben'), { reference: 'HB-A', decision: 'inclusion', ...WORDS });
  await expect(responses.confirm(atTerminal('ana'), 'HB-A', mark)).rejects.toThrow('is another by now');
  await expect(
    responses.propose(atTerminal('ana'), { reference: 'HB-A', decision: 'inclusion', ...WORDS, reason: ' ' }),
  ).rejects.toThrow('reason is missing');
  expect(await createProposals(db.pool).find('HB-A')).toMatchObject({ decision: 'inclusion', by: 'ben' });
});

test('what another would not have like this keeps its texts for whoever proposed it, who is told why in their chats; nothing else changes', async () => {
  const { db, responses, mark } = await proposed();
  const chat = await addPerson(db);
  await db.pool.query(
    `INSERT INTO member_identity (identity_key, member_id) SELECT key, 'ana' FROM identity WHERE id = $1`,
    [chat],
  );
  await responses.dissent(atTerminal('ben'), 'HB-A', mark, ' There is money. ');
  expect(await createDecisionDrafts(db.pool).find('ana', 'HB-A')).toEqual({ decision: 'rejection', ...WORDS });
  const { rows: told } = await db.pool.query('SELECT identity_id, payload FROM delivery');
  expect(told).toMatchObject([{ identity_id: chat, payload: [{ blocks: [{ text: 'There is money.' }] }] }]);
  expect(await createProposals(db.pool).find('HB-A')).toBeNull();
  expect(await createProposals(db.pool).themes()).toEqual([{ theme: null, count: 1 }]);
  expect(await statesIn(db)).toEqual({ 'HB-A': 'received' });
});

test('what its proposer takes back is kept for them, and so is what another has proposed in its place; neither is told', async () => {
  const { db, responses, mark } = await proposed();
  const drafts = createDecisionDrafts(db.pool);
  await expect(responses.takeBack(atTerminal('ben'), 'HB-A', mark)).rejects.toThrow('Only ana can take this');
  await responses.takeBack(atTerminal('ana'), 'HB-A', mark);
  expect(await drafts.find('ana', 'HB-A')).toMatchObject({ decision: 'rejection', reason: 'No money' });
  await responses.propose(atTerminal('ben'), { reference: 'HB-A', decision: 'inclusion', ...WORDS, reason: 'Money' });
  await responses.propose(atTerminal('ana'), { reference: 'HB-A', decision: 'rejection', ...WORDS });
  expect(await drafts.find('ben', 'HB-A')).toMatchObject({ decision: 'inclusion', reason: 'Money' });
  expect((await db.pool.query('SELECT FROM delivery')).rows).toEqual([]);
});

/** Ana and Omar of the government, Luis and Chloé of civil society; ideas HB-A and HB-B. */
async function twoSides() {
  const db = await freshDatabase();
  const ids = { ana: 'government', omar: 'government', luis: 'civil society', chloe: 'civil society' } as const;
  const forum = Object.entries(ids).map(([id, side]) => ({ id, name: id, side, roles: ['forum' as const] }));
  await createMembers(db.pool).sync(forum.map((member) => ({ ...member, organization: null })));
  const person = await addPerson(db);
  for (const reference of ['HB-A', 'HB-B']) await addContribution(db, person, reference);
  const { responses } = acting(db);
  const propose = async (by: string, reference: string) =>
    proposalMark(await responses.propose(atTerminal(by), { reference, decision: 'rejection', ...WORDS }));
  const proposals = createProposals(db.pool);
  /** Of every member: what waits for them, by the list and by the rule for one. */
  async function waiting() {
    const deciding = { members: await createMembers(db.pool).list(), quorum: quorumOf({}) };
    const byRule = (await proposals.open()).map(({ reference, opinions, interested }) => {
      const { missing } = agreementOn(opinions, interested, deciding);
      const silent = forum.filter(({ id }) => !interested.includes(id) && !opinions.some(({ by }) => by === id));
      return silent
        .filter(({ side }) => missing.some((each) => each.side === side))
        .map(({ id }) => `${id} ${reference}`);
    });
    const listed = await Promise.all(
      forum.map(async ({ id }) => (await proposals.waitingFor(id)).map((reference) => `${id} ${reference}`)),
    );
    expect(listed.flat().sort()).toEqual(byRule.flat().sort());
    return listed.flat();
  }
  return { db, responses, propose, proposals, waiting };
}

test('a decision waits for the other side, and counts once both have agreed', async () => {
  const { db, responses, propose, proposals, waiting } = await twoSides();
  const mark = await propose('ana', 'HB-A');
  expect(await waiting()).toEqual(['luis HB-A', 'chloe HB-A']);
  expect(await responses.confirm(atTerminal('omar'), 'HB-A', mark)).toEqual({
    missing: [{ side: 'civil society', count: 1 }],
  });
  expect(await statesIn(db)).toMatchObject({ 'HB-A': 'received' });
  expect((await proposals.find('HB-A'))?.opinions).toMatchObject([
    { by: 'ana', side: 'government', agrees: true },
    { by: 'omar', side: 'government', agrees: true },
  ]);
  expect(await responses.confirm(atTerminal('luis'), 'HB-A', mark)).toEqual({ missing: [] });
  expect(await statesIn(db)).toMatchObject({ 'HB-A': 'decided' });
  expect(await waiting()).toEqual([]);
});

test('who does not agree says why, before or after it is decided, and another of their side can still confirm it', async () => {
  const { db, responses, propose, proposals } = await twoSides();
  const mark = await propose('ana', 'HB-A');
  expect(await responses.dissent(atTerminal('luis'), 'HB-A', mark, 'It costs nothing.')).toEqual({ stands: true });
  expect(await proposals.waitingFor('luis')).toEqual([]);
  expect((await proposals.find('HB-A'))?.opinions).toMatchObject([
    { by: 'ana' },
    { by: 'luis', words: 'It costs nothing.' },
  ]);
  await responses.confirm(atTerminal('chloe'), 'HB-A', mark);
  await responses.dissent(atTerminal('omar'), 'HB-A', mark, 'I was not asked.');
  const { rows } = await db.pool.query('SELECT by, agrees FROM opinion ORDER BY at, by');
  expect(rows.map(({ by, agrees }) => `${by} ${agrees}`)).toEqual([
    'ana true',
    'luis false',
    'chloe true',
    'omar false',
  ]);
  expect((await audited(db)).slice(-2)).toEqual(['chloe responses.confirm done', 'omar responses.dissent done']);
});

test('a proposal that nobody is left to confirm on one side goes back to whoever wrote it', async () => {
  const { db, responses, propose, proposals } = await twoSides();
  const mark = await propose('ana', 'HB-A');
  await responses.dissent(atTerminal('luis'), 'HB-A', mark, 'It costs nothing.');
  expect(await responses.dissent(atTerminal('chloe'), 'HB-A', mark, '')).toEqual({ stands: false });
  expect(await proposals.find('HB-A')).toBeNull();
  expect(await createDecisionDrafts(db.pool).find('ana', 'HB-A')).toMatchObject({ reason: 'No money' });
});

test('whoever has an interest of their own in an idea neither proposes nor confirms, until they take it back', async () => {
  const { responses, propose, waiting } = await twoSides();
  await responses.declareInterest(atTerminal('luis'), 'HB-A');
  await expect(propose('luis', 'HB-A')).rejects.toThrow('interest of their own in HB-A');
  const mark = await propose('ana', 'HB-A');
  expect(await waiting()).toEqual(['chloe HB-A']);
  await expect(responses.confirm(atTerminal('luis'), 'HB-A', mark)).rejects.toThrow('neither propose nor confirm');
  await responses.withdrawInterest(atTerminal('luis'), 'HB-A');
  expect(await responses.confirm(atTerminal('luis'), 'HB-A', mark)).toEqual({ missing: [] });
});

test('of two who confirm at the same moment the second sees the first', async () => {
  const { db, responses, propose } = await twoSides();
  await createProcesses(db).apply({ ...plan({}), decisions: { quorum: { civil_society: 2 } } });
  const mark = await propose('ana', 'HB-A');
  const both = acting(db, { process: async () => ({ ...plan({}), decisions: { quorum: { civil_society: 2 } } }) });
  await Promise.all(['luis', 'chloe'].map((by) => both.responses.confirm(atTerminal(by), 'HB-A', mark)));
  expect(await statesIn(db)).toMatchObject({ 'HB-A': 'decided' });
  await expect(responses.confirm(atTerminal('omar'), 'HB-A', mark)).rejects.toThrow('another by now');
});

test('the voice and the photo that somebody sent are played and shown in the chat of the member', async () => {
  const { telegram, service, rows } = await hearback();
  const { db } = service.core;
  await agreed(db.pool, 'telegram', 2);
  const ana = telegram.user(2, { language: 'en' });
  await addMembers(db.pool, { ana: ['forum'] });
  await rows(`INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:4711:2', 'ana')`);
  expect(await createMembers(db.pool).byIdentity('telegram:4711:2')).toMatchObject({ id: 'ana' });
  const file = (kind: 'voice' | 'photo', mime: string) => ({ kind, ref: kind, mime, name: null, size: 1 });
  const attachments = [file('voice', 'audio/ogg'), file('photo', 'image/jpeg')];
  await addContribution(db, '1', 'HB-ACDEFGH', { text: '', attachments });
  for (const [ref, bytes] of [
    ['voice', 'OggS'],
    ['photo', '\xff\xd8\xff'],
  ] as const)
    await rows(
      `INSERT INTO attachment (channel, ref, identity_id, state, bytes) VALUES ('telegram', $1, 1, 'kept', $2)`,
      [ref, Buffer.from(bytes, 'latin1')],
    );
  const press = signAction(await signingSecret(db), 'telegram:4711:2', 'o:U:HB-ACDEFGH');
  await after(
    ana,
    () => ana.press(press),
    ({ file: name }) => name?.endsWith('.jpg') === true,
  );
  const sent = ana.chat.flatMap(({ file: name, photo }) => (name ? [[name, photo ?? false]] : []));
  expect(sent).toEqual([
    ['HB-ACDEFGH.ogg', false],
    ['HB-ACDEFGH.jpg', true],
  ]);
});

test('from a decided idea its theme is released, or those without a theme, and nothing else', async () => {
  const { telegram, service, rows } = await hearback();
  const { db } = service.core;
  await agreed(db.pool, 'telegram', 4);
  const ana = telegram.user(4, { language: 'en' });
  await addMembers(db.pool, { ana: ['forum'] });
  await rows(`INSERT INTO member_identity (identity_key, member_id) VALUES ('telegram:4711:4', 'ana')`);
  const ideas = [
    ['HB-ACDEFGH', 'money'],
    ['HB-CDEFGHJ', 'health'],
    ['HB-DEFGHJK', null],
  ] as const;
  for (const [index, [reference, theme]] of ideas.entries()) {
    await addContribution(db, `${index + 1}`, reference);
    await rows('UPDATE contribution SET theme = $1 WHERE reference = $2', [theme, reference]);
  }
  await decide(db.pool);
  const secret = await signingSecret(db);
  const press = (which: string) => after(ana, () => ana.press(which));
  const open = (reference: string) => press(signAction(secret, 'telegram:4711:4', `o:u:${reference}`));
  const waiting = async () =>
    (await rows<{ reference: string }>(`SELECT reference FROM contribution WHERE state = 'decided' ORDER BY 1`)).map(
      ({ reference }) => reference,
    );
  await open('HB-ACDEFGH');
  expect((await press('Release its theme')).text).toContain('1 response goes to 1 person');
  await press('Release to 1 person');
  expect(await waiting()).toEqual(['HB-CDEFGHJ', 'HB-DEFGHJK']);
  await open('HB-DEFGHJK');
  await press('Release: without a theme');
  await press('Release to 1 person');
  expect(await waiting()).toEqual(['HB-CDEFGHJ']);
});
