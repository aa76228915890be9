import { UserError } from '../core/errors.ts';

const PATIENCE_MS = 10_000;

export interface ApiAnswer<T> {
  ok: boolean;
  result?: T;
  error?: string;
  user?: string;
  team?: string;
}

/** One call of a platform's API. @throws Error when the answer is not that API's */
export async function call<T>(url: string, bearer?: string): Promise<ApiAnswer<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = (await response.json().catch(() => null)) as ApiAnswer<T> | null;
  if (!answer) throw new Error(`answered ${response.status} without JSON: is this the address of the API?`);
  return answer;
}

/** @throws UserError when the platform is not there */
export async function asked<T>(key: string, ask: () => Promise<ApiAnswer<T>>): Promise<ApiAnswer<T>> {
  try {
    return await ask();
  } catch {
    throw new UserError(
      `${key}: it does not answer. See that this machine reaches it, through a proxy if there is one.`,
    );
  }
}
