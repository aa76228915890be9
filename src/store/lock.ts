import { open, readFile, rm, stat } from 'node:fs/promises';

const LOOK_MS = 50;
const TOUCH_MS = 1_000;
/** A holder touches its file more often than that. */
const ABANDONED_MS = 10_000;

/**
 * Does the work while nobody else holds the lock, in this process or another: a file that names its holder. What a dead holder
 * left is taken over: at once when its process is gone, else when it was not touched for a while, since in a container the next
 * process often has the same number. Our own because proper-lockfile knows no holder, so that each start after a crash would
 * wait until the lock is stale.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const held = await take(file);
  const touching = setInterval(() => void touch(held), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await held.close();
    await rm(file, { force: true });
  }
}

type Held = Awaited<ReturnType<typeof open>>;

async function take(file: string): Promise<Held> {
  for (;;) {
    try {
      const held = await open(file, 'wx');
      await held.writeFile(String(process.pid));
      return held;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      if (await abandoned(file)) await rm(file, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

/** A touch that fails is made up for by the next. */
const touch = (held: Held) => held.utimes(new Date(), new Date()).catch(() => undefined);

async function abandoned(file: string): Promise<boolean> {
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  if (holder && !alive(holder)) return true;
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > ABANDONED_MS;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
