import type { Attachment, InboundContent } from '../../core/inbound.ts';
import { MOST_DOWNLOAD_BYTES } from './limits.ts';
import type { SlackFile, SlackMessage } from './payloads.ts';
import type { PayloadReading } from './reading.ts';
import { forwardsIn, isElsewhere, wordsOf } from './words.ts';

/** What a message says to us: what of it cannot be taken first, so that the answer to the rest comes last. */
export function contentsOf(message: SlackMessage, reading: PayloadReading): InboundContent[] {
  const files = filesIn(message, reading);
  const had = files.flatMap((file) => (file ? [file] : []));
  const contents = [
    ...(files.includes(null) ? [{ kind: 'unsupported' as const, what: 'file' }] : []),
    ...had.filter(isTooLarge).map((file) => ({ ...mediaOf(message, file), tooLarge: MOST_DOWNLOAD_BYTES })),
    ...heardIn(
      message,
      had.filter((file) => !isTooLarge(file)),
      reading,
    ),
  ];
  return contents.length > 0 ? contents : [{ kind: 'unsupported', what: 'message' }];
}

const mediaOf = ({ ts }: SlackMessage, attachment: Attachment) => {
  return { kind: 'media' as const, attachment, caption: '', messageId: ts ?? null };
};

/** The files with the words beside the first of them, or the words alone. */
function heardIn(message: SlackMessage, files: Attachment[], reading: PayloadReading): InboundContent[] {
  const { text, forwarded } = wordsOf(message, reading);
  const messageId = message.ts ?? null;
  const passedOn = forwarded ? { forwarded } : {};
  const album = files.length > 1 && messageId !== null ? { album: messageId } : {};
  if (files.length > 0)
    return files.map((file, index) => ({
      ...mediaOf(message, file),
      ...(index === 0 && { caption: text }),
      ...album,
      ...passedOn,
    }));
  if (text.trim() === '') return [];
  const command = forwardsIn(message).length === 0 ? typedCommand(text) : null;
  return [command ?? { kind: 'text', text, messageId, ...passedOn }];
}

/** Slack's own client keeps a leading slash to itself, but not after a space or on every device. */
function typedCommand(text: string): InboundContent | null {
  const found = /^\/([a-z0-9_]{1,32})(?:\s+([\s\S]*))?$/i.exec(text.trim());
  return found ? { kind: 'command', name: (found[1] ?? '').toLowerCase(), argument: (found[2] ?? '').trim() } : null;
}

const isTooLarge = ({ size }: Attachment): boolean => size !== null && size > MOST_DOWNLOAD_BYTES;

/** Null for each that cannot be had. */
function filesIn(message: SlackMessage, reading: PayloadReading): (Attachment | null)[] {
  const given = [message, ...forwardsIn(message)].flatMap(({ files = [] }) =>
    files.filter((file) => !isElsewhere(file)),
  );
  return given.map((file) =>
    attachmentOf(file.file_access === 'check_file_info' && file.id ? reading.fileOf(file.id) : file, message.ts),
  );
}

function attachmentOf(given: SlackFile | null, messageId: string | undefined): Attachment | null {
  if (!given?.url_private) return null;
  const { id, url_private: ref, mimetype: mime, name, size = null, duration_ms: ms } = given;
  const kind = kindOf(given);
  const seconds = kind === 'voice' && ms !== undefined ? { seconds: Math.round(ms / 1000) } : {};
  const about = { mime: mime || null, name: name || null, size, ...seconds, ...(id && { unique: id }) };
  return { kind, ref, ...about, ...(messageId && { messageId }) };
}

/** A clip recorded in Slack holds sound alone, though its type may say video or nothing. */
function kindOf({ subtype, mimetype = '' }: SlackFile): Attachment['kind'] {
  if (subtype === 'slack_audio' || mimetype.startsWith('audio/')) return 'voice';
  return mimetype.startsWith('image/') ? 'photo' : 'document';
}

/**
 * What a message says now; null where neither words nor files have changed: Slack reports links that unfold, answers in its
 * thread, reactions and pins as changes too.
 */
export function changeOf(
  now: SlackMessage,
  before: SlackMessage | undefined,
  reading: PayloadReading,
): InboundContent | null {
  if (now.ts === undefined) return null;
  const { text } = wordsOf(now, reading);
  const left = idsOf(now);
  const removed = before ? idsOf(before).filter((id) => !left.includes(id)) : [];
  const isSame = before ? wordsOf(before, reading).text === text : now.edited === undefined;
  if (isSame && removed.length === 0) return null;
  return { kind: 'edited', text, messageId: now.ts, ...(removed.length > 0 && { removed }) };
}

/** Of the files that are there; of one that was deleted Slack leaves the place. */
const idsOf = ({ files = [] }: SlackMessage): string[] =>
  files.flatMap(({ id, mode }) => (id && mode !== 'tombstone' ? [id] : []));
