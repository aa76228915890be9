import type { Inbound } from '../../core/inbound.ts';
import { isFinal } from './errors.ts';
import type { ParsedPayload } from './parsed.ts';
import type { People } from './people.ts';

/**
 * What payloads leave out: Slack names neither the language nor the time zone, nor, in interactions, the person's chat
 * with us, nor what a channel is called. Null where there is nobody to talk to.
 */
export async function complete(parsed: ParsedPayload, people: People): Promise<Inbound | null> {
  const { inbound } = parsed;
  const { content } = inbound;
  if (content.kind !== 'added' && content.kind !== 'removed') {
    const sender = await senderOf(parsed, people);
    return sender && { ...inbound, sender };
  }
  const group = { ...content.group, title: await people.titleOf(content.group.address) };
  const { address } = group;
  const sender = await senderIfAny(parsed, address, people);
  if (sender) return { ...inbound, content: { ...content, group }, sender };
  if (content.kind === 'added') return null;
  // That we are gone is true no matter who removed us, with or without a chat with us.
  return { ...inbound, content: { ...content, group }, sender: { ...inbound.sender, key: group.key, address } };
}

async function senderIfAny(parsed: ParsedPayload, channel: string, people: People) {
  if (parsed.user === channel) return null;
  return senderOf(parsed, people).catch((error: unknown) => {
    if (isFinal(error)) return null;
    throw error;
  });
}

/** Null for an app, and for somebody who has left: nobody of theirs reads an answer. */
async function senderOf({ inbound, user }: ParsedPayload, people: People): Promise<Inbound['sender'] | null> {
  const [address, { language, zone, isPerson }] = await Promise.all([
    inbound.sender.address || people.chatOf(user),
    people.aboutOf(user),
  ]);
  return isPerson ? { ...inbound.sender, address, language, zone } : null;
}
