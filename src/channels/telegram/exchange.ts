import { Readable } from 'node:stream';
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';

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

export interface Call {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string | Readable;
  timeoutMs: number;
  /** What is longer is cut off. */
  mostBytes: number;
  /** Null: directly. */
  proxy?: string | null;
  signal?: Signal;
}

/** What grammY's signals, which are of a package of their own, share with Node's. */
interface Signal {
  readonly aborted: boolean;
  addEventListener(event: 'abort', listener: () => void): void;
  removeEventListener(event: 'abort', listener: () => void): void;
}

export interface ApiAnswer {
  status: number;
  body: Buffer;
  /** There was more than wanted. */
  cut: boolean;
}

/**
 * One request, at most once, and its answer. By undici's dispatcher, in which a call costs half of what it does in Node's own
 * client, and which tells when a request goes out on a connection.
 * @param origin scheme, host and port. @throws NoAnswer
 */
export function exchange(origin: string, path: string, call: Call): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => new Exchange(call, resolve, reject).begin(origin, path));
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | null = null;
  private isOver = false;
  private status = 0;
  private length = 0;
  private readonly chunks: Buffer[] = [];
  private readonly abort = (): void => this.giveUp('aborted');

  constructor(
    private readonly call: Call,
    private readonly resolve: (answer: ApiAnswer) => void,
    private readonly reject: (error: NoAnswer) => void,
  ) {
    this.timer = setTimeout(() => this.giveUp(`silent for ${call.timeoutMs / 1000} seconds`), call.timeoutMs);
  }

  begin(origin: string, path: string): void {
    const { method = 'GET', headers, body, signal, proxy = null } = this.call;
    if (signal?.aborted) return this.abort();
    signal?.addEventListener('abort', this.abort);
    if (body instanceof Readable) body.once('error', () => this.giveUp('the file could not be read'));
    // The one limit is that of the whole call.
    const limits = { headersTimeout: 0, bodyTimeout: 0 };
    dispatcherBy(proxy).dispatch({ origin, path, method, headers, body, ...limits }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Nobody waits for it any more: it is not sent.
    if (this.isOver) controller.abort(GIVEN_UP);
    else this.controller = controller;
  }

  onResponseStart(_: unknown, status: number): void {
    this.status = status;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.length += chunk.length;
    if (this.length <= this.call.mostBytes) this.chunks.push(chunk);
    else this.finish(true);
  }

  onResponseEnd(): void {
    this.finish(false);
  }

  onResponseError(_: unknown, error: Error & { code?: string }): void {
    this.fail(error.code ?? 'broken off');
  }

  private finish(cut: boolean): void {
    if (!this.end()) return;
    this.resolve({ status: this.status, body: Buffer.concat(this.chunks), cut });
    if (cut) this.controller?.abort(GIVEN_UP);
  }

  private giveUp(why: string): void {
    this.fail(why);
    this.controller?.abort(GIVEN_UP);
  }

  private fail(why: string): void {
    if (this.end()) this.reject(new NoAnswer(why, this.controller !== null));
  }

  /** False where it has ended before. */
  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    clearTimeout(this.timer);
    this.call.signal?.removeEventListener('abort', this.abort);
    return true;
  }
}

const GIVEN_UP = new Error('nobody waits for the answer any more');

/** Idle connections are closed by us, before the other side does it under a request. */
const IDLE = { keepAliveTimeout: 10_000, keepAliveMaxTimeout: 10_000 };
const dispatchers = new Map<string | null, Dispatcher>();

function dispatcherBy(proxy: string | null): Dispatcher {
  const known = dispatchers.get(proxy);
  if (known) return known;
  const made = proxy === null ? new Agent(IDLE) : new ProxyAgent({ ...IDLE, uri: proxy, clientFactory: tunnels });
  dispatchers.set(proxy, made);
  return made;
}

/** undici would ask a proxy that hangs up again and again, without a pause. */
function tunnels(...given: ConstructorParameters<typeof Pool>): Pool {
  const pool = new Pool(...given);
  const connect = pool.connect.bind(pool) as (options: object) => Promise<unknown>;
  const refused = (cause: unknown) => {
    throw Object.assign(new Error('there is no way through the proxy', { cause }), { code: 'proxy' });
  };
  return Object.assign(pool, { connect: (options: object) => connect(options).catch(refused) });
}
