import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { ApiClientOptions } from 'grammy';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** No answer came. Its message names the system's error code and nothing else: addresses hold the token. */
export class NoAnswer extends Error {
  constructor(
    why: string,
    /** Whether the platform was reached: then the call may have taken effect. */
    readonly connected: boolean,
  ) {
    super(`No answer from the Telegram API: ${why}`);
    this.name = 'NoAnswer';
  }
}

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Readable;
  timeoutMs: number;
  /** What is longer is cut off. */
  mostBytes: number;
  /** Null: directly. */
  proxy?: string | null;
  /** grammY's is of a package of its own, which shares only this much with Node's. */
  signal?: Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'>;
}

export interface ApiAnswer {
  status: number;
  body: Buffer;
  /** There was more than wanted. */
  cut: boolean;
}

const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

/** Idle connections are closed by us, before the other side does it under a request. */
const KEEP_ALIVE = { keepAlive: true, timeout: 10_000 };
const plain = new http.Agent(KEEP_ALIVE);
const secure = new https.Agent(KEEP_ALIVE);
const proxied = new Map<string, https.Agent>();

function secureBy(proxy: string | null): https.Agent {
  if (proxy === null) return secure;
  const agent = proxied.get(proxy) ?? new HttpsProxyAgent(proxy, KEEP_ALIVE);
  proxied.set(proxy, agent);
  return agent;
}

/** @throws NoAnswer */
export function exchange(url: string, call: Call): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const tls = url.startsWith('https:');
    const { method = 'GET', headers, body, signal } = call;
    let connected = false;
    let why = '';
    const request = (tls ? https : http).request(url, {
      method,
      headers,
      agent: tls ? secureBy(call.proxy ?? null) : plain,
    });
    const abandon = (reason: string): void => {
      why ||= reason;
      request.destroy();
    };
    const aborted = (): void => abandon('aborted');
    const timer = setTimeout(abandon, call.timeoutMs, `silent for ${call.timeoutMs / 1000} seconds`);
    let settled = false;
    const done = (): void => {
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const fail = (error?: Error): void => {
      if (settled) return;
      done();
      reject(new NoAnswer(why || ((error as NodeJS.ErrnoException | undefined)?.code ?? 'broken off'), connected));
    };
    request.once('socket', (socket) => {
      if (request.reusedSocket) connected = true;
      else socket.once(tls ? 'secureConnect' : 'connect', () => (connected = true));
    });
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = (cut: boolean): void => {
        done();
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), cut });
      };
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= call.mostBytes) return void chunks.push(chunk);
        finish(true);
        request.destroy();
      });
      response.once('end', () => finish(false));
      response.once('error', fail);
      response.once('close', fail);
    });
    request.once('error', fail);
    request.once('close', fail);
    signal?.addEventListener('abort', aborted);
    if (signal?.aborted) aborted();
    else if (body instanceof Readable) body.once('error', () => abandon('the file could not be read')).pipe(request);
    else request.end(body);
  });
}

/** What grammY calls in place of node-fetch, which does not tell whether a connection was made. */
export function fetchWithin(timeoutMs: number, proxy: string | null): NonNullable<ApiClientOptions['fetch']> {
  const fetch = async (url: string, init: Omit<Call, 'timeoutMs' | 'mostBytes'>) => {
    const { method, headers, body, signal } = init;
    const answer = await exchange(url, {
      method,
      headers,
      body,
      signal,
      timeoutMs,
      mostBytes: MOST_ANSWER_BYTES,
      proxy,
    });
    return { json: async () => read(answer) };
  };
  return fetch as unknown as NonNullable<ApiClientOptions['fetch']>;
}

/** What says the same whoever says it: that there are too many calls, and that nobody knows what became of this one. */
const SAID_BY_ANYBODY = [429, 504];

/** Proxies before the API answer with pages of their own, whose statuses say nothing of a chat or of the token. */
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
