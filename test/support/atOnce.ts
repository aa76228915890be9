import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let made: string | null = null;

/** A folder with the shipped flows, but for the seconds that a receipt waits for more: for tests of something else. */
export function flowsAtOnce(): string {
  made ??= copy();
  return made;
}

function copy(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearback-flows-'));
  cpSync('flows', folder, { recursive: true });
  for (const flow of ['idea', 'loose', 'question', 'comment', 'ask', 'respond']) {
    const file = path.join(folder, `${flow}.flow.yaml`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^ *gather: .*\n/m, ''));
  }
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
