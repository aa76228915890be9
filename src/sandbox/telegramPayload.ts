import type { IncomingMessage } from 'node:http';
import type { ChatMessage } from './chat.ts';

export type TelegramPayload = Record<string, unknown>;

/** The platform asks no more of a host than a dot. */
export const isKnownHost = (url: string): boolean => /^https?:\/\/([^/?#]*@)?([^/?#:]*\.|\[)/i.test(url);

/** JSON arrives as it is, a form as strings that hold JSON. */
const unpacked = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** What a send or an edit brings to a chat, but for its file. */
export function contentOf(payload: TelegramPayload): Pick<ChatMessage, 'text' | 'buttons' | 'entities'> {
  const entities = unpacked(payload.entities ?? payload.caption_entities) as ChatMessage['entities'] | undefined;
  const buttons = buttonsOf(payload);
  return { text: String(payload.text ?? payload.caption ?? ''), buttons, entities: entities ?? [] };
}

/** Those that a call puts under a message. */
export function buttonsOf(payload: TelegramPayload): ChatMessage['buttons'] {
  const markup = unpacked(payload.reply_markup) as { inline_keyboard?: Record<string, string>[][] } | undefined;
  return (markup?.inline_keyboard ?? []).flat().map(({ text = '', callback_data = null, url = null }) => ({
    label: text,
    data: callback_data,
    url,
  }));
}

/** As an update tells them. */
export const keyboardOf = (buttons: ChatMessage['buttons']) => ({
  inline_keyboard: buttons.map(({ label: text, data, url }) => [
    { text, ...(data !== null && { callback_data: data }), ...(url !== null && { url }) },
  ]),
});

export const replyParametersOf = ({ reply_parameters: given = {} }: TelegramPayload) =>
  unpacked(given) as { message_id?: number; allow_sending_without_reply?: boolean };

/** The fields of a call, be it JSON or a form; an upload stands where it is referred to. */
export function payloadOf(request: IncomingMessage, body: Buffer): TelegramPayload {
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return {};
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as TelegramPayload;
  const parts = readMultipart(type, body);
  const meant = (value: FormValue): FormValue =>
    typeof value === 'string' && value.startsWith(ATTACHED)
      ? (parts.get(value.slice(ATTACHED.length)) ?? value)
      : value;
  return Object.fromEntries([...parts].map(([name, value]) => [name, meant(value)]));
}

const ATTACHED = 'attach://';

/** A form field as text, or an uploaded file. */
export type FormValue = string | { filename: string; bytes: Buffer };

const BREAK = Buffer.from('\r\n\r\n');

/** The parts of a multipart/form-data body, by name; files are under the name that `attach://` gives. */
function readMultipart(contentType: string, body: Buffer): Map<string, FormValue> {
  const boundary = Buffer.from(`--${/boundary="?([^";]+)/.exec(contentType)?.[1] ?? ''}`);
  const parts = new Map<string, FormValue>();
  let from = body.indexOf(boundary);
  while (from >= 0) {
    const start = from + boundary.length + 2;
    const next = body.indexOf(boundary, start);
    if (next < 0) break;
    const split = body.indexOf(BREAK, start);
    const head = body.subarray(start, split).toString('utf8');
    const bytes = body.subarray(split + BREAK.length, next - 2);
    const name = /[; ]name="?([^";\r\n]+)/.exec(head)?.[1] ?? '';
    const filename = /filename="?([^";\r\n]+)/.exec(head)?.[1];
    parts.set(name, filename === undefined ? bytes.toString('utf8') : { filename, bytes: Buffer.from(bytes) });
    from = next;
  }
  return parts;
}
