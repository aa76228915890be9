import { spelled } from '../core/calendar.ts';
import type { Block, Choice, OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { questionAction, signAction } from '../core/signedButtons.ts';
import type { HomeTab } from '../core/surfaces.ts';
import { spoken, textFor } from '../core/texts.ts';
import { welcomeWords } from './flow/agree.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import type { ChatPanels } from './memberPanels.ts';
import { ownCards } from './mine.ts';
import type { OwnContributions, OwnPerson } from './own.ts';
import type { ProcessContext, ProcessView } from './processContext.ts';
import { questionsFor, timelineMessage } from './views.ts';

export interface HomeTabParts {
  own: OwnContributions;
  view: ProcessView;
  registry: () => FlowRegistry;
  phrasesIn: (language: string) => Phrases;
  organize: Pick<ChatPanels, 'isFor'>;
  secret: string;
  clock: () => number;
}

/** Whoever looks, at one moment. */
interface Looking {
  key: string;
  /** Null: they have never been here. */
  person: OwnPerson | null;
  standing: 'new' | 'agreed' | 'stopped';
  language: string;
  phrases: Phrases;
  around: ProcessContext;
  now: number;
  button(label: string, action: string): Choice;
}

/** Everything that a person can do and see, the most useful first. */
export async function homeTab(parts: HomeTabParts, key: string, wish: string | null): Promise<HomeTab> {
  const looking = await look(parts, key, wish);
  const { person, standing, phrases, around, language } = looking;
  const [timeline, mine, answered, isMember] = await Promise.all([
    timelineOf(parts, looking),
    ownPart(parts, looking),
    person === null ? [] : parts.own.answered(person.contributorId),
    parts.organize.isFor(key),
  ]);
  return {
    language,
    lead: lead(parts, looking),
    share: standing === 'agreed' && !around.closed ? phrases('slack_share') : null,
    organize: isMember && standing !== 'stopped' ? phrases('slack_home_organize') : null,
    parts: [
      ...questions(looking, answered),
      standing === 'stopped' ? { blocks: timeline.blocks } : timeline,
      ...mine,
      more(looking),
    ],
  };
}

async function look({ own, view, phrasesIn, secret, clock }: HomeTabParts, key: string, wish: string | null) {
  const [person, around] = await Promise.all([own.person(key), view.processContext()]);
  const language = spoken([person?.language ?? null, wish], around.languages);
  const phrases = phrasesIn(language);
  const hasAgreed = person !== null && person.consentVersion !== null;
  const standing = person?.status === 'stopped' ? 'stopped' : hasAgreed ? 'agreed' : 'new';
  const button = (label: string, action: string): Choice => ({
    label: phrases(label),
    data: signAction(secret, key, action),
  });
  return { key, person, standing, language, phrases, around, now: clock(), button } satisfies Looking;
}

/** Whoever has not agreed reads what to, and agrees here. */
function lead(
  { registry }: HomeTabParts,
  { standing, language, phrases, around, now, button }: Looking,
): OutboundMessage {
  const { what, agreed } = welcomeWords(registry(), language, around.world(language, now));
  const texts = (...all: string[]): Block[] => all.map((text) => ({ kind: 'text', text }));
  switch (standing) {
    case 'new':
      return { blocks: texts(what, ...agreed), choices: [button('slack_home_agree', 'agree')] };
    case 'agreed':
      return { blocks: texts(what, phrases('slack_home_lead')) };
    case 'stopped':
      return { blocks: texts(what, phrases('slack_home_stopped')), choices: [button('come_back', 'say:start')] };
  }
}

/** More would push the rest out of sight. */
const MOST_QUESTIONS = 5;

/** What is asked of everybody now and they have not answered, each with the way to do so. */
function questions(
  { standing, language, phrases, around, now, button }: Looking,
  answered: readonly string[],
): OutboundMessage[] {
  const { process, processId } = around;
  const { timeZone, languages } = process;
  if (standing === 'stopped') return [];
  return questionsFor(around, answered, now)
    .slice(0, MOST_QUESTIONS)
    .map(({ id, text, closes }, at): OutboundMessage => {
      const until = closes === undefined ? null : spelled(closes, { language, timeZone, now });
      return {
        blocks: [
          ...(at === 0 ? [{ kind: 'heading' as const, text: phrases('slack_home_questions') }] : []),
          { kind: 'text', text: textFor(text, language, languages) },
          ...(until === null ? [] : [{ kind: 'quote' as const, text: phrases('slack_home_until', { day: until }) }]),
        ],
        choices: [button('slack_home_answer', questionAction(id, processId))],
      };
    });
}

const timelineOf = (
  { view, secret }: HomeTabParts,
  { key, person, language, phrases, now }: Looking,
): Promise<OutboundMessage> =>
  timelineMessage(view, { key, zone: person?.zone ?? null, language, phrases, secret, now });

/** As /mine shows it; whoever has stopped is asked nothing. */
async function ownPart(
  { own, secret }: HomeTabParts,
  { person, standing, language, phrases, around, now }: Looking,
): Promise<OutboundMessage[]> {
  if (person === null || standing === 'new') return [];
  const reader = { ...person, language, phrases, secret, now, timeZone: around.process.timeZone };
  const cards = await ownCards(own, reader, 0);
  const heading: Block = { kind: 'heading', text: phrases('slack_home_mine') };
  const all = cards.map((card, at) => (at === 0 ? { ...card, blocks: [heading, ...card.blocks] } : card));
  return standing === 'stopped' ? all.map(({ blocks }) => ({ blocks })) : all;
}

/** What else there is; for whoever has stopped, what they can still do. */
function more({ standing, phrases, button }: Looking): OutboundMessage {
  const privacy = button('slack_home_privacy', 'flow:privacy');
  if (standing === 'stopped') return { blocks: [], choices: [privacy] };
  const topics = standing === 'agreed' ? [button('slack_home_topics', 'flow:topics')] : [];
  return {
    blocks: [{ kind: 'text', text: phrases('slack_home_more') }],
    choices: [
      button('slack_home_ask', 'flow:ask'),
      ...topics,
      button('slack_home_language', 'say:language'),
      privacy,
      button('slack_home_stop', 'say:stop'),
    ],
  };
}
