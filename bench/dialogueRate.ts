import type { Update } from 'grammy/types';
import { createTelegramChannel } from '../src/channels/telegram/channel.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { Database } from '../src/store/database.ts';
import { dialogueFlow, saying, TOKEN, textUpdate } from './dialogue.ts';
import { createGrammyBot } from './grammyBaseline.ts';
import { withSandbox, withServer } from './ground.ts';
import { atLeast, interleaved, type Measure, scaled, seconds, together } from './measure.ts';
import { createInbound } from './ours.ts';

const QUESTIONS = 8;
const CHATS = scaled(2000, 20);
/** Updates under way at once: what grammY's runner does when nothing is said. */
const AT_ONCE = 500;
const ROUNDS = 3;

/** Every chat says its next thing once its last was answered; all chats are under way together. */
async function updatesPerSecond(take: (update: Update) => Promise<void>, done: () => Promise<void>): Promise<number> {
  const took = await seconds(async () => {
    for (let turn = 0; turn <= QUESTIONS; turn++)
      await together(CHATS, AT_ONCE, (chat) => take(textUpdate(chat + 1, saying(turn))));
    await done();
  });
  return (CHATS * (QUESTIONS + 1)) / took;
}

async function expectIdeas({ pool }: Database, table: 'contribution' | 'idea'): Promise<void> {
  const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
  if (rows[0]?.count !== CHATS) throw new Error(`${CHATS} chats made ${rows[0]?.count} rows of ${table}.`);
}

async function ours(db: Database, apiRoot: string): Promise<number> {
  const channel = createTelegramChannel({
    token: TOKEN,
    apiRoot,
    perSecond: 1_000_000,
    clock: systemClock,
    log: silentLog,
  });
  const inbound = await createInbound(db, dialogueFlow(QUESTIONS), channel);
  const rate = await updatesPerSecond(inbound.take, inbound.idle);
  await expectIdeas(db, 'contribution');
  return rate;
}

async function grammy(db: Database, apiRoot: string): Promise<number> {
  const bot = await createGrammyBot(db.pool, apiRoot, QUESTIONS);
  const rate = await updatesPerSecond(
    (update) => bot.handleUpdate(update),
    async () => undefined,
  );
  await expectIdeas(db, 'idea');
  return rate;
}

/** Updates a second, with contribution and reply, against grammY's conversations with the same database and pool. */
export const dialogueRate: Measure = {
  name: 'dialogue',
  run: () =>
    withServer((fresh) =>
      withSandbox({ users: CHATS }, async (url) => {
        const rates = await interleaved(
          ROUNDS,
          () => fresh((db) => ours(db, url)),
          () => fresh((db) => grammy(db, url)),
        );
        return [atLeast('dialogue', rates.ours, rates.baseline, 2)];
      }),
    ),
};
