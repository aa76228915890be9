import { randomUUID } from 'node:crypto';
import { type Conversation, type ConversationFlavor, conversations, createConversation } from '@grammyjs/conversations';
import { Bot, type Context } from 'grammy';
import type { Pool } from 'pg';
import { questionText, TOKEN } from './dialogue.ts';

type Flavored = ConversationFlavor<Context>;

/** The dialogue as grammY's users write it: its conversations plugin, with its state in a table by chat. */
export async function createGrammyBot(pool: Pool, apiRoot: string, questions: number): Promise<Bot<Flavored>> {
  await pool.query('CREATE TABLE conversation_state (key text PRIMARY KEY, state jsonb NOT NULL)');
  await pool.query('CREATE TABLE idea (id uuid PRIMARY KEY, chat bigint, text text, at timestamptz DEFAULT now())');
  const bot = new Bot<Flavored>(TOKEN, { client: { apiRoot } });
  await bot.init();
  bot.use(conversations<Flavored, Context>({ storage: storage(pool) }));
  bot.use(createConversation(dialogue(pool, questions), 'dialogue'));
  bot.command('start', (ctx) => ctx.conversation.enter('dialogue'));
  return bot;
}

function dialogue(pool: Pool, questions: number) {
  return async (conversation: Conversation<Flavored, Context>, ctx: Context): Promise<void> => {
    const answers: string[] = [];
    for (let number = 1; number <= questions; number++) {
      await ctx.reply(questionText(number));
      answers.push((await conversation.waitFor('message:text')).message.text);
    }
    const id = await conversation.external(() => keep(pool, ctx.chatId ?? 0, answers.join('\n\n')));
    await ctx.reply(`Recorded as HB-${id.slice(0, 7)}.`);
  };
}

async function keep(pool: Pool, chat: number, text: string): Promise<string> {
  const id = randomUUID();
  await pool.query({
    name: 'keep',
    text: 'INSERT INTO idea (id, chat, text) VALUES ($1, $2, $3)',
    values: [id, chat, text],
  });
  return id;
}

function storage<State>(pool: Pool) {
  const write =
    'INSERT INTO conversation_state (key, state) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET state = excluded.state';
  return {
    type: 'key' as const,
    adapter: {
      async read(key: string): Promise<State | undefined> {
        const text = 'SELECT state FROM conversation_state WHERE key = $1';
        const { rows } = await pool.query<{ state: State }>({ name: 'read', text, values: [key] });
        return rows[0]?.state;
      },
      async write(key: string, state: State): Promise<void> {
        await pool.query({ name: 'write', text: write, values: [key, JSON.stringify(state)] });
      },
      async delete(key: string): Promise<void> {
        await pool.query({ name: 'delete', text: 'DELETE FROM conversation_state WHERE key = $1', values: [key] });
      },
    },
  };
}
