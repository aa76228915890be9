import { isMadeForEach } from '../../domain/kinds.ts';
import type { Block } from '../../domain/message.ts';
import { shorten } from '../../domain/response.ts';
import { textFor } from '../../domain/texts.ts';
import type { Upcoming } from '../noticeCalendar.ts';
import { type Desk, text, type View } from './desk.ts';
import { momentWords } from './when.ts';
import { audienceIn } from './words.ts';

const AHEAD_MS = 28 * 86_400_000;
const MOST_SHOWN = 5;
const MOST_WORDS = 200;

/** What goes out in the next weeks, a few at a time, from the one of this number on. */
export async function calendarView(desk: Desk, from = 0): Promise<View> {
  const { phrases, button, now } = desk;
  const all = await desk.upcoming(now + AHEAD_MS);
  const later = from + MOST_SHOWN;
  return {
    title: phrases('title_calendar'),
    blocks: [
      text(phrases('calendar_lead', { count: all.length })),
      ...all.slice(from, later).flatMap((one) => entryBlocks(one, desk)),
    ],
    choices: [
      ...(later < all.length ? [button(phrases('button_later'), `k:${later}`)] : []),
      ...(from > 0 ? [button(phrases('button_sooner'), `k:${Math.max(0, from - MOST_SHOWN)}`)] : []),
      button(phrases('button_overview'), ''),
    ],
  };
}

function entryBlocks(one: Upcoming, desk: Desk): Block[] {
  const { phrases, language, languages } = desk;
  const isAnswer = isMadeForEach(one.kind);
  const audience = isAnswer ? phrases('calendar_answered') : audienceIn(one.audience, desk);
  const states = { scheduled: [], paused: [phrases('notice_is_paused')], to_approve: [phrases('approval_needed')] };
  const whom = phrases('calendar_whom', { audience, count: one.recipients });
  const by = one.by === 'timeline' ? [phrases('notice_by_itself')] : [];
  const words = isAnswer ? phrases('notice_responses') : textFor(one.texts, language, languages);
  return [
    text(
      [
        `${momentWords(one.at, desk)} · ${phrases(`notice_kind_${one.kind}`)}`,
        [whom, ...by, ...states[one.state]].join(' '),
      ].join('\n'),
    ),
    { kind: 'quote', text: shorten(words, MOST_WORDS) },
  ];
}
