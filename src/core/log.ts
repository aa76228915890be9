/** What may stand beside a line: ids, counts, states. Never a text, a name, an address or a token. */
export type Facts = Record<string, string | number | boolean | null | undefined>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `event` is a fixed sentence, so that lines can be counted; what varies goes into the facts. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts, error?: unknown): void;
  error(event: string, facts?: Facts, error?: unknown): void;
}

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A log that is opened with its first line: most commands write none. */
export function logOnDemand(open: () => Promise<Log>): Log {
  let opening: Promise<Log> | null = null;
  const on =
    (at: keyof Log): Log['error'] =>
    (...line) =>
      void (opening ??= open()).then((log) => (log[at] as Log['error'])(...line));
  return { debug: on('debug'), info: on('info'), warn: on('warn'), error: on('error') };
}

/** Trouble that lasts: logged when it begins and when it is over, not each time it is met in between. */
export interface Trouble {
  met(error: unknown, facts?: Facts): void;
  over(): void;
  lasts(): boolean;
}

export function createTrouble(log: Log, words: { begins: string; ends: string }): Trouble {
  let lasts = false;
  return {
    met(error, facts = {}) {
      if (!lasts) log.warn(words.begins, facts, error);
      lasts = true;
    },
    over() {
      if (lasts) log.info(words.ends);
      lasts = false;
    },
    lasts: () => lasts,
  };
}

const TALLY_EVERY_MS = 60_000;

/** Something that anybody can make happen as often as they like: logged with its count, at most once a minute. */
export function createTally(log: Log, event: string): () => void {
  let count = 0;
  let resting = false;
  function tell(): void {
    resting = count > 0;
    if (count === 0) return;
    log.warn(event, { count });
    count = 0;
    setTimeout(tell, TALLY_EVERY_MS).unref();
  }
  return () => {
    count += 1;
    if (!resting) tell();
  };
}
