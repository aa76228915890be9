import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ledger } from '../../src/contributions/ledger.ts';
import { systemIds } from '../../src/core/clock.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { plainText } from '../../src/core/message.ts';
import { readAction, readReplyAction } from '../../src/core/signedButtons.ts';
import { contributions } from '../../src/responses/contributions.ts';
import { DECISIONS, ELEMENTS } from '../../src/responses/decision.ts';
import { exportContributions } from '../../src/responses/export.ts';
import { type Releasing, releaseResponses, renderResponses } from '../../src/responses/release.ts';
import type { Format } from '../../src/responses/sheet/cells.ts';
import { fileOut, writeSheet } from '../../src/responses/sheet/files.ts';
import { readSheetFile } from '../../src/responses/sheet/readFile.ts';
import { SHEET_COLUMNS, type SheetRow, sheetRow } from '../../src/responses/sheet/sheet.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import type { Database } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createNotices } from '../../src/store/notices.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { createThreads } from '../../src/store/threads.ts';
import { addContribution, addPerson, statesIn } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { answersArrive, become, comeDue } from '../support/happens.ts';
import { importDecisions } from '../support/imports.ts';
import { noticesIn, outcomesIn, responsesIn } from '../support/kept.ts';
import { FILLED } from '../support/savedSheet.ts';
import { addThread } from '../support/threads.ts';

const folder = mkdtempSync(join(tmpdir(), 'decide-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (format: Format) => join(folder, `sheet.${format}`);
const clock = () => Date.parse('2026-05-01T12:00:00Z');

const PROCESS = { timeZone: 'Europe/Madrid', languages: ['en', 'es', 'fr'] };

let db: Database;
beforeEach(async () => {
  db = await freshDatabase();
});
const responses = () => createResponseStore(db.pool);
const store = () => createContributionStore(db.pool);
const take = (path: string, options = {}) =>
  importDecisions(path, { responses: responses(), clock, ids: systemIds, ...PROCESS }, options);
const release = (hints: string[] = [], more: Partial<Releasing> = {}) =>
  releaseResponses({ responses: responses(), clock, ids: systemIds, hint: async (id) => void hints.push(id), ...more });

type Filled = Pick<SheetRow, 'reference'> & Partial<SheetRow>;
const decided = (reference: string, cells: Partial<SheetRow> = {}): Filled => ({
  ...{ reference, ...FILLED },
  ...cells,
});
/** Rows of a sheet that is exported now, with these cells filled in. */
async function sheet(rows: Filled[], format: Format = 'csv'): Promise<string> {
  const blank = Object.fromEntries(SHEET_COLUMNS.map((column) => [column, '']));
  const exported = new Map<string, SheetRow>();
  for await (const each of contributions(store())) exported.set(each.contribution.reference, sheetRow(each, PROCESS));
  const full = rows.map((row) => ({ ...blank, ...exported.get(row.reference), ...row }) as SheetRow);
  await writeSheet(
    (async function* () {
      yield* full;
    })(),
    format,
    fileOut(file(format)),
  );
  return file(format);
}
const states = () => statesIn(db);
const deliveries = async (notice: string) =>
  (
    await db.pool.query(
      `SELECT d.id, i.key AS "identityKey", i.language, d.state, d.reason, d.payload FROM delivery d
     JOIN identity i ON i.id = d.identity_id WHERE notice_id = $1 ORDER BY d.id`,
      [notice],
    )
  ).rows;
/** As the deliverer does when the platform has taken the message. */
const arrive = (notice: string) => answersArrive(db.pool, notice);

describe('the import', () => {
  test('keeps nothing of a file with one error', async () => {
    const person = await addPerson(db);
    for (const reference of ['HB-A', 'HB-B', 'HB-C']) await addContribution(db, person, reference);
    const path = await sheet([
      decided('HB-A'),
      decided('HB-B', { influence: ' ' }),
      decided('HB-C', { decision: 'yes' }),
    ]);
    await expect(take(path)).rejects.toMatchObject({
      name: 'UserError',
      all: [
        expect.stringMatching(/^row 3, column influence: /),
        expect.stringMatching(/^row 4, column decision: "yes"/),
      ],
    });
    expect(await responsesIn(db.pool)).toEqual([]);
    expect(await states()).toEqual({ 'HB-A': 'received', 'HB-B': 'received', 'HB-C': 'received' });
  });
  test('changes nothing in a dry run, and says what would change', async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    const report = await take(await sheet([decided('HB-A')]), { dryRun: true });
    expect(report).toMatchObject({
      new: 1,
      changes: [{ reference: 'HB-A', decision: 'inclusion', effect: 'new', number: 1 }],
    });
    expect(await responsesIn(db.pool)).toEqual([]);
  });
  test('of the same file twice changes nothing', async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    const path = await sheet([decided('HB-A')], 'xlsx');
    expect(await take(path)).toMatchObject({ new: 1, unchanged: 0 });
    const before = await responsesIn(db.pool);
    expect(await take(path)).toMatchObject({ new: 0, unchanged: 1, changes: [] });
    expect(await responsesIn(db.pool)).toEqual(before);
  });
  test('of one file by two people at once keeps each decision once', async () => {
    const person = await addPerson(db);
    const references = Array.from({ length: 40 }, (_, index) => `HB-${index}`);
    for (const reference of references) await addContribution(db, person, reference);
    const path = await sheet(references.map((reference) => decided(reference)));
    const reports = await Promise.all([take(path), take(path), take(path)]);
    expect(reports.map((report) => report.new).sort()).toEqual([0, 0, 40]);
    expect(await responsesIn(db.pool)).toHaveLength(40);
  });
  test('replaces a decision not yet sent, and supersedes one that was released', async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    await take(await sheet([decided('HB-A')]));
    expect(await take(await sheet([decided('HB-A', { reason: 'better' })]))).toMatchObject({ changed: 1 });
    const first = await release();
    await arrive(first.notice ?? '');
    expect(await states()).toEqual({ 'HB-A': 'delivered' });
    expect(await take(await sheet([decided('HB-A', { decision: 'amendment' })]))).toMatchObject({ superseding: 1 });
    expect(await states()).toEqual({ 'HB-A': 'decided' });
    expect((await responsesIn(db.pool)).map((row) => row.state)).toEqual(['superseded', 'delivered', 'approved']);
    await release();
    expect(await responsesIn(db.pool)).toMatchObject([
      { number: 1, decision: 'inclusion', reason: 'rea', state: 'superseded' },
      { number: 2, decision: 'inclusion', reason: 'better', state: 'superseded' },
      { number: 3, decision: 'amendment', reason: 'rea', state: 'released' },
    ]);
  });
  test.each(['csv', 'xlsx', 'json'] as const)(
    'refuses a %s sheet with a decision on words that were changed after its export, and takes the new one',
    async (format) => {
      await addContribution(db, await addPerson(db), 'HB-A');
      const filled = async () => {
        await exportContributions(store(), PROCESS, format, fileOut(file(format)));
        const { header, rows } = await readSheetFile(file(format));
        const row = Object.fromEntries(header.map((name, place) => [name, rows[0]?.[place]])) as Filled;
        return sheet([decided('HB-A', { ...row, ...decided('HB-A') })], format);
      };
      const old = await filled();
      await db.pool.query(`UPDATE contribution SET text = 'Other words', version = version + 1`);
      await expect(take(old)).rejects.toThrow('row 2, column version: HB-A was changed by its author');
      expect(await responsesIn(db.pool)).toEqual([]);
      expect(await take(await filled())).toMatchObject({ new: 1, notes: [] });
    },
  );
  test('refuses a decision on something that was withdrawn', async () => {
    await addContribution(db, await addPerson(db), 'HB-A', { state: 'withdrawn' });
    await expect(take(await sheet([decided('HB-A')]))).rejects.toThrow(/row 2, column decision: HB-A was withdrawn/);
  });
});

