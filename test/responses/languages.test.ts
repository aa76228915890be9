import { beforeEach, describe, expect, test } from 'vitest';
import * as slack from '../../src/channels/slack/render.ts';
import * as telegram from '../../src/channels/telegram/render.ts';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { type OutboundMessage, plainText } from '../../src/core/message.ts';
import type { ResponseLanguages } from '../../src/responses/decision.ts';
import { elementFor } from '../../src/responses/languages.ts';
import { releaseResponses, renderResponses } from '../../src/responses/release.ts';
import type { Database } from '../../src/store/database.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { addContribution, addPerson } from '../support/contributions.ts';
import { freshDatabase } from '../support/database.ts';
import { readIn } from '../support/happens.ts';

let db: Database;
beforeEach(async () => {
  db = await freshDatabase();
});

const ENGLISH = { input: 'en', considered: 'en', influence: 'en', reason: 'en', beyond: 'en' };

/** What somebody who reads that language is sent: the words of an answer in English, and what stands beside them. */
async function answered(language: string | null, more: Partial<ResponseLanguages>): Promise<OutboundMessage> {
  const person = await addPerson(db);
  await readIn(db.pool, language);
  await addContribution(db, person, 'HB-A', { state: 'decided' });
  await db.pool.query(
    `INSERT INTO response (id, contribution_id, number, decision, input, considered, influence, reason, beyond, languages,
       translations, created_at)
     SELECT gen_random_uuid(), id, 1, 'rejection', 'we read', 'we asked', 'nothing', 'no money', 'next plan', $1, $2, now()
     FROM contribution`,
    [more.languages ?? {}, more.translations ?? {}],
  );
  const responses = createResponseStore(db.pool);
  await releaseResponses({ responses, clock: systemClock, ids: systemIds, hint: async () => undefined });
  const { rows } = await db.pool.query(
    `SELECT d.id, i.key AS "identityKey", i.language, 0 AS "messagesDone" FROM delivery d JOIN identity i ON i.id = d.identity_id`,
  );
  const phrasesIn = await loadPhrases('flows/notices.yaml', ['es', 'en', 'fr']);
  const messages = await renderResponses(rows, { responses, secret: 's', phrasesIn });
  return messages.get(rows[0].id)?.[0] ?? { blocks: [] };
}

describe('a response in another language than its reader’s', () => {
  test('is marked as such, text by text, in the frame of the reader and on each platform', async () => {
    const message = await answered('fr-CA', { languages: ENGLISH, translations: { reason: { fr: 'pas de moyens' } } });
    const words = plainText(message);
    expect(words).toContain('Ce que nous avons compris (en anglais)\n\nwe read');
    expect(words).toContain('Pourquoi cette décision\n\npas de moyens');
    expect(words).not.toContain('no money');
    expect(telegram.render(message)[0]?.text).toContain('Et après ce plan ? (en anglais)');
    const [part] = slack.render(message, slack.slashing([]));
    expect(JSON.stringify(part?.blocks)).toContain('Et après ce plan ? (en anglais)');
    expect(part?.text).toContain('Et après ce plan ? (en anglais)');
  });
  test.each([
    ['es', '¿Y después de este plan? (en inglés)'],
    ['fr', 'Et après ce plan ? (en anglais)'],
    // The frame is in Spanish then, the first language of the process.
    ['de', '¿Y después de este plan? (en inglés)'],
    [null, '¿Y después de este plan? (en inglés)'],
  ])('is marked to a reader of %s', async (language, heading) => {
    expect(plainText(await answered(language, { languages: ENGLISH }))).toContain(`${heading}\n\nnext plan`);
  });
  test.each([
    ['in their own', 'en-GB', ENGLISH],
    ['that could not be told', 'fr', {}],
  ])('is not marked: %s', async (_, language, languages) => {
    expect(plainText(await answered(language, { languages }))).not.toMatch(/\(en |\(in /);
  });
});

test('of several languages a reader gets their own, else that of the frame, else the text for everybody', () => {
  const said = { decision: 'rejection' as const, input: '', considered: 'c', influence: 'f', reason: 'r', beyond: 'b' };
  const translations = { reason: { fr: 'rf', en: 're' }, input: { es: 'ie' } };
  const read = (own: string, frame: string, languages = {}) =>
    elementFor({ ...said, translations, languages }, 'reason', { own, frame });
  expect(read('fr', 'fr')).toEqual({ text: 'rf', foreign: null });
  expect(read('de', 'en')).toEqual({ text: 're', foreign: null });
  expect(read('de', 'en', { reason: 'de' })).toEqual({ text: 'r', foreign: null });
  expect(read('es', 'es', { reason: 'de' })).toEqual({ text: 'r', foreign: 'de' });
  expect(elementFor({ ...said, translations }, 'input', { own: 'fr', frame: 'fr' })).toEqual({
    text: 'ie',
    foreign: 'es',
  });
  expect(elementFor({ ...said, translations }, 'reason')).toEqual({ text: 'r', foreign: null });
});
