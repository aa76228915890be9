// Compiles the benchmarks as the product is compiled: code that is translated while it runs is slower than what people
// install.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

await build({
  entryPoints: ['main.ts', 'memoryProcess.ts', 'sandboxProcess.ts'].map(here),
  outdir: here('dist'),
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: 'linked',
});
