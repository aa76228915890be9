import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemClock, systemIds } from '../../src/core/clock.ts';
import { questionAction, signAction } from '../../src/core/signedButtons.ts';
import { atTerminal } from '../../src/people/actor.ts';
import { parseProcess } from '../../src/process/process.ts';
import { releaseResponses } from '../../src/responses/release.ts';
import { join } from '../../src/sandbox/people.ts';
import type { SandboxUser } from '../../src/sandbox/telegramPerson.ts';
import { createResponseStore } from '../../src/store/responses.ts';
import { signingSecret } from '../../src/store/settings.ts';
import { acting } from '../support/actions.ts';
import { decide } from '../support/happens.ts';
import { after, type Hearback, hearback, receipt, referenceIn, speak } from '../support/hearback.ts';
import { until } from '../support/wait.ts';

const EXAMPLE = 'flows/example.process.yaml';
const example = async () => parseProcess(await readFile(EXAMPLE, 'utf8'), EXAMPLE);

/** Conversations see it from then on. */
async function closed({ service }: Hearback): Promise<number> {
  const { processes, db } = service.core;
  const { id, key } = await processes.now();
  await acting(db).process.close(atTerminal(), id, String(key));
  return id;
}

/** What `/mine` shows, up to the line about earlier processes. */
async function mine(person: SandboxUser): Promise<string> {
  const before = person.chat.length;
  await after(
    person,
    () => person.command('/mine'),
    ({ text }) => text.includes('earlier process'),
  );
  return person.chat
    .slice(before)
    .map(({ text }) => text)
    .join('\n');
}

async function opened({ service, telegram }: Hearback, name: string): Promise<number> {
  const { processes, db } = service.core;
  await acting(db).process.apply(atTerminal(), { ...(await example()), name });
  let newcomers = 100;
  await until(`conversations are in ${name}`, async () => {
    const newcomer = telegram.user(newcomers++, { language: 'en' });
    return (await after(newcomer, () => newcomer.command('/start'))).text.includes(name);
  });
  return (await processes.now()).id;
}

/** The forum decides on everything that is not decided, and the answers of a process go out. */
async function answer({ service }: Hearback, process: number): Promise<void> {
  await decide(service.core.db.pool);
  await releaseResponses({
    scope: { process },
    responses: createResponseStore(service.core.db.pool),
    clock: systemClock,
    ids: systemIds,
    hint: (notice) => service.core.queue.startNotice(notice, 0),
  });
}

test('a person in the middle is told when the process closes, and what they gave so far is kept', async () => {
  const stage = await hearback();
  const [ana, ben] = [stage.telegram.user(1, { language: 'en' }), stage.telegram.user(2, { language: 'fr' })];
  for (const person of [ana, ben]) await join(person);
  await after(ana, () => ana.command('/comment Three'));
  await after(ben, () => ben.command('/idea'));
  const [toAna, toBen] = await Promise.all([
    after(ana, () => closed(stage).then(() => undefined), receipt),
    after(
      ben,
      async () => undefined,
      ({ text }) => text.includes('terminé'),
    ),
  ]);
  expect(toAna.text).toContain('The process that this belongs to has ended');
  expect(toBen.text).not.toMatch(/HB-/);
  const kept = await stage.rows('SELECT reference, text, attribution FROM contribution');
  expect(kept).toEqual([{ reference: referenceIn(toAna), text: 'Three', attribution: 'nobody' }]);
  // Nothing is asked any more.
  expect((await after(ana, () => ana.say('The bus should come on Sundays too'))).text).toContain('takes nothing new');
  expect((await after(ben, () => ben.command('/idea'))).text).toContain('ne reçoit plus rien');
  expect(await stage.rows('SELECT count(*)::int AS n FROM contribution')).toEqual([{ n: 1 }]);
});

test('the next process begins with the same people, and neither mixes with the other', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const first = await speak(ana, 'A bench in the park');
  const one = await closed(stage);
  const two = await opened(stage, 'Seventh Plan');
  const second = await speak(ana, 'Buses that come on Sundays');
  const list = await mine(ana);
  expect(list).toContain(second);
  expect(list).not.toContain(first);
  expect(list).toContain('And 1 from an earlier process.');
  expect(await stage.rows('SELECT reference, process_id FROM contribution ORDER BY submitted_at')).toEqual([
    { reference: first, process_id: one },
    { reference: second, process_id: two },
  ]);
});

test('an answer to what was said in a closed process arrives during the next, and a question about it belongs to that', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const first = await speak(ana, 'A bench in the park');
  const one = await closed(stage);
  await opened(stage, 'Seventh Plan');
  const told = await after(
    ana,
    () => answer(stage, one),
    ({ text }) => text.includes(first),
  );
  expect(await stage.rows(`SELECT process_id FROM notice WHERE kind = 'response'`)).toEqual([{ process_id: one }]);
  await after(ana, () => ana.press(told.buttons[1]?.data ?? ''));
  const reply = referenceIn(await after(ana, () => ana.say('Who pays for it?'), receipt));
  expect(await stage.rows('SELECT process_id FROM thread WHERE reference = $1', [reply])).toEqual([
    { process_id: one },
  ]);
});

test('a button of the process before asks nothing of the next, though its question is called the same', async () => {
  const stage = await hearback();
  const ana = stage.telegram.user(1, { language: 'en' });
  await join(ana);
  const one = await closed(stage);
  await opened(stage, 'Seventh Plan');
  const secret = await signingSecret(stage.service.core.db);
  const [question] = (await example()).questions;
  const old = signAction(secret, 'telegram:4711:1', questionAction(question?.id ?? '', one));
  const heard = await after(ana, () => ana.press(old));
  expect(heard.text).toContain('process has ended');
});
