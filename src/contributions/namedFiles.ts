import type { Attachment } from '../core/inbound.ts';
import type { Phrases } from '../core/phrases.ts';
import { voiceLength } from './voice.ts';

/** "a photo and a voice message, 0:14"; null where there are none. Of phrases that know `file_photo` and its siblings. */
export function namedFiles(attachments: readonly Attachment[], phrases: Phrases, language: string): string | null {
  if (attachments.length === 0) return null;
  const kinds = [...new Set(attachments.map(({ kind }) => kind))];
  return new Intl.ListFormat(language).format(
    kinds.map((kind) =>
      phrases(`file_${kind}`, {
        count: attachments.filter((file) => file.kind === kind).length,
        length: voiceLength(attachments),
      }),
    ),
  );
}
