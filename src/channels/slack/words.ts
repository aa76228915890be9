import { link, literal } from './literal.ts';
import type { Forward, SlackFile, SlackMessage, Written } from './payloads.ts';
import type { PayloadReading } from './reading.ts';
import { quoted, richText } from './richText.ts';

/** As it was composed, or where that cannot be read as Slack writes it down; below it what is shared from elsewhere. */
function textOf({ blocks, text = '', files = [] }: Written, reading: PayloadReading): string {
  const own = richText(blocks, reading) ?? literal(text, reading);
  const links = files.filter(isElsewhere).map(({ name, url_private = '' }) => link(url_private, name));
  return [own, ...links].filter((each) => each.trim() !== '').join('\n');
}

/** A file of Google Drive and the like: Slack has no more of it than its address. */
export const isElsewhere = ({ mode, url_private }: SlackFile): boolean => mode === 'external' && !!url_private;

/** What a message passes on; a link to another message brings that along too, though it is only a link. */
export const forwardsIn = ({ attachments = [], text = '' }: SlackMessage): Forward[] =>
  attachments.filter(
    ({ is_share, is_msg_unfurl, from_url }) => is_share || (is_msg_unfurl && !(from_url && text.includes(from_url))),
  );

function forwardedText(forward: Forward, reading: PayloadReading): string {
  const messages = (forward.message_blocks ?? []).flatMap(({ message }) => (message ? [textOf(message, reading)] : []));
  const words = messages.filter((each) => each.trim() !== '').join('\n\n');
  return words || literal(forward.text ?? '', reading);
}

export interface Words {
  text: string;
  /** Somebody else's words are among them, or these are all. */
  forwarded?: true | 'some';
}

/** All words of a message: those of others that it passes on stand below its author's own, marked as a quote. */
export function wordsOf(message: SlackMessage, reading: PayloadReading): Words {
  const own = textOf(message, reading);
  const forwards = forwardsIn(message).map((each) => ({ text: forwardedText(each, reading), by: each.author_id }));
  const said = forwards.filter(({ text }) => text.trim() !== '');
  if (said.length === 0) return { text: own };
  const theirs = said.map(({ text }) => (own.trim() === '' ? text : quoted(text)));
  const text = [own, ...theirs].filter((each) => each.trim() !== '').join('\n\n');
  // A person who forwards their own words is saying them.
  const isTheirs = said.some(({ by }) => by !== message.user);
  return { text, ...(isTheirs && { forwarded: own.trim() === '' ? true : 'some' }) };
}
