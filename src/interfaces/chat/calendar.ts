import type { Block } from '../../core/message.ts';
import { shorten } from '../../core/split.ts';
import { textFor } from '../../core/texts.ts';
import { isMadeForEach } from '../../notices/kinds.ts';
import type { Upcoming } from '../../planning/calendar.ts';
import { type PanelContext, type PanelView, text } from './context.ts';
import { momentWords } from './when.ts';
import { reachIn } from './words.ts';

const AHEAD_MS = 28 * 86_400_000;
const MOST_SHOWN = 5;
const MOST_WORDS = 200;

/** What goes out in the next weeks, a few at a time, from the one of this number on. */
export async function calendarView(context: PanelContext, from = 0): Promise<PanelView> {
  const { phrases, button, now } = context;
  const all = await context.upcoming(now + AHEAD_MS);
  const later = from + MOST_SHOWN;
  return {
    title: phrases('title_calendar'),
    blocks: [
      text(phrases('calendar_lead', { count: all.length })),
      ...all.slice(from, later).flatMap((one) => entryBlocks(one, context)),
    ],
    choices: [
      ...(later < all.length ? [button(phrases('button_later'), `k:${later}`)] : []),
      ...(from > 0 ? [button(phrases('button_sooner'), `k:${Math.max(0, from - MOST_SHOWN)}`)] : []),
      button(phrases('button_overview'), ''),
    ],
  };
}

function entryBlocks(one: Upcoming, context: PanelContext): Block[] {
  const { phrases, language, languages } = context;
  const isAnswer = isMadeForEach(one.kind);
  const audience = reachIn(one, context);
  const states = { scheduled: [], paused: [phrases('notice_is_paused')], to_approve: [phrases('approval_needed')] };
  const whom = phrases('calendar_whom', { audience, count: one.recipients });
  const by = one.by === 'timeline' ? [phrases('notice_by_itself')] : [];
  const words = isAnswer ? phrases('notice_responses') : textFor(one.texts, language, languages);
  return [
    text(
      [
        `${momentWords(one.at, context)} · ${phrases(`notice_kind_${one.kind}`)}`,
        [whom, ...by, ...states[one.state]].join(' '),
      ].join('\n'),
    ),
    { kind: 'quote', text: shorten(words, MOST_WORDS) },
  ];
}
