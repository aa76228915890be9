import { WebAPIPlatformError } from '@slack/web-api';
import type { Inbound } from '../../domain/inbound.ts';
import { keyOf, type Parsed } from './parsed.ts';
import type { People } from './people.ts';

/**
 * What payloads leave out: Slack names neither the language nor the time zone, nor, in interactions, the person's chat
 * with us or our own workspace, nor what a channel is called.
 */
export async function complete({ inbound, user }: Parsed, teamId: string, people: People): Promise<Inbound> {
  const { content } = inbound;
  if (content.kind !== 'added' && content.kind !== 'removed') return { ...inbound, ...(await fromPerson()) };
  const { address } = content.group;
  const group = { key: keyOf(teamId, address), address, title: await people.titleOf(address) };
  const done = { ...inbound, content: { ...content, group } };
  if (user === address) return { ...done, sender: { ...inbound.sender, key: group.key } };
  try {
    return { ...done, ...(await fromPerson()) };
  } catch (error) {
    // That we are gone holds whoever has done it, with or without a chat with us.
    if (content.kind === 'added' || !(error instanceof WebAPIPlatformError)) throw error;
    return { ...done, sender: { ...inbound.sender, key: group.key, address } };
  }

  async function fromPerson(): Promise<Pick<Inbound, 'sender'>> {
    const [chat, { language, zone }] = await Promise.all([
      inbound.sender.address || people.chatOf(user),
      people.aboutOf(user),
    ]);
    return { sender: { ...inbound.sender, key: keyOf(teamId, user), address: chat, language, zone } };
  }
}
