import { signAction } from '../domain/action.ts';
import type { Block, Choice, OutboundMessage } from '../domain/message.ts';
import type { OwnContributions } from '../domain/turn.ts';
import type { Show } from './effects.ts';

export interface ShowParts {
  own: OwnContributions;
  timeline: (language: string) => Promise<Block[]>;
  phrase: (key: string, language: string, values?: Record<string, string | number>) => string;
  secret: string;
}

/** One message on an old phone: more are said to exist. */
const MOST_SHOWN = 10;
const MOST_QUOTED = 200;
/** Two buttons each: more would become a list to open on one platform and a wall on the other. */
const MOST_CHANGEABLE = 5;

export function createShow(parts: ShowParts): Show {
  return async (what, known, language) => {
    if (what === 'timeline') return [{ blocks: await parts.timeline(language) }];
    if (what === 'mine') return [await mine(parts, known, language)];
    return [{ blocks: [{ kind: 'text', text: parts.phrase('privacy_words', language) }] }];
  };
}

async function mine(
  parts: ShowParts,
  known: { contributorId: string; key: string },
  language: string,
): Promise<OutboundMessage> {
  const list = await parts.own.latest(known.contributorId, MOST_SHOWN);
  if (list.length === 0) return { blocks: [{ kind: 'text', text: parts.phrase('mine_none', language) }] };
  const blocks = list.flatMap((item): Block[] => [
    { kind: 'heading', text: `${item.reference} · ${parts.phrase(`state_${item.state}`, language)}` },
    { kind: 'quote', text: item.text.trim() === '' ? parts.phrase('no_words', language) : shortened(item.text) },
  ]);
  const more = (list[0]?.total ?? 0) - list.length;
  if (more > 0) blocks.push({ kind: 'text', text: parts.phrase('mine_more', language, { count: more }) });
  const choices = list
    .filter((item) => item.state === 'received')
    .slice(0, MOST_CHANGEABLE)
    .flatMap(({ reference }): Choice[] => [
      {
        label: parts.phrase('edit_button', language, { reference }),
        data: signAction(parts.secret, known.key, `e:${reference}`),
      },
      {
        label: parts.phrase('withdraw_button', language, { reference }),
        data: signAction(parts.secret, known.key, `w:${reference}`),
      },
    ]);
  return { blocks, ...(choices.length > 0 && { choices }) };
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_QUOTED ? text : `${characters.slice(0, MOST_QUOTED).join('').trimEnd()}…`;
}
