import type { ConsoleActions } from '../../actions/console.ts';
import type { OpinionActions } from '../../actions/opinions.ts';
import type { ProposalActions } from '../../actions/proposals.ts';
import type { ThreadActions } from '../../actions/threads.ts';
import type { ChatPanels, MemberReader } from '../../conversation/memberPanels.ts';
import type { ChannelName } from '../../core/channelName.ts';
import type { Group } from '../../core/inbound.ts';
import type { OutboundMessage } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import type { Overview } from '../../notices/overview.ts';
import { type Actor, interfaceOf } from '../../people/actor.ts';
import type { GroupState } from '../../people/groups.ts';
import type { Joined, Members } from '../../people/member.ts';
import type { MemberNews } from '../../people/memberNews.ts';
import type { ContributionStore, ResponseStore } from '../../responses/ports.ts';
import type { DecisionDrafts, ProposalReading } from '../../responses/proposal.ts';
import type { ThreadReading } from '../../responses/thread.ts';
import type { ThreadEnd, ThreadOf } from '../../responses/threadMessages.ts';

/** What is done for members here; each of it throws UserError where it is refused. */
export interface MemberChatActions {
  threads: Pick<ThreadActions, 'answer'>;
  responses: Pick<ProposalActions, 'propose'> & Pick<OpinionActions, 'dissent'>;
  members: { join(identityKey: string, code: string): Promise<Joined> };
  console: Pick<ConsoleActions, 'link'>;
  places: {
    askGroup(actor: Actor, group: Group, channel: string, language: string): Promise<{ id: string; state: GroupState }>;
    subscribeGroup(actor: Actor, id: string): Promise<string | null>;
    dropGroup(actor: Actor, id: string): Promise<string | null>;
  };
}

export interface MemberChatParts {
  members: Pick<Members, 'byIdentity' | 'find' | 'list'>;
  memberNews: Pick<MemberNews, 'chatsOf'>;
  actions: MemberChatActions;
  organize: ChatPanels;
  overview: Pick<Overview, 'newest' | 'waiting'>;
  threads: Pick<ThreadReading, 'find' | 'list'>;
  responses: Pick<ResponseStore, 'look'>;
  contributions: Pick<ContributionStore, 'byReference'>;
  drafts: Pick<DecisionDrafts, 'find' | 'drop'>;
  proposals: Pick<ProposalReading, 'find' | 'waitingFor'>;
  /** What somebody has sent, from the platform. @throws SendError when it is not given */
  download(channel: ChannelName, ref: string): Promise<Uint8Array>;
  /** What the person of a thread reads of what is done in it. */
  threadMessages(thread: ThreadOf, end: ThreadEnd): Promise<OutboundMessage[]>;
  /** Of the process, its first one first. */
  languages(): Promise<readonly string[]>;
  /** What members read. */
  phrasesIn(language: string): Phrases;
  secret: string;
  /** Where browsers reach this service. */
  publicUrl(): string;
}

/** Null for somebody who is not a member. */
export async function actorOf(
  { key, update }: MemberReader,
  { members }: { members: Pick<Members, 'byIdentity'> },
): Promise<Actor | null> {
  const member = await members.byIdentity(key);
  return member && { member: member.id, through: interfaceOf(key), request: update };
}
