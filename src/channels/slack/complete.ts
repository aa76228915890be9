import type { Inbound } from '../../domain/inbound.ts';
import { isFinal } from './errors.ts';
import { keyOf, type Parsed } from './parsed.ts';
import type { People } from './people.ts';

/**
 * What payloads leave out: Slack names neither the language nor the time zone, nor, in interactions, the person's chat
 * with us or our own workspace, nor what a channel is called. Null where there is nobody to talk to.
 */
export async function complete(parsed: Parsed, teamId: string, people: People): Promise<Inbound | null> {
  const { inbound } = parsed;
  const { content } = inbound;
  if (content.kind !== 'added' && content.kind !== 'removed')
    return { ...inbound, sender: await senderOf(parsed, teamId, people) };
  const { address } = content.group;
  const group = { key: keyOf(teamId, address), address, title: await people.titleOf(address) };
  const sender = await senderIfAny(parsed, address, teamId, people);
  if (sender) return { ...inbound, content: { ...content, group }, sender };
  if (content.kind === 'added') return null;
  // That we are gone holds whoever has done it, with or without a chat with us.
  return { ...inbound, content: { ...content, group }, sender: { ...inbound.sender, key: group.key, address } };
}

async function senderIfAny(parsed: Parsed, channel: string, teamId: string, people: People) {
  if (parsed.user === channel) return null;
  return senderOf(parsed, teamId, people).catch((error: unknown) => {
    if (isFinal(error)) return null;
    throw error;
  });
}

async function senderOf({ inbound, user }: Parsed, teamId: string, people: People): Promise<Inbound['sender']> {
  const [address, { language, zone }] = await Promise.all([
    inbound.sender.address || people.chatOf(user),
    people.aboutOf(user),
  ]);
  return { ...inbound.sender, key: keyOf(teamId, user), address, language, zone };
}