test.each(['csv', 'xlsx', 'json'] as const)(
  'the exported %s sheet brings every decision back unchanged',
  async (format) => {
    const person = await addPerson(db);
    const text = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.constantFrom('=1+1', "'=x", '- a\r\n- b', '"', '＝', '\t@'),
      )
      .filter((some) => some.replaceAll('\0', '').trim() !== '');
    const row = fc.record({
      decision: fc.constantFrom(...DECISIONS),
      input: text,
      considered: text,
      influence: text,
      reason: text,
      beyond: text,
    });
    const rows = fc.sample(row, 60);
    for (const index of rows.keys())
      await addContribution(db, person, `HB-${index}`, { text: '=HYPERLINK("http://x")' });
    expect(
      await take(
        await sheet(
          rows.map((cells, index) => ({ ...cells, reference: `HB-${index}` })),
          format,
        ),
      ),
    ).toMatchObject({ new: 60 });
    expect(await exportContributions(store(), PROCESS, format, fileOut(file(format)))).toMatchObject({
      contributions: 60,
    });
    expect(await take(file(format))).toMatchObject({ unchanged: 60, changes: [], notes: [] });
    const { header, rows: cells } = await readSheetFile(file(format));
    expect(cells[7]?.[header.indexOf('text')]).toBe('=HYPERLINK("http://x")');
  },
);

