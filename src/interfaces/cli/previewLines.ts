import type { MessagePreview } from '../../channels/kind.ts';
import { channelTitle } from '../../channels/registry.ts';
import type { ChannelName } from '../../core/channelName.ts';
import { counted, harmless } from './words.ts';

/** A message as a platform shows it: each of its parts with its size, above its buttons, row by row. */
export function previewLines(
  { messages, buttons }: MessagePreview,
  channel: ChannelName,
  language: string,
): { lines: string[]; rows: string[] } {
  const where = `${channelTitle(channel)}, ${language}`;
  const lines = messages.flatMap(({ text, characters, blocks }, index) => [
    `${where}${messages.length > 1 ? `, message ${index + 1} of ${messages.length}` : ''}: ${sizeWords(characters, blocks)}`,
    ...harmless(text)
      .split('\n')
      .map((line) => `  | ${line}`.trimEnd()),
  ]);
  return { lines, rows: buttons.map((row) => `  ${row.map((label) => `[ ${harmless(label)} ]`).join(' ')}`) };
}

const sizeWords = (characters: number, blocks: number | null): string =>
  `${counted(characters, 'character')}${blocks === null ? '' : ` in ${counted(blocks, 'block')}`}`;
