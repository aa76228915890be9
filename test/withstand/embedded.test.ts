import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { serverPid, temporaryFolder } from '../support/ownServer.ts';
import { asks, hears } from '../support/people.ts';
import { health, startProcess } from '../support/service.ts';
import { until } from '../support/wait.ts';

/** A service on the embedded database in a folder of its own, ended with all its parts when the test is. */
async function setUp() {
  const home = await temporaryFolder();
  onTestFinished(() => openEmbedded(home).then((server) => server.close({ force: true })));
  const telegram = await startTelegramSandbox();
  onTestFinished(() => telegram.close());
  const env = { DATA_DIR: home, TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const port = async () => JSON.parse(await readFile(path.join(home, 'postgres.json'), 'utf8')).port as number;
  const killServer = async () => process.kill(await serverPid(home), 'SIGKILL');
  /** Somebody new says hello and is answered. */
  let people = 0;
  const greet = async () => {
    const person = telegram.user(++people, { language: 'en' });
    await person.command('/start');
    return hears(person, asks);
  };
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  return { home, env, port, killServer, greet, isThere, telegram };
}

test('an embedded server killed under a service is brought back by it at its port; killed together, both start cleanly', async () => {
  const { env, port, killServer, greet } = await setUp();
  const running = await startProcess(env);
  await greet();
  const before = await port();
  await killServer();
  await greet();
  await until('the service has brought it back', () => running.log().includes('The embedded database is back'));
  await until('it is well again', async () => (await health(running)) === 200);
  expect(await port()).toBe(before);
  await Promise.all([killServer(), running.kill()]);
  const again = await startProcess(env);
  await greet();
  await again.kill('SIGTERM');
  expect(again.child.exitCode).toBe(0);
});

test('a second process uses the running database; the first to stop leaves it to the other, the last one stops it', async () => {
  const { home, env, greet, isThere } = await setUp();
  const one = await startProcess(env);
  const server = await serverPid(home);
  const two = await startProcess(env);
  expect(await serverPid(home)).toBe(server);
  await greet();
  await one.kill('SIGTERM');
  await greet();
  expect([one.child.exitCode, await health(two), await serverPid(home)]).toEqual([0, 200, server]);
  await two.kill('SIGTERM');
  expect(two.child.exitCode).toBe(0);
  await until('the server has ended', () => !isThere(server));
});
