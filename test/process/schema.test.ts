import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { processSchema } from '../../src/process/schema.ts';

const FILE = 'flows/process.schema.json';

/** `UPDATE=1 npx vitest run test/process/schema.test.ts` writes it again; `npx biome check --write` lays it out. */
test('the published JSON Schema is the one that processes are read with', async () => {
  const generated = `${JSON.stringify(z.toJSONSchema(processSchema, { io: 'input' }), null, 2)}\n`;
  if (process.env.UPDATE === '1') await writeFile(FILE, generated);
  expect(JSON.parse(await readFile(FILE, 'utf8'))).toEqual(JSON.parse(generated));
});
