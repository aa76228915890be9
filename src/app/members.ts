import { signAction } from '../domain/action.ts';
import type { Clock } from '../domain/clock.ts';
import type { Groups } from '../domain/groups.ts';
import type { Group, Inbound } from '../domain/inbound.ts';
import { isOrganizer, type Joined, type MemberChats, type Members } from '../domain/member.ts';
import { type Block, type OutboundMessage, say } from '../domain/message.ts';
import { type Phrases, shorten } from '../domain/response.ts';
import { type Organize, panelMessage } from './organize/organize.ts';

export interface MemberDeskParts {
  members: Pick<Members, 'byIdentity'> & Pick<MemberChats, 'join'>;
  groups: Groups;
  organize: Organize;
  /** What members read. */
  phrasesIn(language: string): Phrases;
  secret: string;
  clock: Clock;
}

/** Who is meant, and in which language they read. */
export interface Reader {
  key: string;
  language: string;
  /** The update by which they speak: what it asks for is done once. */
  update: string;
}

/**
 * What members do in their chat. All of it is done before the turn that answers is kept, so that everything here does the
 * same when it is asked twice.
 */
export interface MemberDesk {
  /** Ties the chat to the member whose code this is, and says who they are now, or why not. */
  join(reader: Reader, code: string): Promise<OutboundMessage>;
  /** The same for words that may be a code; null where they are none, and can be something else. */
  joinBy(reader: Reader, code: string): Promise<OutboundMessage | null>;
  /** A panel as a message; null for whoever it is not for. */
  panel(reader: Reader, data: string | null): Promise<OutboundMessage | null>;
  /** Asks whether announcements shall go to a group; null for whoever is no organizer. */
  groupAdded(reader: Reader, group: Group, channel: string): Promise<OutboundMessage | null>;
  /** `answer`: what follows `g:` in the signed action. Null for whoever is no organizer. */
  groupAnswered(reader: Reader, answer: string): Promise<OutboundMessage | null>;
  /** What stands before the usual question, for the author of words that somebody else finds worth the forum's time. */
  suggestion(reader: Reader, by: string, words: string): OutboundMessage;
}

const MOST_QUOTED = 300;

export function createMemberDesk(parts: MemberDeskParts): MemberDesk {
  const { members, groups, organize, phrasesIn, secret, clock } = parts;
  const join = ({ key }: Reader, code: string): Promise<Joined> => members.join(key, code, new Date(clock()));

  function outcome(joined: Joined, { language }: Reader): OutboundMessage {
    const phrases = phrasesIn(language);
    if (joined === 'wrong') return say(phrases('member_code_wrong'));
    if (joined === 'too_many') return say(phrases('member_code_wait'));
    const may = joined.roles.map((role) => phrases(`member_may_${role}`));
    return say([phrases('member_joined', { name: joined.name }), ...may].join('\n\n'));
  }

  return {
    join: async (reader, code) => outcome(await join(reader, code), reader),
    async joinBy(reader, code) {
      const joined = await join(reader, code);
      return typeof joined === 'string' ? null : outcome(joined, reader);
    },
    async panel(reader, data) {
      const panel = await organize.panel(reader, data);
      return panel && panelMessage(panel);
    },
    async groupAdded({ key, language }, group, channel) {
      if (!isOrganizer(await members.byIdentity(key))) return null;
      const phrases = phrasesIn(language);
      const { id, state } = await groups.keep(group, channel, language, new Date(clock()));
      if (state === 'active') return say(phrases('group_active', { title: group.title }));
      const choice = (label: string, answer: string) => ({ label, data: signAction(secret, key, `g:${id}:${answer}`) });
      return say(phrases('group_ask', { title: group.title }), [
        choice(phrases('group_yes'), 'y'),
        choice(phrases('group_no'), 'n'),
      ]);
    },
    async groupAnswered({ key, language }, answer) {
      const [, id, yes] = /^(\d{1,18}):([yn])$/.exec(answer) ?? [];
      if (id === undefined || !isOrganizer(await members.byIdentity(key))) return null;
      const phrases = phrasesIn(language);
      const title = yes === 'y' ? await groups.subscribe(id) : await groups.drop(id);
      if (title === null) return say(phrases('group_gone'));
      return say(phrases(yes === 'y' ? 'group_active' : 'group_dropped', { title }));
    },
    suggestion({ language }, by, words) {
      const phrases = phrasesIn(language);
      const blocks: Block[] = [
        { kind: 'text', text: phrases('suggested_lead', { name: by }), said: [by] },
        { kind: 'quote', text: shorten(words, MOST_QUOTED) },
        { kind: 'text', text: phrases('suggested_yours') },
      ];
      return { blocks };
    },
  };
}

/**
 * What is about a group, or moves somebody to another address, is nobody's turn: nobody becomes known by it. True when it is
 * done with; an organizer who adds us to a group is answered in a turn of theirs.
 */
export function createGroupDoor(
  members: Pick<Members, 'byIdentity'>,
  groups: Pick<Groups, 'left' | 'moved'>,
): (inbound: Inbound) => Promise<boolean> {
  return async ({ sender, content }) => {
    switch (content.kind) {
      case 'added':
        return !isOrganizer(await members.byIdentity(sender.key));
      case 'removed':
        await groups.left(content.group);
        return true;
      case 'moved':
        await groups.moved(sender.key, content.address);
        return true;
      default:
        return false;
    }
  };
}
