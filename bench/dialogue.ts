import type { Update } from 'grammy/types';
import { type Flow, flowSchema } from '../src/conversation/flow/source/schema.ts';

export const TOKEN = '4711:sandbox';
export const questionText = (number: number): string => `Question ${number}: what should change in your street?`;
export const answerText = (number: number): string => `Answer ${number}: a bench, a tree, and a light at the corner.`;

/** So many open questions, then one contribution of all the answers; begun by /start. */
export function dialogueFlow(questions: number): Flow {
  const names = Array.from({ length: questions }, (_, index) => `q${index + 1}`);
  const asks = names.map((id, index) => ({ id, ask: 'text', text: { en: questionText(index + 1) } }));
  const send = { id: 'send', contribute: 'idea', textOf: names, receipt: { en: 'Recorded as {reference}.' } };
  const steps = [...asks, send, { id: 'finished', end: true }];
  return flowSchema.parse({ flow: 'welcome', version: 1, languages: ['en'], steps });
}

let lastUpdate = 0;

/** What Telegram would send when this chat says that. */
export function textUpdate(chat: number, text: string): Update {
  lastUpdate += 1;
  const command = text.startsWith('/') && {
    entities: [{ type: 'bot_command' as const, offset: 0, length: text.length }],
  };
  return {
    update_id: lastUpdate,
    message: {
      message_id: lastUpdate,
      date: Math.floor(Date.now() / 1000),
      chat: { id: chat, type: 'private', first_name: 'Person' },
      from: { id: chat, is_bot: false, first_name: 'Person', language_code: 'en' },
      text,
      ...command,
    },
  };
}

/** What a chat says in its n-th turn: the beginning, then the answers. */
export const saying = (turn: number): string => (turn === 0 ? '/start' : answerText(turn));
