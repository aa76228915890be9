import type { Attachment, InboundContent } from '../core/inbound.ts';

/** The same file, whatever name it is fetched by this time. */
const isSame = (one: Attachment, other: Attachment): boolean =>
  one.unique !== undefined && other.unique !== undefined ? one.unique === other.unique : one.ref === other.ref;

/** The place among these files of the one that a message brought; -1 where there is none. */
export const placeOfMessage = (files: readonly Attachment[], messageId: string): number =>
  files.findIndex((file) => file.messageId === messageId);

type Edited = Pick<Extract<InboundContent, { kind: 'edited' }>, 'attachment' | 'removed'>;

/** The files after their message was edited; null where nothing of them changes. */
export function filesAfter(files: readonly Attachment[], { attachment, removed }: Edited): Attachment[] | null {
  if (attachment) return withReplaced(files, attachment);
  const left = files.filter(({ unique }) => unique === undefined || !removed?.includes(unique));
  return left.length < files.length ? left : null;
}

/** The files with this one in the place of the one that its message brought before; null where nothing changes. */
function withReplaced(files: readonly Attachment[], file: Attachment): Attachment[] | null {
  const at = file.messageId === undefined ? -1 : placeOfMessage(files, file.messageId);
  const before = files[at];
  return !before || isSame(before, file) ? null : files.with(at, file);
}
