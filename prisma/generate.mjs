// Writes Prisma's client into src/store/generated after each install, without downloading anything: by the part of Prisma's
// command that does so, since the whole of it weighs 200 MB more and asks for a newer Node than Hearback does.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
// An install without development dependencies brings the written client along.
if (isInstalled('@prisma/client-generator-ts')) {
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
  const { getGenerators, loadSchemaContext } = require('@prisma/internals');
  const cliProvidedPath = fileURLToPath(new URL('schema.prisma', import.meta.url));
  const schemaContext = await loadSchemaContext({ schemaPath: { cliProvidedPath }, printLoadMessage: false });
  const registry = { 'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() } };
  for (const writer of await getGenerators({ schemaContext, registry })) await writer.generate();
}

function isInstalled(module) {
  try {
    return require.resolve(module) !== '';
  } catch {
    return false;
  }
}
