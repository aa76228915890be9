import { z } from 'zod';
import { emojiAt, emojiOf } from './emoji.ts';
import { GROUP_MENTION, link, mention } from './literal.ts';
import type { PayloadReading } from './reading.ts';

/** docs.slack.dev/reference/block-kit/blocks/rich-text-block, as far as it is words. */
const leaf = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('emoji'),
    name: z.string(),
    unicode: z.string().optional(),
    skin_tone: z.number().optional(),
  }),
  z.object({ type: z.literal('link'), url: z.string(), text: z.string().optional() }),
  z.object({ type: z.literal('user'), user_id: z.string() }),
  z.object({ type: z.literal('channel'), channel_id: z.string() }),
  z.object({ type: z.literal('usergroup') }),
  z.object({ type: z.literal('team') }),
  z.object({ type: z.literal('broadcast'), range: z.string() }),
  z.object({ type: z.literal('color'), value: z.string() }),
  z.object({ type: z.literal('date'), fallback: z.string() }),
]);
const elements = z.array(leaf);
const container = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rich_text_section'), elements }),
  z.object({ type: z.literal('rich_text_preformatted'), elements }),
  z.object({ type: z.literal('rich_text_quote'), elements }),
  z.object({
    type: z.literal('rich_text_list'),
    style: z.string(),
    indent: z.number().int().min(0).max(20).optional(),
    offset: z.number().int().min(0).max(100_000).optional(),
    elements: z.array(z.object({ elements })),
  }),
]);
const blocks = z.array(z.object({ type: z.literal('rich_text'), elements: z.array(container) })).min(1);

type Leaf = z.infer<typeof leaf>;
type Container = z.infer<typeof container>;

/** The words of a message as it was composed; null where there are none, or anything that is not known how to read. */
export function richText(given: unknown, reading: PayloadReading): string | null {
  const found = blocks.safeParse(given);
  if (!found.success) return null;
  const pieces = found.data.flatMap((block) => block.elements.map((each) => wordsIn(each, reading)));
  const text = pieces.reduce(
    (before, piece) => `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${piece}`,
    '',
  );
  return text.trim() === '' ? null : text;
}

function wordsIn(given: Container, reading: PayloadReading): string {
  const said = (leaves: Leaf[]) => leaves.map((each) => wordOf(each, reading)).join('');
  if (given.type === 'rich_text_quote') return quoted(said(given.elements));
  if (given.type !== 'rich_text_list') return said(given.elements);
  const { style, indent = 0, offset = 0 } = given;
  const items = given.elements.map((item, index) => {
    const mark = style === 'ordered' ? `${offset + index + 1}.` : '•';
    return `${'  '.repeat(indent)}${mark} ${said(item.elements)}`;
  });
  return items.join('\n');
}

function wordOf(given: Leaf, reading: PayloadReading): string {
  switch (given.type) {
    case 'text':
      return given.text;
    case 'emoji':
      return emojiAt(given.unicode ?? '') ?? emojiOf(given.name, given.skin_tone) ?? `:${given.name}:`;
    case 'link':
      return link(given.url, given.text);
    case 'user':
      return mention('@', given.user_id, reading);
    case 'channel':
      return mention('#', given.channel_id, reading);
    case 'usergroup':
    case 'team':
      return GROUP_MENTION;
    case 'broadcast':
      return `@${given.range}`;
    case 'color':
      return given.value;
    case 'date':
      return given.fallback;
    default:
      return given satisfies never;
  }
}

/** As mail marks what somebody else has said. */
export const quoted = (text: string): string => text.trimEnd().replace(/^/gm, '> ');
