import { signAction } from '../domain/action.ts';
import type { Block, Choice, OutboundMessage } from '../domain/message.ts';
import { type Phrases, shorten } from '../domain/response.ts';
import type { OwnContributions, OwnPerson } from '../domain/turn.ts';
import type { Show } from './effects.ts';

export interface ShowParts {
  own: OwnContributions;
  timeline: (language: string) => Promise<Block[]>;
  phrasesIn: (language: string) => Phrases;
  secret: string;
}

/** One message on an old phone: more are said to exist. */
const MOST_SHOWN = 10;
const MOST_QUOTED = 200;
/** Two buttons each: more would become a list to open on one platform and a wall on the other. */
const MOST_CHANGEABLE = 5;

export function createShow({ own, timeline, phrasesIn, secret }: ShowParts): Show {
  return async (what, known, language) => {
    if (what === 'timeline') return [{ blocks: await timeline(language) }];
    if (what === 'mine') return [await ownContributions(own, known, phrasesIn(language), secret)];
    return [{ blocks: [{ kind: 'text', text: phrasesIn(language)('privacy_words') }] }];
  };
}

/** What a person has sent, with how far each is, and buttons to withdraw what the forum has not begun with. */
export async function ownContributions(
  own: OwnContributions,
  { contributorId, key }: Pick<OwnPerson, 'contributorId' | 'key'>,
  phrases: Phrases,
  secret: string,
): Promise<OutboundMessage> {
  const list = await own.latest(contributorId, MOST_SHOWN);
  if (list.length === 0) return { blocks: [{ kind: 'text', text: phrases('mine_none') }] };
  const blocks = list.flatMap(({ reference, state, text }): Block[] => [
    { kind: 'heading', text: `${reference} · ${phrases(`state_${state}`)}` },
    { kind: 'quote', text: text.trim() === '' ? phrases('no_words') : shorten(text, MOST_QUOTED) },
  ]);
  const more = (list[0]?.total ?? 0) - list.length;
  if (more > 0) blocks.push({ kind: 'text', text: phrases('mine_more', { count: more }) });
  const open = list.filter((item) => item.state === 'received').slice(0, MOST_CHANGEABLE);
  const choices = open.flatMap(({ reference }): Choice[] => [
    { label: phrases('edit_button', { reference }), data: signAction(secret, key, `e:${reference}`) },
    { label: phrases('withdraw_button', { reference }), data: signAction(secret, key, `w:${reference}`) },
  ]);
  return { blocks, ...(choices.length > 0 && { choices }) };
}
