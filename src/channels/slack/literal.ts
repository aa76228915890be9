import { wellFormed } from '../../core/wellFormed.ts';
import { emojiOf } from './emoji.ts';
import type { PayloadReading } from './reading.ts';

type Names = Pick<PayloadReading, 'nameOf'>;

/** Stands for the name of somebody or something that is mentioned, where it is not known: an id is not a word. */
const NAMELESS = '…';

const EMOJI = /(?<![\p{L}\p{N}]):([a-z0-9_+'-]{1,64})(?:::skin-tone-([2-6]))?:(?![\p{L}\p{N}])/gu;
const MARKUP = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** Emoji stand in what people typed by their names; those of a workspace of its own stay so. */
export const withEmoji = (text: string): string =>
  text.replace(EMOJI, (name, emoji: string, tone?: string) => emojiOf(emoji, tone ? Number(tone) : undefined) ?? name);

/** What the person typed: Slack wraps links and mentions, and escapes three characters. */
export function literal(text: string, names: Names): string {
  const outside = (piece: string) => withEmoji(piece);
  let from = 0;
  let unmarked = '';
  for (const { 0: whole, 1: target = '', 2: label, index } of text.matchAll(MARKUP)) {
    unmarked += outside(text.slice(from, index)) + words(target, label, names);
    from = index + whole.length;
  }
  unmarked += outside(text.slice(from));
  return wellFormed(
    unmarked.replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]),
  );
}

function words(target: string, label: string | undefined, names: Names): string {
  if (target.startsWith('!subteam^')) return label ? label.replace(/^@?/, '@') : `@${NAMELESS}`;
  if (target.startsWith('!'))
    return label || (/^!(here|channel|everyone)$/.test(target) ? `@${target.slice(1)}` : NAMELESS);
  if (/^[@#]/.test(target))
    return label ? `${target[0]}${label}` : mention(target[0] === '#' ? '#' : '@', target.slice(1), names);
  return link(target, label);
}

/** A person or a channel. */
export const mention = (sign: '@' | '#', id: string, { nameOf }: Names): string => `${sign}${nameOf(id) ?? NAMELESS}`;

/** A group of people: to know its name needs a right that nothing else needs. */
export const GROUP_MENTION = `@${NAMELESS}`;

/** Linked words keep their address in brackets. */
export function link(target: string, label: string | undefined): string {
  const address = target.replace(/^(mailto|tel):/, '');
  if (!label || address.includes(label)) return label || address;
  return `${label} (${address})`;
}
