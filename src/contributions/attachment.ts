import type { Attachment } from '../core/inbound.ts';
import { voiceLength } from './voice.ts';

/** What a notice can bring, by the endings of names: what both platforms show or let people open on a phone. */
const MIMES: Record<string, string> = {
  ...{ '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp', '.gif': 'image/gif' },
  ...{ '.pdf': 'application/pdf', '.zip': 'application/zip', '.txt': 'text/plain', '.csv': 'text/csv' },
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ...{ '.odt': 'application/vnd.oasis.opendocument.text', '.ods': 'application/vnd.oasis.opendocument.spreadsheet' },
  ...{ '.mp3': 'audio/mpeg', '.ogg': 'audio/ogg', '.m4a': 'audio/mp4' },
};
/** core.telegram.org/bots/api, sending files: what Telegram fetches by itself. */
const FETCHED = ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.pdf', '.zip'];

/** Bytes. Small enough that opening it costs nobody much on a phone, and that both platforms take it. */
export const MOST_ATTACHMENT_BYTES = 10 * 1024 * 1024;

/** The MIME type of a file with this name; null for what notices do not bring. */
export const mimeOf = (name: string): string | null => MIMES[endingOf(name)] ?? null;

const endingOf = (name: string): string => /\.\w+$/.exec(name)?.[0].toLowerCase() ?? '';

/** Whether platforms fetch a file of this name from an address. */
export const isFetched = (name: string): boolean => FETCHED.includes(endingOf(name));

export const ENDINGS = Object.keys(MIMES).join(' ');
export const FETCHED_ENDINGS = FETCHED.join(' ');

const NAMES = { voice: 'voice message', photo: 'photo', document: 'document' };

/** What came beside the words, such as `voice message, 0:14; 2 photos`: where the text is empty, that is all there is. */
export function attachmentWords(attachments: readonly Pick<Attachment, 'kind' | 'seconds'>[]): string {
  const kinds = [...new Set(attachments.map(({ kind }) => kind))];
  return kinds
    .map((kind) => ({ kind, count: attachments.filter((one) => one.kind === kind).length }))
    .map(({ kind, count }) => `${counted(count, NAMES[kind])}${kind === 'voice' ? lengthOf(attachments) : ''}`)
    .join('; ');
}

const counted = (count: number, name: string): string => (count === 1 ? name : `${count} ${name}s`);

function lengthOf(attachments: readonly Pick<Attachment, 'kind' | 'seconds'>[]): string {
  const length = voiceLength(attachments);
  return length === 'unknown' ? '' : `, ${length}`;
}