test('contributions come page by page, each once and the oldest first', async () => {
  const person = await addPerson(db);
  await db.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, submitted_at, updated_at)
     SELECT gen_random_uuid(), 'HB-' || n, gen_random_uuid(), $1, 'idea', 'words', 'en', 'memory',
       timestamptz '2026-01-01' + (n / 3) * interval '1 ms', now() FROM generate_series(1, 4500) AS n`,
    [person],
  );
  const seen: string[] = [];
  let before = 0;
  for await (const { contribution } of contributions(store())) {
    expect(contribution.submittedAt.getTime()).toBeGreaterThanOrEqual(before);
    before = contribution.submittedAt.getTime();
    seen.push(contribution.reference);
  }
  expect(seen).toHaveLength(4500);
  expect(new Set(seen).size).toBe(4500);
});

describe('the release', () => {
  test('is one notice with one delivery a person, and nothing the second time', async () => {
    const [ana, ben, gone] = [await addPerson(db), await addPerson(db), await addPerson(db, { status: 'stopped' })];
    const erased = await addPerson(db, { status: 'erased' });
    for (const [index, person] of [ana, ana, ben, gone, erased].entries())
      await addContribution(db, person, `HB-${index}`);
    await take(await sheet([0, 1, 2, 3, 4].map((index) => decided(`HB-${index}`))));
    expect(await responses().releasable()).toMatchObject({ responses: 5, recipients: 2, unreachable: 1 });
    const hints: string[] = [];
    const released = await release(hints);
    expect(released).toMatchObject({ responses: 5, recipients: 2, unreachable: 1 });
    expect(hints).toEqual([released.notice]);
    expect(await noticesIn(db.pool)).toMatchObject([{ kind: 'response', state: 'running', onUncertain: 'resend' }]);
    const rows = await deliveries(released.notice ?? '');
    expect(rows.map((row) => [row.state, row.reason, row.payload.responses.length])).toEqual(
      expect.arrayContaining([
        ['pending', null, 2],
        ['pending', null, 1],
        ['skipped', 'stopped', 1],
      ]),
    );
    expect(rows).toHaveLength(3);
    expect(await release(hints)).toMatchObject({ notice: null, responses: 0 });
    expect(hints).toHaveLength(1);
  });
  test('by two members at once sends everything once', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, () => addPerson(db)));
    for (const [index, person] of people.entries()) await addContribution(db, person, `HB-${index}`);
    await take(await sheet(people.map((_, index) => decided(`HB-${index}`))));
    const both = await Promise.all([release(), release(), release()]);
    expect(both.reduce((sum, one) => sum + one.responses, 0)).toBe(30);
    expect(await outcomesIn(db.pool)).toHaveLength(30);
  });
  test('goes once more to somebody who has come back', async () => {
    const person = await addPerson(db, { status: 'stopped' });
    await addContribution(db, person, 'HB-A');
    await take(await sheet([decided('HB-A')]));
    expect(await release()).toMatchObject({ responses: 1, recipients: 0, unreachable: 1 });
    expect(await release()).toMatchObject({ notice: null });
    await become(db.pool, 'active');
    expect(await release()).toMatchObject({ responses: 1, recipients: 1 });
    expect(await release()).toMatchObject({ notice: null });
  });
  test('brings each person one readable digest in their language', async () => {
    const person = await addPerson(db, { key: 'memory:test:ana', language: 'es-MX' });
    await addContribution(db, person, 'HB-A', { text: 'Más {buses} <b>ya</b>' });
    await addContribution(db, person, 'HB-B', { text: 'palabra '.repeat(200) });
    await take(await sheet([decided('HB-A', { reason: "='{x}" }), decided('HB-B', { decision: 'rejection' })]));
    const { notice } = await release();
    const rendering = {
      responses: responses(),
      secret: 's',
      phrasesIn: await loadPhrases('flows/notices.yaml', ['en']),
    };
    const rows = await deliveries(notice ?? '');
    const messages = (await renderResponses(rows, rendering)).get(rows[0].id) ?? [];
    const [overview, ...answers] = messages.map((message) => plainText(message));
    expect(overview).toBe(
      '1 de sus ideas está en el plan, 1 no está\n\nEl foro ya decidió sobre 2 cosas que usted nos dijo. Ahora llegan sus respuestas, una por mensaje.',
    );
    expect(answers[0]).toMatch(
      /^Su idea está en el plan\n\nLo que usted dijo \(HB-A\)\n\nMás \{buses\} <b>ya<\/b>\n\n/,
    );
    expect(answers[0]).toContain("Por qué esta decisión\n\n='{x}");
    expect(answers[1]).toMatch(/^Su idea no está en el plan\n\nLo que usted dijo \(HB-B\)\n\n.*palabra…\n\n/s);
    const buttons = messages[2]?.choices ?? [];
    expect(buttons.map((button) => button.label)).toContain('No estoy de acuerdo');
    const reply = readReplyAction(readAction('s', 'memory:test:ana', buttons[1]?.data ?? '') ?? '');
    expect(reply).toEqual({ responseId: rows[0].payload.responses[1], reply: 'question' });
  });
  test('says nothing that a later release has superseded in the meantime', async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    await take(await sheet([decided('HB-A')]));
    const first = await release();
    await take(await sheet([decided('HB-A', { reason: 'better' })]));
    const second = await release();
    const rendering = { responses: responses(), secret: 's', phrasesIn: await loadPhrases('flows/notices.yaml') };
    const [old] = await deliveries(first.notice ?? '');
    const [now] = await deliveries(second.notice ?? '');
    const rendered = await renderResponses([old, now], rendering);
    expect(rendered.get(old.id)).toEqual([]);
    const words = plainText(rendered.get(now.id)?.[0] ?? { blocks: [] });
    expect(words).toContain('better');
    expect(words).not.toContain('replaces the earlier one');
  });
  test('to many can be called back before its first message goes, and is released again', async () => {
    const people = await Promise.all(Array.from({ length: 51 }, () => addPerson(db)));
    for (const [index, person] of people.entries()) await addContribution(db, person, `HB-${index}`);
    await take(await sheet(people.map((_, index) => decided(`HB-${index}`))));
    // The wait itself is by the database's clock.
    const began = Date.now();
    const { notice, at } = await release([], { holdSeconds: 120, clock: () => began });
    expect(at).toEqual(new Date(began + 120_000));
    const ids = (await deliveries(notice ?? '')).map((row) => row.id);
    expect(await createDeliveries(db.pool, ['telegram', 'slack']).claim(ids, randomUUID(), 1000)).toEqual([]);
    expect(await createNotices(db.pool).change(notice ?? '', 'cancel', null)).toBe(true);
    expect(await release()).toMatchObject({ responses: 51, recipients: 51 });
  });
  test('to more than may be told without it waits for a second member, and then goes as it was released', async () => {
    for (const name of ['HB-A', 'HB-B']) await addContribution(db, await addPerson(db), name);
    await take(await sheet([decided('HB-A'), decided('HB-B')]));
    const { notice, approval } = await release([], { approvalAbove: 1, by: 'ana' });
    expect(approval).toBe('needed');
    const notices = createNotices(db.pool);
    expect(await notices.start(notice ?? '')).toBe(false);
    await notices.change(notice ?? '', 'pause', 'ana');
    await notices.change(notice ?? '', 'resume', 'ana');
    expect(await notices.start(notice ?? '')).toBe(false);
    expect(await notices.approve(notice ?? '', 'ana', new Date(0))).toBe(false);
    expect(await notices.approve(notice ?? '', 'ben', new Date(0))).toBe(true);
    await comeDue(db.pool);
    expect(await notices.start(notice ?? '')).toBe(true);
    expect(await notices.status(notice ?? '')).toMatchObject({ state: 'running', recipients: 2, open: 2 });
  });
  test('to a few goes at once', async () => {
    await addContribution(db, await addPerson(db), 'HB-A');
    await take(await sheet([decided('HB-A')]));
    expect(await release([], { holdSeconds: 120 })).toMatchObject({ responses: 1, at: null });
  });
});

test('the ledger says what is owed, answers to questions and disagreements included', async () => {
  const person = await addPerson(db);
  await addContribution(db, person, 'HB-A');
  await addContribution(db, person, 'HB-B', { state: 'withdrawn' });
  await addContribution(db, person, 'HB-C');
  await addThread(db, person, 'HB-Q');
  await addThread(db, person, 'HB-R', { state: 'answered' });
  const erased = await addPerson(db, { status: 'erased' });
  await addContribution(db, erased, 'HB-E');
  await addThread(db, erased, 'HB-F');
  await take(await sheet([decided('HB-A')]));
  const registry = async () => ledger(await store().counts(), await createThreads(db.pool).counts());
  expect(await registry()).toMatchObject({
    ...{ open: 3, owing: 2, total: 4 },
    threads: { open: 1, overdue: 0, answered: 1 },
    rows: [{ kind: 'idea', owed: { decision: 1, release: 1, delivery: 0 } }],
  });
  const { notice } = await release();
  expect(await registry()).toMatchObject({ open: 3, rows: [{ owed: { decision: 1, release: 0, delivery: 1 } }] });
  await arrive(notice ?? '');
  expect(await registry()).toMatchObject({ open: 2 });
});

test('every frame text is there in all three languages, with every element and decision', async () => {
  const phrasesIn = await loadPhrases('flows/notices.yaml', ['en']);
  for (const language of ['en', 'es', 'fr', 'de', 'zh-Hant', null])
    for (const key of [
      ...ELEMENTS.map((element) => `element_${element}`),
      ...DECISIONS.map((one) => `decision_${one}`),
    ])
      expect(phrasesIn(language)(`response_${key}`)).not.toBe('');
  expect(phrasesIn('zh')('response_intro', { count: 2 })).toMatch(/^The forum has decided on 2 things/);
});
