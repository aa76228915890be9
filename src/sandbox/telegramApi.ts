import type { createLimits, SendFaults } from './faults.ts';
import { ok, refuse, type TelegramAnswer } from './telegramAnswer.ts';
import type { createFiles } from './telegramFiles.ts';
import type { createMessages, MessagePlace } from './telegramMessages.ts';
import type { TelegramPayload } from './telegramPayload.ts';
import type { createProfile } from './telegramProfile.ts';
import type { createUpdates } from './telegramUpdates.ts';

export interface Faults extends SendFaults {
  /** How many of the next calls, whatever they are, get a 500. */
  failCalls?: number;
}

export interface TelegramApiParts {
  token: string;
  placeOf(id: number): MessagePlace | undefined;
  commands: Map<string, { command: string; description: string }[]>;
  profile: ReturnType<typeof createProfile>;
  updates: ReturnType<typeof createUpdates>;
  files: ReturnType<typeof createFiles>;
  messages: ReturnType<typeof createMessages>;
  faults: Faults;
  limits: ReturnType<typeof createLimits>;
  counters: { sends: number; blocked: number };
}

type Call = (payload: TelegramPayload, parts: TelegramApiParts) => TelegramAnswer | Promise<TelegramAnswer>;

/** What the Bot API answers to a call by this name; those that change nothing here are answered with true. */
export const answerTo = async (
  method: string,
  payload: TelegramPayload,
  parts: TelegramApiParts,
): Promise<TelegramAnswer> =>
  (await CALLS[method]?.(payload, parts)) ?? ok(parts.profile.call(method, payload) ?? true);

function trouble(chat: string, { limits, faults }: TelegramApiParts): TelegramAnswer | null {
  if (limits.isEach(faults.failEvery)) return refuse(500, 'Internal Server Error');
  if (!limits.isRefused(chat)) return null;
  const { stormRetryAfter: retry_after } = faults;
  return refuse(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
}

type Act = (place: MessagePlace, payload: TelegramPayload, parts: TelegramApiParts) => TelegramAnswer;

/** What the bot does in a chat, where it is let. */
const inChat =
  (act: Act): Call =>
  (payload, parts) => {
    const place = parts.placeOf(Number(payload.chat_id));
    const refused = trouble(String(payload.chat_id), parts) ?? place?.refusal();
    if (refused && !refused.ok && refused.error_code === 403) parts.counters.blocked += 1;
    if (refused) return refused;
    return place ? act(place, payload, parts) : refuse(400, 'Bad Request: chat not found');
  };

const send: Call = (payload, parts) => {
  parts.counters.sends += 1;
  return inChat((place, given, { messages }) => messages.send(place, given))(payload, parts);
};

const CALLS: Record<string, Call | undefined> = {
  getMe: (_, { token }) =>
    ok({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Hearback', username: 'hearback_bot' }),
  async getUpdates(payload, { updates }) {
    const { offset = 0, limit = 100, timeout = 0 } = payload as Record<string, number>;
    const given = await updates.get(offset, limit, timeout);
    return given ? ok(given) : refuse(409, 'Conflict: terminated by other getUpdates request, or a webhook is active');
  },
  sendMessage: send,
  sendPhoto: send,
  sendVoice: send,
  sendAudio: send,
  sendDocument: send,
  editMessageText: inChat((place, payload, { messages }) => messages.edit(place, payload, 'text')),
  editMessageCaption: inChat((place, payload, { messages }) => messages.edit(place, payload, 'caption')),
  editMessageReplyMarkup: inChat((place, payload, { messages }) => messages.editMarkup(place, payload)),
  deleteMessage: inChat((place, payload, { messages }) => messages.remove(place, payload)),
  getFile(payload, { files }) {
    const id = String(payload.file_id);
    const size = files.get(id)?.bytes.length;
    if (size === undefined) return refuse(400, 'Bad Request: invalid file_id');
    return ok({ file_id: id, file_unique_id: id, file_path: `documents/${id}`, file_size: size });
  },
  setWebhook(payload, { updates }) {
    updates.register({ url: String(payload.url), secret: String(payload.secret_token ?? '') });
    return ok(true);
  },
  deleteWebhook(_, { updates }) {
    updates.register(null);
    return ok(true);
  },
  setMyCommands(payload, { commands }) {
    commands.set(String(payload.language_code ?? ''), payload.commands as never);
    return ok(true);
  },
  getMyCommands: (payload, { commands }) => ok(commands.get(String(payload.language_code ?? '')) ?? []),
};
