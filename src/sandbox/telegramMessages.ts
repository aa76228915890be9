import { isDeepStrictEqual } from 'node:util';
import type { Chat, ChatMessage } from './chat.ts';
import { ok, refuse, type TelegramAnswer } from './telegramAnswer.ts';
import { type createFiles, seen, told } from './telegramFiles.ts';
import { buttonsOf, contentOf, isKnownHost, replyParametersOf, type TelegramPayload } from './telegramPayload.ts';

/** Where the bot can speak, or could once. */
export interface MessagePlace {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup' | 'channel';
  readonly room: Chat;
  /** Why the bot may not write here (any more). */
  refusal(): TelegramAnswer | null;
  /** The topics that are there no more; left out: there never were any. */
  deleted?: ReadonlySet<number>;
}

interface MessagesParts {
  files: ReturnType<typeof createFiles>;
  nextId(): number;
  clock(): number;
}

const MOST_TEXT = 4096;
const MOST_CAPTION = 1024;
const MOST_DATA_BYTES = 64;
const REMOVABLE_MS = 48 * 3_600_000;

/** What becomes of the bot's words in a chat where it may speak. */
export const createMessages = (parts: MessagesParts) => ({
  send: (place: MessagePlace, payload: TelegramPayload) => sendTo(place, payload, parts),
  edit: (place: MessagePlace, payload: TelegramPayload, what: 'text' | 'caption') =>
    edit(place, payload, what, parts.clock()),
  editMarkup,
  remove: (place: MessagePlace, payload: TelegramPayload) => remove(place, payload, parts.clock()),
});

function sendTo(
  place: MessagePlace,
  payload: TelegramPayload,
  { files, nextId, clock }: MessagesParts,
): TelegramAnswer {
  const file = files.sentIn(payload);
  if (file && 'ok' in file) return file;
  const content = { ...contentOf(payload), ...(file && seen(file)) };
  const refused = objection(content);
  if (refused) return refused;
  const topic = payload.message_thread_id === undefined ? undefined : Number(payload.message_thread_id);
  if (topic !== undefined && place.deleted?.has(topic)) return refuse(400, 'Bad Request: message thread not found');
  const { message_id: answered, allow_sending_without_reply: without } = replyParametersOf(payload);
  if (answered !== undefined && !without && !answeredIn(place, payload).replyTo)
    return refuse(400, 'Bad Request: message to be replied not found');
  const where = { ...(topic && { topic }), ...answeredIn(place, payload) };
  const message: ChatMessage = { from: 'bot', ...content, messageId: nextId(), at: clock(), ...where };
  place.room.receive(message);
  return ok({ ...asTold(place, message), ...(file && told(file)) });
}

function edit(place: MessagePlace, payload: TelegramPayload, what: 'text' | 'caption', now: number): TelegramAnswer {
  const message = messageIn(place, payload);
  if (!message) return refuse(400, 'Bad Request: message to edit not found');
  if (message.from !== 'bot') return refuse(400, "Bad Request: message can't be edited");
  if ((message.file !== undefined) !== (what === 'caption'))
    return refuse(400, `Bad Request: there is no ${what} in the message to edit`);
  const content = contentOf(payload);
  const refused = objection({ ...content, file: message.file });
  if (refused) return refused;
  const { text, buttons, entities } = message;
  if (isDeepStrictEqual(content, { text, buttons, entities })) return refuse(400, `Bad Request: ${NOT_MODIFIED}`);
  place.room.change(message, content);
  return ok({ ...asTold(place, message), edit_date: Math.floor(now / 1000) });
}

/** Its buttons alone. */
function editMarkup(place: MessagePlace, payload: TelegramPayload): TelegramAnswer {
  const message = messageIn(place, payload);
  if (message?.from !== 'bot') return refuse(400, 'Bad Request: message to edit not found');
  const buttons = buttonsOf(payload);
  const refused = objection({ ...message, buttons });
  if (refused) return refused;
  if (isDeepStrictEqual(buttons, message.buttons)) return refuse(400, `Bad Request: ${NOT_MODIFIED}`);
  place.room.change(message, { buttons });
  return ok(asTold(place, message));
}

function remove(place: MessagePlace, payload: TelegramPayload, now: number): TelegramAnswer {
  const message = messageIn(place, payload);
  if (!message) return refuse(400, 'Bad Request: message to delete not found');
  if (now - message.at > REMOVABLE_MS) return refuse(400, "Bad Request: message can't be deleted for everyone");
  place.room.remove(message);
  return ok(true);
}

/** Nothing where that message is gone: the bot may say so that it goes without. */
function answeredIn({ room }: MessagePlace, payload: TelegramPayload): Pick<ChatMessage, 'replyTo'> {
  const { message_id: replyTo } = replyParametersOf(payload);
  return room.messages.some(({ messageId }) => messageId === replyTo) ? { replyTo } : {};
}

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

const messageIn = ({ room }: MessagePlace, { message_id }: TelegramPayload): ChatMessage | undefined =>
  room.messages.find(({ messageId }) => messageId === Number(message_id));

const asTold = ({ id, type }: MessagePlace, { messageId, text, at, file }: ChatMessage): object => ({
  message_id: messageId,
  date: Math.floor(at / 1000),
  chat: { id, type },
  [file === undefined ? 'text' : 'caption']: text,
});

/** Spaces, controls and what has no width are nothing to the platform. */
const SEEN = /[^\s\p{Cc}\p{Cf}\u2800]/u;

function objection({ text, buttons, file }: Pick<ChatMessage, 'text' | 'buttons' | 'file'>): TelegramAnswer | null {
  const [what, most] = file === undefined ? ['message', MOST_TEXT] : ['message caption', MOST_CAPTION];
  if (file === undefined && !SEEN.test(text)) return refuse(400, 'Bad Request: message text is empty');
  if (text.length > most) return refuse(400, `Bad Request: ${what} is too long`);
  if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
  const lost = buttons.find(({ url }) => url !== null && !isKnownHost(url));
  if (lost) return refuse(400, `Bad Request: inline keyboard button URL '${lost.url}' is invalid: Wrong HTTP URL`);
  if (buttons.some(({ label }) => label === '')) return refuse(400, 'Bad Request: BUTTON_TEXT_INVALID');
  const tooLong = buttons.some(({ data }) => Buffer.byteLength(data ?? '') > MOST_DATA_BYTES);
  return tooLong ? refuse(400, 'Bad Request: BUTTON_DATA_INVALID') : null;
}
