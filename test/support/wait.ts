/** So far away that only what hangs meets it, on the slowest machine. */
export const FAR_MS = 300_000;
const MOST_BETWEEN_MS = 50;

/** Of a receiver: `idle()` waits for each turn then, however slow the machine is. */
export const ENDLESS = { lateMs: FAR_MS, hangingMs: FAR_MS };

/** Resolves when the condition holds; asks again and again, since other processes cannot call back. @throws Error that says what was waited for */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + FAR_MS;
  for (let between = 2; !(await holds()); between = Math.min(MOST_BETWEEN_MS, between * 1.5)) {
    if (Date.now() > deadline) throw inVain(what);
    await new Promise((resolve) => setTimeout(resolve, between));
  }
}

/** What comes by itself, a message in a chat for instance. @throws Error that says what was waited for */
export async function comes<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(inVain(what)), FAR_MS);
  });
  return Promise.race([promise, never]).finally(() => clearTimeout(timer));
}

const inVain = (what: string) => new Error(`Waited ${FAR_MS / 1000} seconds in vain: ${what}.`);
