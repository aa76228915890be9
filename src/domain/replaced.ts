import type { Attachment } from './inbound.ts';

/** The same file, whatever name it is fetched by this time. */
const isSame = (one: Attachment, other: Attachment): boolean =>
  one.unique !== undefined && other.unique !== undefined ? one.unique === other.unique : one.ref === other.ref;

/** The place among these files of the one that a message brought; -1 where there is none. */
export const placeOfMessage = (files: readonly Attachment[], messageId: string): number =>
  files.findIndex((file) => file.messageId === messageId);

/** The files with this one in the place of the one that its message brought before; null where nothing changes. */
export function withReplaced(files: readonly Attachment[], file: Attachment): Attachment[] | null {
  const at = file.messageId === undefined ? -1 : placeOfMessage(files, file.messageId);
  const before = files[at];
  return !before || isSame(before, file) ? null : files.with(at, file);
}
