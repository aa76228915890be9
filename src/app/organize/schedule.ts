import { OtherThanShown } from '../../actions/agreed.ts';
import { mostLater } from '../../domain/agreed.ts';
import { spelled } from '../../domain/calendar.ts';
import type { Choice } from '../../domain/message.ts';
import type { Notice } from '../../domain/notice.ts';
import { OvertakenMistake } from '../noticeDates.ts';
import { deedsFor } from './deeds.ts';
import { type Desk, noted, text, type View } from './desk.ts';
import { type Facts, factsOf } from './facts.ts';
import { afterwards, noticeView } from './notice.ts';
import { AT_ONCE, localOf, momentsAhead, packed, unpacked } from './when.ts';

/** When it is to go. */
export async function whenView(desk: Desk, id: string, note: string | null = null): Promise<View> {
  const { phrases, button, zone } = desk;
  return ifSchedulable(desk, id, ({ notice }) => ({
    title: phrases('title_when'),
    blocks: [...noted(note), text(phrases('when_ask', { zone }))],
    choices: [...moments(notice, desk), button(phrases('button_back'), `n:${id}`)],
  }));
}

/** A notice whose author has said when it goes, beside a date or again and again, goes then. */
function moments({ id, schedule }: Notice, { phrases, button, now, zone }: Desk): Choice[] {
  if (schedule !== null) return [button(phrases('when_own'), `c:${id}:${AT_ONCE}`)];
  const ahead = momentsAhead(now, zone).map(({ name, local, time }) =>
    button(phrases(`when_${name}`, { time }), `c:${id}:${packed(local)}`),
  );
  return [button(phrases('when_at_once'), `c:${id}:${AT_ONCE}`), ...ahead];
}

/** To how many it goes: the button says it. */
export async function confirmView(desk: Desk, id: string, when: string, note: string | null = null): Promise<View> {
  const { phrases, button, approvalAbove } = desk;
  return ifSchedulable(desk, id, ({ notice, people: count }) => ({
    title: phrases('title_confirm'),
    blocks: [
      ...noted(note),
      text(whenWords(when, notice, desk)),
      text(phrases('send_ask', { count })),
      text(
        count > approvalAbove
          ? phrases('send_needs_approval')
          : phrases('send_bound', { most: mostLater(count, approvalAbove) }),
      ),
    ],
    choices: [
      button(phrases('send_button', { count }), `S:${id}:${when}:${count}`),
      button(phrases('button_back'), `s:${id}`),
    ],
  }));
}

/** Schedules it, if it is what was agreed to. The same press again finds it scheduled, and changes nothing. */
export async function scheduleView(desk: Desk, id: string, when: string, recipients: number): Promise<View> {
  const { actions, actor, member, phrases, zone } = desk;
  const at = unpacked(when);
  if (at !== null && at <= localOf(desk.now, zone)) return whenView(desk, id, phrases('when_passed'));
  const moment = { zone, ...(at !== null && { at }) };
  try {
    return await afterwards(
      desk,
      id,
      () => actions.notices.schedule(actor, id, moment, { recipients, state: 'draft' }),
      ({ notice }) => notice.state === 'scheduled' && notice.scheduledBy === member.id,
    );
  } catch (error) {
    if (error instanceof OvertakenMistake) return whenView(desk, id, phrases('when_overtaken'));
    if (error instanceof OtherThanShown) return confirmView(desk, id, when, phrases('count_changed'));
    throw error;
  }
}

function whenWords(when: string, { schedule }: Notice, { phrases, language, zone, now }: Desk): string {
  const local = unpacked(when);
  if (local === null) return phrases(schedule === null ? 'send_at_once' : 'send_own');
  return phrases('send_at', { when: spelled(local, { language, timeZone: zone, now }) });
}

async function ifSchedulable(desk: Desk, id: string, view: (facts: Facts) => View): Promise<View> {
  const facts = await factsOf(desk, id);
  if (deedsFor(facts.notice, desk.member).includes('schedule')) return view(facts);
  return noticeView(desk, id, { note: desk.phrases('changed_meanwhile') });
}
