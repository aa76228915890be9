import { execFileSync } from 'node:child_process';

/** Tests that run `hearback` as a process of its own run what is compiled, of the source as it is now. */
export default function setup(): void {
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
}
