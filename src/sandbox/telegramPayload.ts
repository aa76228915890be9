import type { IncomingMessage } from 'node:http';
import type { ChatMessage } from './chat.ts';

export type Payload = Record<string, unknown>;

/** JSON arrives as it is, a form as strings that hold JSON. */
const unpacked = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** What a send brings to a chat. */
export function contentOf(payload: Payload): Pick<ChatMessage, 'text' | 'buttons' | 'entities' | 'file'> {
  const entities = unpacked(payload.entities ?? payload.caption_entities) as ChatMessage['entities'] | undefined;
  const markup = unpacked(payload.reply_markup) as { inline_keyboard?: Record<string, string>[][] } | undefined;
  const buttons = (markup?.inline_keyboard ?? []).flat().map(({ text = '', callback_data = null, url = null }) => ({
    label: text,
    data: callback_data,
    url,
  }));
  const file = payload.document === undefined ? {} : { file: String(payload.document) };
  return { text: String(payload.text ?? payload.caption ?? ''), buttons, entities: entities ?? [], ...file };
}

/** The fields of a call, be it JSON or a form; a file is its name. */
export function payloadOf(request: IncomingMessage, body: Buffer): Payload {
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return {};
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as Payload;
  const parts = readMultipart(type, body);
  const nameOf = (value: FormValue): string => {
    if (typeof value !== 'string') return value.filename;
    const uploaded = value.startsWith('attach://') ? parts.get(value.slice('attach://'.length)) : undefined;
    return typeof uploaded === 'object' ? uploaded.filename : value;
  };
  return Object.fromEntries([...parts].map(([name, value]) => [name, nameOf(value)]));
}

/** A form field as text, or an uploaded file. */
type FormValue = string | { filename: string; bytes: Buffer };

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
