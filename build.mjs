// Compiles src, with the libraries that it uses, into dist, which `hearback` runs: a command starts in half the time when
// its parts do not have to be looked for in hundreds of files. What is the same stays untouched and each file is put in its
// place whole, so that several may build while others run.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = path.join(root, 'dist');

const compiler = await import('esbuild').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  return null;
});
if (compiler) await put(await compiled(compiler));
// An install without development dependencies brings the compiled files along.
else if (!(await readdir(dist).catch(() => null)))
  console.error(
    'Hearback is not compiled, and cannot be without development dependencies: `npm ci`, then `npm prune --omit=dev`.',
  );

async function compiled({ build }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { hearback: 'src/interfaces/cli/main.ts' },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    // Libraries of the older kind ask for Node's own parts by this; the name is nobody else's.
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
    platform: 'node',
    target: 'node20.19',
    write: false,
  });
  return new Map(outputFiles.map(({ path: file, contents }) => [path.relative(dist, file), contents]));
}

async function put(files) {
  await mkdir(dist, { recursive: true });
  for (const [name, contents] of files) await putFile(path.join(dist, name), contents);
  const left = (await readdir(dist)).filter((name) => name.endsWith('.js') && !files.has(name));
  for (const name of left) await rm(path.join(dist, name), { force: true });
}

/** Written under a name that no build takes away. */
async function putFile(file, contents) {
  const before = await readFile(file).catch(() => null);
  if (before?.equals(contents)) return;
  const whole = `${file}.${process.pid}.new`;
  await writeFile(whole, contents, { mode: 0o755 });
  await rename(whole, file);
}
