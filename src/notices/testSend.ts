import type { ChannelName } from '../core/channelName.ts';
import { UserError } from '../core/errors.ts';
import type { OutboundMessage, StoredMessage } from '../core/message.ts';
import type { IdentityStatus } from '../people/identity.ts';
import type { NoticeReader } from './announce.ts';
import { isMadeForEach } from './kinds.ts';
import type { Notice, Notices } from './notice.ts';
import { existing } from './records.ts';

/** Somebody who can be sent a test, with what decides how they see it. */
export interface Candidate {
  id: string;
  identityKey: string;
  recipient: 'person' | 'group';
  channel: ChannelName;
  language: string | null;
  status: IdentityStatus;
}

/**
 * Stores test messages: deliveries without a notice, like replies, so that they do not count in the notice's figures.
 */
export interface TestSends {
  /** A person or group by channel and the platform's own id of them. */
  onChannel(channel: ChannelName, platformId: string): Promise<Candidate[]>;
  /** The chats in which a member works. */
  ofMember(member: string): Promise<Candidate[]>;
  /** Gives the delivery's id; null when they are not active any more. */
  put(identityId: string, messages: StoredMessage[]): Promise<string | null>;
}

export interface TestSendParts {
  /** Somebody's address on each channel, by its name. */
  examples: ReadonlyMap<ChannelName, string>;
  notices: Pick<Notices, 'find'>;
  testSends: Pick<TestSends, 'onChannel' | 'ofMember'>;
  /** The notice as this reader gets it, marked as a test. */
  render: (notice: Notice, reader: NoticeReader) => Promise<OutboundMessage>;
}

/** A test of a notice that was sent. */
export interface TestMessage {
  identityId: string;
  channel: ChannelName;
  language: string | null;
  message: OutboundMessage;
}

/**
 * Sends a test of a notice to somebody, in each of their chats. `to` is `telegram:123456`, `slack:U123`, or a member's
 * id. @throws UserError when the notice or the person is unknown, or they do not want messages from us
 */
export type TestSend = (id: string, to: string) => Promise<TestMessage[]>;

export function createTestSend({ examples, notices, testSends, render }: TestSendParts): TestSend {
  const how = `Write ${[...examples.values()].join(', ')}, or the id of a member.`;
  async function candidates(to: string): Promise<Candidate[]> {
    const [channel = '', ...rest] = to.split(':');
    if (rest.length === 0) return testSends.ofMember(to);
    if (!examples.has(channel)) throw new UserError(`--to ${to}: "${channel}" is not a platform. ${how}`);
    return testSends.onChannel(channel, rest.join(':'));
  }

  return async (id, to) => {
    const notice = existing(id, await notices.find(id));
    if (isMadeForEach(notice.kind))
      throw new UserError(`Notice ${id} is written for each reader as it goes, and not tested.`);
    const found = await candidates(to);
    if (found.length === 0) throw new UserError(`--to ${to}: ${unknown(to, how)}`);
    const active = found.filter(({ status }) => status === 'active');
    if (active.length === 0)
      throw new UserError(
        `--to ${to}: they have stopped the bot, or cannot be reached. Write /start to it there first.`,
      );
    return Promise.all(
      active.map(async (reader) => {
        const { id: identityId, channel, language } = reader;
        return { identityId, channel, language, message: await render(notice, reader) };
      }),
    );
  };
}

const unknown = (to: string, how: string): string =>
  to.includes(':')
    ? 'nobody with this id has written to the bot yet. Write /start to it there first.'
    : `no chat belongs to a member of that name. ${how}`;
