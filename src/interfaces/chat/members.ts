import type { ChatPanels, MemberChat, MemberReader } from '../../conversation/memberPanels.ts';
import type { Clock } from '../../core/clock.ts';
import { type Block, type OutboundMessage, say } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import type { Groups } from '../../people/groups.ts';
import { isOrganizer, type Joined, type MemberChats, type Members } from '../../people/member.ts';
import { panelMessage } from './panels.ts';

export interface MemberChatParts {
  members: Pick<Members, 'byIdentity'> & Pick<MemberChats, 'join'>;
  groups: Groups;
  organize: ChatPanels;
  /** What members read. */
  phrasesIn(language: string): Phrases;
  secret: string;
  clock: Clock;
}

const MOST_QUOTED = 300;

export function createMemberChat(parts: MemberChatParts): MemberChat {
  const { members, groups, organize, phrasesIn, secret, clock } = parts;
  const join = ({ key }: MemberReader, code: string): Promise<Joined> => members.join(key, code, new Date(clock()));

  function outcome(joined: Joined, { language }: MemberReader): OutboundMessage {
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
