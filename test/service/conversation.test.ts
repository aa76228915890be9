import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { releaseResponses } from '../../src/responses/release.ts';
import { giveIdea, join } from '../../src/sandbox/people.ts';
import { createContributionStore } from '../../src/store/contributions.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { flowsAtOnce } from '../support/atOnce.ts';
import { decide, statusesIn, textsIn, triage } from '../support/happens.ts';
import { after, asks, type Hearback, hearback, receipt, referenceIn, speak } from '../support/hearback.ts';
import { hears } from '../support/people.ts';
import { until } from '../support/wait.ts';

const contribution = ({ service }: Hearback, reference: string) =>
  createContributionStore(service.core.db.pool).byReference(reference);

/** The forum decides on everything, and the answer arrives. */
async function decideAll({ service }: Hearback): Promise<void> {
  await decide(service.core.db.pool);
  await releaseResponses({
    responses: createResponseStore(service.core.db.pool),
    clock: systemClock,
    ids: systemIds,
    hint: (notice) => service.core.queue.startNotice(notice, 0),
  });
}

test('what was sent can be changed from /mine until the forum begins with it', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const reference = await speak(ana, 'A bench in the park');
  await after(ana, () => ana.command('/mine'), asks);
  const question = await after(
    ana,
    () => ana.press('Change it'),
    (message) => message.text.includes('says now'),
  );
  expect(question.text).toContain('A bench in the park');
  expect((await after(ana, () => ana.say('Two benches in the park'))).text).toContain(reference);
  expect(await contribution(stage, reference)).toMatchObject({ text: 'Two benches in the park', version: 2 });
  const versions = await stage.rows('SELECT version, text FROM contribution_version ORDER BY version');
  expect(versions).toEqual([
    { version: 1, text: 'A bench in the park' },
    { version: 2, text: 'Two benches in the park' },
  ]);

  await after(ana, () => ana.command('/mine'), asks);
  await after(
    ana,
    () => ana.press('Change it'),
    (message) => message.text.includes('says now'),
  );
  await triage(stage.service.core.db.pool);
  expect((await after(ana, () => ana.say('Three benches'))).text).toContain('can no longer be changed');
  expect(await contribution(stage, reference)).toMatchObject({ text: 'Two benches in the park', version: 2 });
});

test('a voice message that takes the place of another leaves that one with the version before', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  await after(
    ana,
    () => ana.voice(Buffer.from('OggS one'), 14),
    (message) => message.text.includes('recorded as'),
  );
  await after(ana, () => ana.command('/mine'), asks);
  await after(
    ana,
    () => ana.press('Change it'),
    (message) => message.text.includes('says now'),
  );
  await after(
    ana,
    () => ana.voice(Buffer.from('OggS two'), 30),
    (message) => message.text.includes('now says'),
  );
  const versions = await stage.rows(
    `SELECT version, attachments->0->>'seconds' AS seconds FROM contribution_version ORDER BY version`,
  );
  expect(versions).toEqual([
    { version: 1, seconds: '14' },
    { version: 2, seconds: '30' },
  ]);
});

test('a withdrawal asks first, and is done by its button alone', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'es' });
  await join(ana);
  const reference = await speak(ana, 'Un banco en el parque');
  await after(ana, () => ana.command('/mine'), asks);
  await after(
    ana,
    () => ana.press('Retirar'),
    (message) => message.text.includes('¿Retirar'),
  );
  await after(ana, () => ana.press('No, dejarla'));
  expect(await contribution(stage, reference)).toMatchObject({ state: 'received' });
  await after(ana, () => ana.command('/mine'), asks);
  await after(
    ana,
    () => ana.press('Retirar'),
    (message) => message.text.includes('¿Retirar'),
  );
  expect((await after(ana, () => ana.press('Sí, retirarla'))).text).toContain('retirada');
  expect(await contribution(stage, reference)).toMatchObject({ state: 'withdrawn' });
});

test("another person's buttons change nothing", async () => {
  const stage = await hearback();
  const [ana, eve] = [stage.telegram.user(1, { language: 'en' }), stage.telegram.user(2, { language: 'en' })];
  for (const person of [ana, eve]) await join(person);
  const reference = await speak(ana, 'A bench in the park');
  const list = await after(ana, () => ana.command('/mine'), asks);
  for (const { data } of list.buttons) {
    const answer = await after(eve, () => eve.press(data ?? ''));
    expect(answer.text).toContain('belongs to an earlier question');
  }
  expect(await contribution(stage, reference)).toMatchObject({ text: 'A bench in the park', state: 'received' });
});

