import type { ChannelName } from '../domain/channel.ts';
import { Mistake } from '../domain/errors.ts';
import { isMadeForEach } from '../domain/kinds.ts';
import type { OutboundMessage } from '../domain/message.ts';
import type { Notice, Notices } from '../domain/notice.ts';
import type { Candidate, Rehearsals } from '../domain/rehearsal.ts';
import type { NoticeReader } from './announce.ts';
import { existing } from './noticeRecords.ts';

export interface RehearseParts {
  notices: Pick<Notices, 'find'>;
  rehearsals: Pick<Rehearsals, 'onChannel' | 'ofMember'>;
  /** The notice as this reader gets it, marked as a test. */
  render: (notice: Notice, reader: NoticeReader) => Promise<OutboundMessage>;
}

/** A notice as it is sent to oneself. */
export interface Rehearsed {
  identityId: string;
  channel: ChannelName;
  language: string | null;
  message: OutboundMessage;
}

/**
 * A notice as somebody gets it who tries it out, in each of their chats. `to` is `telegram:123456`, `slack:U123`, or a
 * member's id. @throws Mistake when the notice or the person is unknown, or they do not want messages from us
 */
export type Rehearse = (id: string, to: string) => Promise<Rehearsed[]>;

export function createRehearse({ notices, rehearsals, render }: RehearseParts): Rehearse {
  async function candidates(to: string): Promise<Candidate[]> {
    const [channel = '', ...rest] = to.split(':');
    if (rest.length === 0) return rehearsals.ofMember(to);
    if (channel !== 'telegram' && channel !== 'slack')
      throw new Mistake(`--to ${to}: "${channel}" is no platform. ${HOW}`);
    return rehearsals.onChannel(channel, rest.join(':'));
  }

  return async (id, to) => {
    const notice = existing(id, await notices.find(id));
    if (isMadeForEach(notice.kind))
      throw new Mistake(`Notice ${id} is written for each reader as it goes, and not tested.`);
    const found = await candidates(to);
    if (found.length === 0) throw new Mistake(`--to ${to}: ${unknown(to)}`);
    const active = found.filter(({ status }) => status === 'active');
    if (active.length === 0)
      throw new Mistake(`--to ${to}: they have stopped the bot, or cannot be reached. Write /start to it there first.`);
    return Promise.all(
      active.map(async (reader) => {
        const { id: identityId, channel, language } = reader;
        return { identityId, channel, language, message: await render(notice, reader) };
      }),
    );
  };
}

const HOW = 'Write telegram:123456, slack:U123ABC, or the id of a member.';
const unknown = (to: string): string =>
  to.includes(':')
    ? 'nobody with this id has written to the bot yet. Write /start to it there first.'
    : `no chat belongs to a member of that name. ${HOW}`;
