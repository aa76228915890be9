import { OtherThanShown } from '../../actions/agreed.ts';
import { mostLater } from '../../core/agreedCount.ts';
import { spelled } from '../../core/calendar.ts';
import type { Choice } from '../../core/message.ts';
import { OvertakenError } from '../../notices/dates.ts';
import type { Notice } from '../../notices/notice.ts';
import { noted, type PanelContext, type PanelView, text } from './context.ts';
import { afterwards, noticeView } from './notice.ts';
import { actionsFor } from './permissions.ts';
import { type PanelState, stateOf } from './state.ts';
import { AT_ONCE, localOf, momentsAhead, packed, unpacked } from './when.ts';

/** When it is to go. */
export async function whenView(context: PanelContext, id: string, note: string | null = null): Promise<PanelView> {
  const { phrases, button, zone } = context;
  return ifSchedulable(context, id, ({ notice }) => ({
    title: phrases('title_when'),
    blocks: [...noted(note), text(phrases('when_ask', { zone }))],
    choices: [...moments(notice, context), button(phrases('button_back'), `n:${id}`)],
  }));
}

/** A notice goes when its author has said, beside a date or again and again. */
function moments({ id, schedule }: Notice, { phrases, button, now, zone }: PanelContext): Choice[] {
  if (schedule !== null) return [button(phrases('when_own'), `c:${id}:${AT_ONCE}`)];
  const ahead = momentsAhead(now, zone).map(({ name, local, time }) =>
    button(phrases(`when_${name}`, { time }), `c:${id}:${packed(local)}`),
  );
  return [button(phrases('when_at_once'), `c:${id}:${AT_ONCE}`), ...ahead];
}

/** To how many it goes: the button says it. */
export async function confirmView(
  context: PanelContext,
  id: string,
  when: string,
  note: string | null = null,
): Promise<PanelView> {
  const { phrases, button, approvalAbove } = context;
  return ifSchedulable(context, id, ({ notice, people: count }) => ({
    title: phrases('title_confirm'),
    blocks: [
      ...noted(note),
      text(whenWords(when, notice, context)),
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
export async function scheduleView(
  context: PanelContext,
  id: string,
  when: string,
  recipients: number,
): Promise<PanelView> {
  const { actions, actor, member, phrases, zone } = context;
  const at = unpacked(when);
  if (at !== null && at <= localOf(context.now, zone)) return whenView(context, id, phrases('when_passed'));
  const moment = { zone, ...(at !== null && { at }) };
  try {
    return await afterwards(
      context,
      id,
      () => actions.notices.schedule(actor, id, moment, { recipients, state: 'draft' }),
      ({ notice }) => notice.state === 'scheduled' && notice.scheduledBy === member.id,
    );
  } catch (error) {
    if (error instanceof OvertakenError) return whenView(context, id, phrases('when_overtaken'));
    if (error instanceof OtherThanShown) return confirmView(context, id, when, phrases('count_changed'));
    throw error;
  }
}

function whenWords(when: string, { schedule }: Notice, { phrases, language, zone, now }: PanelContext): string {
  const local = unpacked(when);
  if (local === null) return phrases(schedule === null ? 'send_at_once' : 'send_own');
  return phrases('send_at', { when: spelled(local, { language, timeZone: zone, now }) });
}

async function ifSchedulable(
  context: PanelContext,
  id: string,
  view: (facts: PanelState) => PanelView,
): Promise<PanelView> {
  const facts = await stateOf(context, id);
  if (actionsFor(facts.notice, context.member).includes('schedule')) return view(facts);
  return noticeView(context, id, { note: context.phrases('changed_meanwhile') });
}
