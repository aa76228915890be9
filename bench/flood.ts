import { startTelegramSandbox, type TelegramSandbox } from '../src/sandbox/telegram.ts';
import { withServer } from './ground.ts';
import { atMost, type Measure, percentile, progress, type Result, scaled } from './measure.ts';
import { withService } from './serviceProcess.ts';

/** What Telegram takes from one bot, and about how long it takes to answer a call. */
const PER_SECOND = 30;
const ANSWER_MS = 57;
const SECRET = 'of-the-benchmark';
/** What one person sends at once. */
const FLOOD = 300;
const FLOODS = scaled(4, 1);
/** What others say beside each flood, so far apart that all of it fits below the platform's limit. */
const OTHERS = scaled(25, 5);
const EVERY_MS = 250;

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Milliseconds until others are answered, people who ask one after the other at even distances. */
async function replyTimes(sandbox: TelegramSandbox, first: number): Promise<number[]> {
  const times: Promise<number>[] = [];
  for (let index = 0; index < OTHERS; index++) {
    const person = sandbox.user(first + index, { language: 'en' });
    const began = performance.now();
    await person.command('/help');
    times.push(person.waitFor(() => true).then(() => performance.now() - began));
    await after(EVERY_MS);
  }
  return Promise.all(times);
}

/** Quiet and flooded by turns, so that whatever else the machine does meets both. */
async function underFlood(sandbox: TelegramSandbox): Promise<{ quiet: number[]; flooded: number[] }> {
  const [quiet, flooded]: [number[], number[]] = [[], []];
  await replyTimes(sandbox, 1);
  for (let round = 1; round <= FLOODS; round++) {
    quiet.push(...(await replyTimes(sandbox, round * 10_000)));
    const flooder = sandbox.user(round, { language: 'en' });
    const flood = Array.from({ length: FLOOD }, (_, index) => flooder.say(`The lamp number ${index} is broken`));
    flooded.push(...(await replyTimes(sandbox, round * 10_000 + 5_000)));
    await Promise.all(flood);
    progress(`p95 in milliseconds: quiet ${p95(quiet).toFixed(0)}, beside a flood ${p95(flooded).toFixed(0)}`);
  }
  return { quiet, flooded };
}

const p95 = (times: number[]): number => percentile(times, 0.95);

async function measure(mode: 'polling' | 'webhook'): Promise<Result[]> {
  const sandbox = await startTelegramSandbox();
  Object.assign(sandbox.faults, { delayMs: ANSWER_MS, perSecond: PER_SECOND });
  sandbox.webhooks.secret = SECRET;
  const env = { TELEGRAM_BOT_TOKEN: sandbox.token, TELEGRAM_API_ROOT: sandbox.url };
  const webhook: Record<string, string> = mode === 'webhook' ? { TELEGRAM_WEBHOOK_SECRET: SECRET } : {};
  try {
    return await withServer((fresh) =>
      fresh((db) =>
        withService({ ...env, ...webhook, DATABASE_URL: db.url }, async (url) => {
          if (mode === 'webhook') sandbox.webhooks.urls = [`${url}/telegram/webhook`];
          const { quiet, flooded } = await underFlood(sandbox);
          return [atMost(`reply-under-flood-${mode}`, p95(flooded), p95(quiet), 1.5)];
        }),
      ),
    );
  } finally {
    await sandbox.close();
  }
}

/** The slowest replies to others while one person sends 300 messages at once, against those of a quiet bot. */
export const replyUnderFlood: Measure = {
  name: 'reply-under-flood',
  run: async () => [...(await measure('polling')), ...(await measure('webhook'))],
};
