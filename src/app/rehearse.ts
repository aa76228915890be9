import type { ChannelName } from '../domain/channel.ts';
import { commandLine } from '../domain/commandLine.ts';
import { Mistake } from '../domain/errors.ts';
import { isMadeForEach } from '../domain/kinds.ts';
import { type OutboundMessage, stored } from '../domain/message.ts';
import type { Notice, Notices } from '../domain/notice.ts';
import type { Queue } from '../domain/ports.ts';
import type { Candidate, Rehearsals } from '../domain/rehearsal.ts';
import type { NoticeReader } from './announce.ts';

export interface RehearseParts {
  notices: Pick<Notices, 'find'>;
  rehearsals: Rehearsals;
  queue: Pick<Queue, 'retryReplies'>;
  /** The notice as this reader gets it, marked as a test. */
  render: (notice: Notice, reader: NoticeReader) => Promise<OutboundMessage>;
}

/**
 * Sends a notice to oneself: at once, outside its audience. `to` is `telegram:123456`, `slack:U123`, or a member's id.
 * @throws Mistake when the notice or the person is unknown, or they do not want messages from us
 */
export type Rehearse = (id: string, to: string) => Promise<{ channel: ChannelName; language: string | null }[]>;

export function createRehearse({ notices, rehearsals, queue, render }: RehearseParts): Rehearse {
  async function candidates(to: string): Promise<Candidate[]> {
    const [channel = '', ...rest] = to.split(':');
    if (rest.length === 0) return rehearsals.ofMember(to);
    if (channel !== 'telegram' && channel !== 'slack')
      throw new Mistake(`--to ${to}: "${channel}" is no platform. ${HOW}`);
    return rehearsals.onChannel(channel, rest.join(':'));
  }

  return async (id, to) => {
    const notice = await notices.find(id);
    if (!notice) throw new Mistake(`There is no notice ${id}. \`${commandLine('notices status')}\` lists them all.`);
    if (isMadeForEach(notice.kind))
      throw new Mistake(`Notice ${id} is written for each reader as it goes, and not tested.`);
    const found = await candidates(to);
    if (found.length === 0) throw new Mistake(`--to ${to}: ${unknown(to)}`);
    const active = found.filter(({ status }) => status === 'active');
    const put = await Promise.all(
      active.map(async (reader) => ({
        reader,
        id: await rehearsals.put(reader.id, [stored(await render(notice, reader))]),
      })),
    );
    const sent = put.flatMap(({ reader, id: delivery }) => (delivery === null ? [] : [{ reader, delivery }]));
    if (sent.length === 0)
      throw new Mistake(`--to ${to}: they have stopped the bot, or cannot be reached. Write /start to it there first.`);
    queue.retryReplies(sent.map(({ delivery }) => delivery));
    return sent.map(({ reader: { channel, language } }) => ({ channel, language }));
  };
}

const HOW = 'Write telegram:123456, slack:U123ABC, or the id of a member.';
const unknown = (to: string): string =>
  to.includes(':')
    ? 'nobody with this id has written to the bot yet. Write /start to it there first.'
    : `no chat belongs to a member of that name. ${HOW}`;