test('a conversation goes on in the words it began with, whatever is deployed meanwhile', async () => {
  const flows = await mkdtemp(path.join(tmpdir(), 'hearback-flows-'));
  onTestFinished(() => rm(flows, { recursive: true, force: true }));
  await cp(flowsAtOnce(), flows, { recursive: true });
  const stage = await hearback();
  const [ana, ben] = [stage.telegram.user(1, { language: 'en' }), stage.telegram.user(2, { language: 'en' })];
  for (const person of [ana, ben]) await join(person);
  await after(ana, () => ana.command('/idea'));
  const file = path.join(flows, 'idea.flow.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('Thank you.', 'Many thanks.'));
  await stage.restart({ FLOWS_DIR: flows });
  expect((await after(ana, () => ana.say('A bench'), asks)).text).toContain('Thank you.');
  await after(ben, () => ben.command('/idea'));
  expect((await after(ben, () => ben.say('A tree'), asks)).text).toContain('Many thanks.');
});

test('a voice message is an idea without words, and its answer says which', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'fr' });
  await join(ana);
  const reference = referenceIn(await after(ana, () => ana.voice(), receipt));
  expect(await contribution(stage, reference)).toMatchObject({ text: '', attachments: [{ kind: 'voice' }] });
  const from = ana.chat.length;
  await decideAll(stage);
  const answer = await hears(ana, asks, from);
  expect(answer.text).toContain(reference);
  expect(answer.text).toContain('(votre message vocal, 0:03)');
});

test('a contribution is kept in the language of its words, where they tell', async () => {
  const stage = await hearback();
  const words = {
    de: 'Die Verträge der Gemeinde sollten mit allen Preisen veröffentlicht werden.',
    zh: '政府应该公布所有合同的价格。',
    // One word of it alone is Dutch to those who know no better.
    es: 'Poner bancos en la pza Mayor',
    en: 'Wifi!',
  };
  // Each from somebody else: whoever says so much is answered at a pace.
  for (const [index, [language, text]] of Object.entries(words).entries()) {
    const person = stage.telegram.user(index + 1, { language: 'en' });
    await join(person);
    const reference = referenceIn(await giveIdea(person, text));
    expect(await contribution(stage, reference)).toMatchObject({ text, language });
  }
});

test('where a person came from stays with what they give', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await after(ana, () => ana.command('/start youth-council'), asks);
  await after(ana, () => ana.press(0), asks);
  const reference = await speak(ana, 'A bench in the park');
  expect(await contribution(stage, reference)).toMatchObject({ source: 'youth-council' });
});

test('"clear" pressed twice is kept once; a question about the answer is owed an answer', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  await speak(ana, 'A bench in the park');
  const from = ana.chat.length;
  await decideAll(stage);
  const answer = await hears(ana, asks, from);
  const [clear, question] = answer.buttons.map((button) => button.data ?? '');
  await after(ana, () => ana.press(clear ?? ''));
  expect((await after(ana, () => ana.press(clear ?? ''))).text).toContain('told me that already');
  await after(ana, () => ana.press(question ?? ''));
  await after(ana, () => ana.say('Which park do you mean?'), receipt);
  const threads = await stage.rows(
    `SELECT t.kind, t.state, m.text, t.response_id = r.id AS linked, r.accepted_at IS NOT NULL AS accepted
     FROM thread t JOIN thread_message m ON m.thread_id = t.id JOIN response r ON r.contribution_id = t.contribution_id`,
  );
  const text = 'Which park do you mean?';
  expect(threads).toEqual([{ kind: 'question', state: 'open', text, linked: true, accepted: true }]);
});

test('an edited message is a new version while the contribution is open', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const reference = await speak(ana, 'A bench in the park');
  const said = ana.chat.findLast((message) => message.text === 'A bench in the park');
  await after(ana, () => ana.edit(said?.messageId ?? 0, 'A long bench in the park'));
  expect(await contribution(stage, reference)).toMatchObject({ text: 'A long bench in the park', version: 2 });
});

test('who blocks the bot is unreachable, and is reached again once they are back', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const status = async () => (await statusesIn(stage.service.core.db.pool))[0];
  await ana.leave();
  await until('she is known to be gone', async () => (await status()) === 'unreachable');
  await ana.comeBack();
  await after(ana, () => ana.command('/help'));
  expect(await status()).toBe('active');
});

test('a fault of ours loses neither the message nor the next one', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  await stage.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.text = 'a poison word' THEN RAISE 'no'; END IF; RETURN NEW; END $$`);
  await stage.rows('CREATE TRIGGER refuse BEFORE INSERT ON contribution FOR EACH ROW EXECUTE FUNCTION refuse()');
  await ana.say('a poison word');
  await after(ana, () => ana.command('/timeline'));
  await stage.rows('DROP TRIGGER refuse ON contribution');
  await stage.rows(`UPDATE inbound_update SET next_at = now() WHERE state = 'failed'`);
  const { pool } = stage.service.core.db;
  await until('the message is handled in the end', async () => (await textsIn(pool)).includes('a poison word'));
});
