import { type ApiClientOptions, HttpError, type Transformer } from 'grammy';
import { type ApiAnswer, type Call, exchange } from './exchange.ts';

const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

const JSON_BODY = { 'content-type': 'application/json' };

interface Transport {
  token: string;
  /** The address of the Bot API. */
  root: string;
  /** Null: it is reached directly. */
  proxy: string | null;
  timeoutMs: number;
}

/** Makes the calls in place of grammY's client, which costs more than the exchange itself. Without files. */
export function jsonCalls({ token, root, proxy, timeoutMs }: Transport): Transformer {
  const { origin, path } = placeOf(root);
  return async (_, method, payload, signal) => {
    const body = JSON.stringify(payload);
    const call: Call = {
      method: 'POST',
      headers: JSON_BODY,
      body,
      signal,
      proxy,
      timeoutMs,
      mostBytes: MOST_ANSWER_BYTES,
    };
    try {
      return read(await exchange(origin, `${path}/bot${token}/${method}`, call)) as never;
    } catch (error) {
      throw new HttpError(`There was no answer to ${method}`, error);
    }
  };
}

/** What grammY's client calls in place of node-fetch, which does not tell whether a connection was made. */
export function fetchWithin(limits: Pick<Transport, 'timeoutMs' | 'proxy'>): NonNullable<ApiClientOptions['fetch']> {
  const fetch = async (url: string, { method, headers, body, signal }: Call) => {
    const { origin, path } = placeOf(url);
    const call = { method, headers, body, signal, mostBytes: MOST_ANSWER_BYTES, ...limits };
    const answer = await exchange(origin, path, call);
    return { json: async () => read(answer) };
  };
  return fetch as unknown as NonNullable<ApiClientOptions['fetch']>;
}

/** An address in the two parts that a request has; the path without a slash at its end. */
export function placeOf(url: string): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname.replace(/\/$/, '') + search };
}

/** What means the same from any server: that there are too many calls, and that nobody knows what became of this one. */
const SAID_BY_ANYBODY = [429, 504];

/** Proxies before the API answer with pages of their own: their statuses say nothing about a chat or the token. */
function read({ status, body }: Pick<ApiAnswer, 'status' | 'body'>): unknown {
  const answer = jsonIn(body);
  if (isOfTheApi(answer)) return answer;
  return { ok: false, error_code: SAID_BY_ANYBODY.includes(status) ? status : 502, description: NOT_JSON };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** https://core.telegram.org/bots/api#making-requests */
function isOfTheApi(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const { ok, error_code } = answer as { ok?: unknown; error_code?: unknown };
  return ok === true || (ok === false && typeof error_code === 'number');
}

export const NOT_JSON = 'the answer is not one of the Bot API';
