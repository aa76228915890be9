import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readEnvFile } from '../../src/core/envFile.ts';
import { commandIn } from '../support/command.ts';
import { temporaryFolder } from '../support/ownServer.ts';

const FLOWS = path.resolve('flows');

/** A folder with this as its `.env`. */
async function folderWith(text: string | null): Promise<string> {
  const folder = await temporaryFolder();
  if (text !== null) await writeFile(path.join(folder, '.env'), text);
  return folder;
}

const read = async (text: string | null) => readEnvFile(path.join(await folderWith(text), '.env'));

test('settings are read from the .env of the working folder, and the environment wins, also with nothing', async () => {
  const folder = await folderWith('# our bot\nFLOWS_DIR=/no/such/folder\n');
  const check = (env: Record<string, string>) => commandIn(folder, ['flows', 'check'], env);
  expect(await check({})).toMatchObject({ code: 1, err: expect.stringMatching(/^FLOWS_DIR: .*\/no\/such\/folder/) });
  expect(await check({ FLOWS_DIR: FLOWS })).toMatchObject({ code: 0 });
  expect((await check({ FLOWS_DIR: '' })).err).toMatch(/^FLOWS_DIR: .*\.\/flows|^FLOWS_DIR: .*\/flows /);
});

test('a mistake in a .env is told by its line and key, one in the environment by its key alone', async () => {
  const folder = await folderWith('# our bot\nPORT=http\nexport ROLE="boss"\n');
  const { code, out } = await commandIn(folder, ['doctor'], { LOG_LEVEL: 'loud' });
  expect(code).toBe(1);
  expect(out.split('\n').slice(0, 3)).toEqual([
    expect.stringMatching(/ \.env:2: PORT: must be a whole number/),
    expect.stringMatching(/ \.env:3: ROLE: must be one of/),
    expect.stringMatching(/ configuration: LOG_LEVEL: must be one of/),
  ]);
});

test('a line of a .env that sets nothing is told by its number, and its words are not shown', async () => {
  const folder = await folderWith('PORT=0\nTELEGRAM_BOT_TOKEN: hunter2\n');
  expect(await commandIn(folder, ['flows', 'check'])).toEqual({
    code: 1,
    out: '',
    err: '.env:2: sets nothing. Write KEY=value, or # before a comment.\n',
  });
});

test('a .env may have a mark before its first key, lines of Windows, quotes, and values of several lines', async () => {
  const file = await read(
    '\uFEFFPORT=1\r\n\r\n  HOST = "::1" # here\r\nOTHER="one\nand two\n=three"\nROLE=\'web\'\nPORT=2\n',
  );
  expect(file?.values).toMatchObject({ HOST: '::1', ROLE: 'web', PORT: '2' });
  const keys = ['PORT', 'HOST', 'ROLE', 'DATA_DIR'];
  expect(keys.map((key) => file?.place(key)?.split(':').at(-1))).toEqual(['8', '3', '7', undefined]);
});

test('a .env that is not there says nothing; one that cannot be read is told', async () => {
  expect(await read(null)).toBeNull();
  const folder = await folderWith(null);
  await mkdir(path.join(folder, '.env'));
  expect((await commandIn(folder, ['flows', 'check'])).err).toMatch(/^\.env: cannot be read \(EISDIR\)\. .*\n$/);
});
