import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { flowSchema } from '../../../src/conversation/flow/source/schema.ts';

const FILE = 'flows/flow.schema.json';

/** `UPDATE=1 npx vitest run test/conversation/flow/schema.test.ts` writes it again; `npx biome check --write` lays it out. */
test('the published JSON Schema is the one that flows are read with', async () => {
  const generated = `${JSON.stringify(z.toJSONSchema(flowSchema, { io: 'input' }), null, 2)}\n`;
  if (process.env.UPDATE === '1') await writeFile(FILE, generated);
  expect(JSON.parse(await readFile(FILE, 'utf8'))).toEqual(JSON.parse(generated));
});
