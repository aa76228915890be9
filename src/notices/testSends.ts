import type { ChannelName } from '../core/channel.ts';
import type { StoredMessage } from '../core/message.ts';
import type { IdentityStatus } from '../people/identity.ts';

/** Somebody who may be sent a test, with what decides how they read it. */
export interface Candidate {
  id: string;
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  language: string | null;
  status: IdentityStatus;
}

/** Where tests go: deliveries without a notice, like replies, so that no figure of the notice knows of them. */
export interface TestSends {
  /** A person or group by channel and the platform's own id of them. */
  onChannel(channel: ChannelName, platformId: string): Promise<Candidate[]>;
  /** The chats in which a member works. */
  ofMember(member: string): Promise<Candidate[]>;
  /** Gives the delivery's id; null when they are not active any more. */
  put(identityId: string, messages: StoredMessage[]): Promise<string | null>;
}
