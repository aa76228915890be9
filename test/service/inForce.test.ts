import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseProcess } from '../../src/process/process.ts';
import { startSlackSandbox } from '../../src/sandbox/slack.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { freshDatabaseUrl } from '../support/database.ts';
import { flowsWith } from '../support/folder.ts';
import { agreed, hears } from '../support/people.ts';
import { type Running, startProcess } from '../support/service.ts';
import { until } from '../support/wait.ts';

const FILE = 'mine.flow.yaml';
const BEFORE = 'To add something new, just write to me here.';
const AFTER = 'Just write to me what you think.';

const example = async () => parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'example');

/** Two processes with folders of their own on one database: people of Telegram talk to one, those of Slack to the other. */
async function deployment() {
  const [telegram, slack] = [await startTelegramSandbox(), await startSlackSandbox()];
  const url = await freshDatabaseUrl();
  const db = await openDatabase(url);
  onTestFinished(async () => {
    await Promise.all([telegram.close(), slack.close(), db.close()]);
  });
  const processes = createProcesses(db);
  await processes.apply(await example());
  await agreed(db.pool, 'telegram', 1);
  await agreed(db.pool, 'slack', 1);
  const folders = [await flowsWith({}), await flowsWith({})] as const;
  const one = await startProcess({
    ...{ DATABASE_URL: url, FLOWS_DIR: folders[0] },
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url },
  });
  const other = await startProcess({
    ...{ DATABASE_URL: url, FLOWS_DIR: folders[1], SLACK_API_URL: slack.apiUrl },
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken },
  });
  const [ana, ben] = [telegram.user(1, { language: 'en' }), slack.user('U1', { language: 'en' })];
  const allWords = async (person: typeof ana | typeof ben, ask: () => Promise<unknown>, ending: readonly string[]) => {
    const from = person.chat.length;
    await ask();
    await hears(person, ({ text }) => ending.some((words) => text.includes(words)), from);
    const heard = person.chat.slice(from).filter((message) => message.from === 'bot');
    return heard.map(({ text }) => text).join('\n');
  };
  const askBoth = (command = 'mine', ending = [BEFORE, AFTER]) =>
    Promise.all([
      allWords(ana, () => ana.command(`/${command}`), ending),
      allWords(ben, () => ben.slash(command), ending),
    ]);
  return { processes, folders, one, other, askBoth };
}

const hasOthersInForce = (process: Running) => () => process.log().includes('Other flows and texts are in force');

test('a flow that is saved and a process that is applied are in force in every process, and no broken file is', async () => {
  const { processes, folders, one, other, askBoth } = await deployment();
  for (const words of await askBoth()) expect(words).toContain(BEFORE);
  const file = path.join(folders[0], FILE);
  const text = await readFile(file, 'utf8');

  await writeFile(file, `${text}\n  - { id: [\n`);
  await until('the broken file is told of', () => one.log().includes('was saved in FLOWS_DIR has errors'));
  for (const words of await askBoth()) expect(words).toContain(BEFORE);
  expect(other.log()).not.toContain('has errors');

  await writeFile(file, text.replace(BEFORE, AFTER));
  await until('it is in force where it was saved', hasOthersInForce(one));
  await until('it is in force in the other process', hasOthersInForce(other));
  for (const words of await askBoth()) expect(words).toContain(AFTER);

  const definition = await example();
  await processes.apply({
    ...definition,
    stages: definition.stages.map((stage) => ({ ...stage, title: 'A new stage' })),
  });
  await until('both show the new stage', async () =>
    (await askBoth('timeline', ['Meetings'])).every((words) => words.includes('A new stage')),
  );
});
