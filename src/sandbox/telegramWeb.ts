import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, pause } from './http.ts';
import { refuse, type TelegramAnswer } from './telegramAnswer.ts';
import { answerTo, type TelegramApiParts } from './telegramApi.ts';
import { payloadOf, type TelegramPayload } from './telegramPayload.ts';

/** One line of the ledger: what the bot asked for, and what became of it. */
export interface SentLine {
  chat: number;
  messageId: number | null;
  status: number;
  answered: boolean;
  at: number;
}

export interface TelegramWebParts extends TelegramApiParts {
  counters: TelegramApiParts['counters'] & { calls: number };
  ledger: SentLine[];
  clock(): number;
}

/** The Bot API over HTTP, with the faults that were asked for. */
export const createWeb =
  (parts: TelegramWebParts) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { files, faults, counters, token } = parts;
    const body = await bodyOf(request);
    const [, file, secret, rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(request.url ?? '') ?? [];
    counters.calls += 1;
    if (secret !== token) return reply(response, refuse(401, 'Unauthorized'));
    if (file) return void response.end(files.get(rest.replace('documents/', ''))?.bytes);
    if (faults.failCalls) {
      faults.failCalls -= 1;
      return reply(response, refuse(500, 'Internal Server Error'));
    }
    const payload = payloadOf(request, body);
    const answer = await answerTo(rest, payload, parts);
    if (rest.startsWith('send')) await afterSend(payload, answer, response, parts);
    if (!response.destroyed) reply(response, answer);
  };

/** Slow or lost answers: the message itself has arrived by now. */
async function afterSend(
  payload: TelegramPayload,
  answer: TelegramAnswer,
  response: ServerResponse,
  { limits, faults, ledger, clock }: TelegramWebParts,
): Promise<void> {
  const lost = answer.ok && limits.isEach(faults.loseEvery);
  const messageId = answer.ok ? (answer.result as { message_id: number }).message_id : null;
  const status = answer.ok ? 200 : answer.error_code;
  ledger.push({ chat: Number(payload.chat_id), messageId, status, answered: !lost, at: clock() });
  if (faults.delayMs > 0) await pause(faults.delayMs);
  if (lost) response.destroy();
}

function reply(response: ServerResponse, answer: TelegramAnswer): void {
  response.writeHead(answer.ok ? 200 : answer.error_code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}
