import type { Block } from '../../core/message.ts';
import type { ReaderResponses } from '../../responses/ports.ts';
import { responseMessages } from '../../responses/response.ts';
import { heading, type PanelContext, type PanelView, text } from './context.ts';

/** Reader after reader of what waits for release, or (with its id) of a release that is made. */
export async function previewView(context: PanelContext, reader: number, notice: string | null): Promise<PanelView> {
  const { phrases, button, preview } = context;
  const read = await (notice === null ? preview.waiting(reader) : preview.released(notice, reader));
  const to = (number: number) => (notice === null ? `v:${number}` : `v:${number}:${notice}`);
  return {
    title: phrases('title_responses'),
    blocks: previewBlocks(read, reader, context),
    choices: [
      ...(read && reader + 1 < read.readers ? [button(phrases('button_next'), to(reader + 1))] : []),
      ...(reader > 0 ? [button(phrases('button_previous'), to(reader - 1))] : []),
      notice === null ? button(phrases('button_forum'), 'f') : button(phrases('button_back'), `n:${notice}`),
    ],
  };
}

/** What a reader gets, and which of them it is. */
export function previewBlocks(read: ReaderResponses | null, reader: number, context: PanelContext): Block[] {
  const { phrases } = context;
  if (read === null) return [text(phrases('preview_none'))];
  const which = heading(phrases('preview_heading', { number: reader + 1, count: read.readers }));
  return [which, ...readBlocks(read, context)];
}

/**
 * What somebody reads, word by word, in their language; their buttons are theirs, and stand here as words.
 * @param how.quoted false where their own words stand above already
 */
export function readBlocks(
  { items, language }: Omit<ReaderResponses, 'readers'>,
  { frameIn }: PanelContext,
  how: { quoted?: boolean } = {},
): Block[] {
  return responseMessages(items, frameIn(language), () => '', how).flatMap(({ blocks, choices = [] }) => [
    ...blocks,
    ...(choices.length > 0 ? [text(choices.map(({ label }) => `[ ${label} ]`).join('\n'))] : []),
  ]);
}
