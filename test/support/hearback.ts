import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { systemAmbient } from '../../src/core/clock.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { type Service, startService } from '../../src/main.ts';
import { type ProcessDefinition, parseProcess } from '../../src/process/process.ts';
import type { ChatMessage } from '../../src/sandbox/chat.ts';
import type { TelegramSandbox } from '../../src/sandbox/telegram.ts';
import { startTelegramSandbox } from '../../src/sandbox/telegram.ts';
import type { SandboxUser } from '../../src/sandbox/telegramPerson.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { flowsAtOnce } from './atOnce.ts';
import { freshDatabaseUrl } from './database.ts';
import { temporaryFolder } from './ownServer.ts';
import { hears, isReceipt } from './people.ts';

export interface Hearback {
  telegram: TelegramSandbox;
  service: Service;
  /** Rows of one statement on the service's database. */
  rows<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Ends the service and begins it again on the same database and platform. */
  restart(env?: Record<string, string>): Promise<void>;
}

/** For tests in which people write faster than people do: what they are answered does not wait for that. */
export const UNHURRIED = { ...systemAmbient, hurriedGapMs: 0 };

const EXAMPLE = 'flows/example.process.yaml';

/** The whole service in this process, on a new database and a Telegram of its own, with a process applied (by its file or as it is; null: none). */
export async function hearback(
  env: Record<string, string> = {},
  { process = EXAMPLE, log = silentLog }: { process?: string | ProcessDefinition | null; log?: Log } = {},
): Promise<Hearback> {
  const telegram = await startTelegramSandbox();
  const url = await freshDatabaseUrl();
  // Before the service begins, which may not look again for two seconds.
  if (process !== null) await applied(url, process);
  const base = {
    DATABASE_URL: url,
    DATA_DIR: await temporaryFolder(),
    FLOWS_DIR: flowsAtOnce(),
    PORT: '0',
    NOTICE_HOLD_SECONDS: '0',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_MESSAGES_PER_SECOND: '1000',
  };
  const start = (more: Record<string, string>) =>
    startService(readConfig({ ...base, ...more }), log, undefined, UNHURRIED);
  const self: Hearback = {
    telegram,
    service: await start(env),
    rows: async (sql, values = []) => (await self.service.core.db.pool.query(sql, values)).rows as never,
    async restart(more = {}) {
      await self.service.stop();
      self.service = await start({ ...env, ...more });
    },
  };
  onTestFinished(async () => {
    await self.service.stop();
    await telegram.close();
  });
  return self;
}

async function applied(url: string, process: string | ProcessDefinition): Promise<void> {
  const definition = typeof process === 'string' ? parseProcess(await readFile(process, 'utf8'), process) : process;
  const database = await openDatabase(url);
  try {
    await createProcesses(database).apply(definition);
  } finally {
    await database.close();
  }
}

/** Does something, and gives the bot's first message after it for which the predicate holds. */
export async function after(
  person: SandboxUser,
  act: () => Promise<void>,
  holds: (message: ChatMessage) => boolean = () => true,
): Promise<ChatMessage> {
  const from = person.chat.length;
  await act();
  return hears(person, holds, from);
}

export const asks = (message: ChatMessage): boolean => message.buttons.length > 0;
export const receipt = isReceipt;
export const referenceIn = (message: ChatMessage): string => /HB-\w{7}/.exec(message.text)?.[0] ?? '';

/** Says something out of nowhere, which is an idea of its own; gives its reference. */
export async function speak(person: SandboxUser, words: string): Promise<string> {
  const answer = await after(person, () => person.say(words), asks);
  if (receipt(answer)) return referenceIn(answer);
  return referenceIn(await after(person, () => person.press('No, a new idea'), receipt));
}
