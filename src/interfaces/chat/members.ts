import type { MemberChat, MemberReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/inbound.ts';
import { type Block, type OutboundMessage, type PanelPlace, say } from '../../core/message.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import type { Panel } from '../../core/surfaces.ts';
import { interfaceOf } from '../../people/actor.ts';
import { LINK_MINUTES, linkInto } from '../../people/console.ts';
import type { Joined } from '../../people/member.ts';
import { toldRole } from '../../responses/thread.ts';
import { actedIn, conversationOf } from './memberConversations.ts';
import { actorOf, type MemberChatParts } from './memberParts.ts';
import { heardFrom } from './memberWords.ts';
import { filesOf, panelMessage } from './panels.ts';

const MOST_QUOTED = 300;

export function createMemberChat(parts: MemberChatParts): MemberChat {
  const { actions, organize, phrasesIn } = parts;
  return {
    join: async (reader, code) => joinedWords(await actions.members.join(reader.key, code), reader, phrasesIn),
    async joinBy(reader, code) {
      const joined = await actions.members.join(reader.key, code);
      return typeof joined === 'string' ? null : joinedWords(joined, reader, phrasesIn);
    },
    async panel(reader, data, place = null) {
      const panel = await organize.panel(reader, data);
      return panel && [place === null ? panelMessage(panel) : shownIn(place, panel), ...filesOf(panel)];
    },
    consoleLink: (reader) => consoleLink(reader, parts),
    groupAdded: (reader, group, channel) => groupAdded(reader, group, channel, parts),
    groupAnswered: (reader, answer) => groupAnswered(reader, answer, parts),
    act: (reader, act, given, files) => actedIn(reader, act, { given, files }, parts),
    conversation: (reader, action) => conversationOf(reader, action, parts),
    answering: (reader, reference) => conversationOf(reader, `a:${reference}`, parts),
    heard: (reader, speaking) => heardFrom(reader, speaking, parts),
    askedAlone: (reader) => askedAlone(reader, parts),
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

async function askedAlone(
  { key, language }: MemberReader,
  { members, memberNews, phrasesIn }: MemberChatParts,
): Promise<OutboundMessage | null> {
  const member = await members.byIdentity(key);
  if (!member) return null;
  const others = (await members.list()).filter(
    ({ id, roles }) => id !== member.id && roles.includes(toldRole('question')),
  );
  const chats = await memberNews.chatsOf(others.map(({ id }) => id));
  return chats.length > 0 ? null : say(phrasesIn(language)('member_alone'));
}

function joinedWords(
  joined: Joined,
  { language }: MemberReader,
  phrasesIn: MemberChatParts['phrasesIn'],
): OutboundMessage {
  const phrases = phrasesIn(language);
  if (joined === 'wrong') return say(phrases('member_code_wrong'));
  if (joined === 'too_many') return say(phrases('member_code_wait'));
  const may = joined.roles.map((role) => phrases(`member_may_${role}`));
  return say([phrases('member_joined', { name: joined.name }), ...may].join('\n\n'));
}

/** Handled twice, the update makes another link: of the first nobody has read. */
async function consoleLink(reader: MemberReader, parts: MemberChatParts): Promise<OutboundMessage | null> {
  const { key, language } = reader;
  const member = await parts.members.byIdentity(key);
  if (member === null) return null;
  const { token } = await parts.actions.console.link({ member: member.id, through: interfaceOf(key) }, member.id);
  return say(
    parts.phrasesIn(language)('console_link', { link: linkInto(parts.publicUrl(), token), minutes: LINK_MINUTES }),
  );
}

/** Asks the organizer who has added us; null for anybody else. */
async function groupAdded(
  reader: MemberReader,
  group: Group,
  channel: string,
  parts: MemberChatParts,
): Promise<OutboundMessage | null> {
  const { key, language } = reader;
  const actor = await actorOf(reader, parts);
  const asked = actor && (await unlessRefused(parts.actions.places.askGroup(actor, group, channel, language)));
  if (!asked) return null;
  const phrases = parts.phrasesIn(language);
  const { id, state } = asked;
  if (state === 'active') return say(phrases('group_active', { title: group.title }));
  const choice = (label: string, answer: string) => ({
    label,
    data: signAction(parts.secret, key, `g:${id}:${answer}`),
  });
  return say(phrases('group_ask', { title: group.title }), [
    choice(phrases('group_yes'), 'y'),
    choice(phrases('group_no'), 'n'),
  ]);
}

async function groupAnswered(
  reader: MemberReader,
  answer: string,
  parts: MemberChatParts,
): Promise<OutboundMessage | null> {
  const { places } = parts.actions;
  const [, id, yes] = /^(\d{1,18}):([yn])$/.exec(answer) ?? [];
  const actor = id === undefined ? null : await actorOf(reader, parts);
  if (id === undefined || actor === null) return null;
  const title = await unlessRefused((yes === 'y' ? places.subscribeGroup : places.dropGroup)(actor, id));
  if (title === undefined) return null;
  const phrases = parts.phrasesIn(reader.language);
  if (title === null) return say(phrases('group_gone'));
  return say(phrases(yes === 'y' ? 'group_active' : 'group_dropped', { title }));
}

/** A panel in the place of another. */
const shownIn = (place: PanelPlace, { blocks, choices, files: _, about: __, ...panel }: Panel): OutboundMessage => ({
  blocks,
  choices,
  panel: { ...place, ...panel },
});

/** Undefined for people who may not do it: to them it does not exist. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
