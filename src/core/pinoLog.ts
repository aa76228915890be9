import { type DestinationStream, pino } from 'pino';
import type { Facts, Log, LogLevel } from './log.ts';

/** A second line of defence: facts under these names are never written, no matter which code passes them. */
const NEVER = ['text', 'texts', 'name', 'address', 'token', 'secret', 'password', 'url', 'body', 'answers', 'sender'];
const SECRETS = [
  /\d{5,}:[\w-]{20,}/g, // a Telegram token, which is part of every Bot API address
  /x(?:ox[a-z.]*|app)-[\w-]+/g,
  /(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g, // the password of an address
];
const MOST_CAUSES = 5;

/** In an outage every piece of work fails: beyond this many, lines about the same event are only counted. */
const MOST_IN_A_ROW = 5;
const ROW_MS = 10_000;

/** A log of one JSON line an event, on standard error: standard output belongs to a command's result. */
export function createLog(level: LogLevel, stream: DestinationStream = pino.destination({ dest: 2, sync: true })): Log {
  const out = pino({ level, base: null, redact: { paths: NEVER, censor: '[kept out]' } }, stream);
  const rows = new Map<string, Row>();
  const write =
    (at: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, facts: Facts = {}, error?: unknown) =>
      out[at](error === undefined ? facts : { ...facts, error: errorFacts(error) }, event);

  function damped(at: 'warn' | 'error'): Log['warn'] {
    return (event, facts = {}, error) => {
      const row = rows.get(event) ?? begin(event);
      row.count += 1;
      const line = (more?: Facts) => write(at)(event, { ...facts, ...more }, error);
      if (row.count <= MOST_IN_A_ROW) line();
      else row.latest = line;
    };
  }

  function begin(event: string): Row {
    const row: Row = { count: 0, latest: null };
    rows.set(event, row);
    setTimeout(() => {
      rows.delete(event);
      row.latest?.({ times: row.count - MOST_IN_A_ROW });
    }, ROW_MS).unref();
    return row;
  }

  return { debug: write('debug'), info: write('info'), warn: damped('warn'), error: damped('error') };
}

interface Row {
  count: number;
  latest: ((more: Facts) => void) | null;
}

/** An error without what it carries along: drivers attach rows, payloads and whole requests to theirs. */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: `thrown: ${typeof error}` };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: safeMessage(error, code),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    at: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause !== undefined && depth < MOST_CAUSES ? { cause: errorFacts(error.cause, depth + 1) } : {}),
  };
}

function safeMessage(error: Error, code: unknown): string {
  // Prisma prints the arguments of the call, and ends with the reason.
  const message = error.name.startsWith('PrismaClient')
    ? (error.message.trim().split('\n').at(-1) ?? '')
    : error.message;
  // PostgreSQL quotes the value it could not read (class 22).
  const quoted = typeof code === 'string' && /^22\w{3}$/.test(code) ? message.replace(/"[^"]*"/g, '"…"') : message;
  return SECRETS.reduce((text, secret) => text.replace(secret, '[secret]'), quoted);
}
