import { endOf, momentOf, plusDays, spelled } from '../core/calendar.ts';
import type { Phrases } from '../core/phrases.ts';
import { type Texts, textFor } from '../core/texts.ts';
import { writeAudience } from '../notices/audience/audience.ts';
import type { NoticeButton } from '../notices/notice.ts';
import { REMINDERS } from '../people/preferences.ts';
import { dayBefore, MORNING } from '../process/events/event.ts';
import { type ReminderKind, type ReminderRule, reminderRule } from '../process/reminderRules.ts';
import type { ProcessDefinition } from '../process/schema.ts';

/** A reminder that the timeline calls for. */
export interface PlannedReminder {
  /** One for each date: when a date moves, it is another reminder. */
  origin: string;
  at: number;
  topic: typeof REMINDERS;
  texts: Record<string, string>;
  audience: string;
  buttons: NoticeButton[];
  event: string | null;
  /** From then on the reminder is of no use. */
  until: number;
}

type Stage = ProcessDefinition['stages'][number];
type Event = ProcessDefinition['events'][number];
type PhrasesIn = (language: string) => Phrases;

/** What people are asked to say about a draft. */
const COMMENT = 'comment';

/** Every reminder of the timeline, past and future. `phrasesIn`: outreach.yaml. */
export function planReminders(process: ProcessDefinition, phrasesIn: PhrasesIn): PlannedReminder[] {
  const plan = { process, phrasesIn };
  return [
    ...process.stages.flatMap((stage) => [...stageOpens(stage, plan), ...stageCloses(stage, plan)]),
    ...process.events.flatMap((event) => eventTomorrow(event, plan)),
  ];
}

interface Planning {
  process: ProcessDefinition;
  phrasesIn: PhrasesIn;
}

/** A stage with a draft is announced by its draft, unless that is switched off. */
function stageOpens(stage: Stage, plan: Planning): PlannedReminder[] {
  const { process } = plan;
  const { id, title, opens, closes, what, document, flow } = stage;
  const { timeZone } = process;
  const at = Math.max(momentOf(opens, timeZone), momentOf(`${opens.slice(0, 10)}T${MORNING}`, timeZone));
  const until = endOf(closes, timeZone);
  const told = { title, day: closes.slice(0, 10), more: [what] };
  if (until <= at) return [];
  if (document !== undefined && reminderRule(process, 'draftOut') !== null)
    return remind('draftOut', `draft_out:${id}:${opens}`, { at, until, told }, plan, [
      { key: 'remind_button_document', url: document },
      { key: 'remind_button_comment', flow: flow ?? COMMENT },
    ]);
  return remind('stageOpens', `stage_opens:${id}:${opens}`, { at, until, told }, plan, flowButtons(flow));
}

/** Never on the day on which it opens, or earlier. */
function stageCloses(stage: Stage, plan: Planning): PlannedReminder[] {
  const { id, title, opens, closes, flow } = stage;
  const { timeZone } = plan.process;
  const days = reminderRule(plan.process, 'stageCloses')?.days ?? 0;
  const day = plusDays(closes.slice(0, 10), -days);
  if (day <= opens.slice(0, 10)) return [];
  const when = { at: momentOf(`${day}T${MORNING}`, timeZone), until: endOf(closes, timeZone) };
  const told = { title, day: closes, more: [] };
  return remind('stageCloses', `stage_closes:${id}:${closes}`, { ...when, told }, plan, flowButtons(flow));
}

function eventTomorrow(event: Event, plan: Planning): PlannedReminder[] {
  const { id, title, at, what, cancelled } = event;
  if (cancelled) return [];
  const { timeZone } = plan.process;
  const date = at.slice(0, 10);
  const until = at.includes('T') ? momentOf(at, timeZone) : endOf(date, timeZone);
  const when = { at: dayBefore(event, timeZone), until };
  const told = { title, day: at, more: [what] };
  const [reminder] = remind('eventTomorrow', `event_tomorrow:${id}:${at}`, { ...when, told }, plan, []);
  // The buttons below let people say that they cannot come after all.
  return reminder
    ? [{ ...reminder, audience: writeAudience({ attends: id }), event: id, buttons: [{ event: id }] }]
    : [];
}

const flowButtons = (flow: string | undefined): Button[] => [
  flow === undefined ? { key: 'timeline_button', flow: 'timeline' } : { key: 'remind_button_flow', flow },
];

type Button = { key: string } & ({ flow: string } | { url: string });
interface Occasion {
  at: number;
  until: number;
  told: { title: Texts; day: string; more: (Texts | undefined)[] };
}

const PHRASES: Record<ReminderKind, string> = {
  stageOpens: 'remind_stage_opens',
  stageCloses: 'remind_stage_closes',
  eventTomorrow: 'remind_event_tomorrow',
  draftOut: 'remind_draft_out',
};

function remind(
  kind: ReminderKind,
  origin: string,
  { at, until, told }: Occasion,
  plan: Planning,
  buttons: Button[],
): PlannedReminder[] {
  const rule = reminderRule(plan.process, kind);
  if (rule === null) return [];
  const { languages } = plan.process;
  const inEach = (say: (language: string) => string) =>
    Object.fromEntries(languages.map((language) => [language, say(language)]));
  return [
    {
      origin: `reminder:${origin}`,
      ...{ at, until, topic: REMINDERS, audience: 'everyone', event: null },
      texts: inEach((language) => wordsOf(kind, rule, told, at, language, plan)),
      buttons: buttons.map(({ key, ...target }) => ({
        label: inEach((language) => plan.phrasesIn(language)(key)),
        ...target,
      })),
    },
  ];
}

/** The organizer's own text stands alone; ours is followed by what the timeline says. */
function wordsOf(
  kind: ReminderKind,
  { days, texts }: ReminderRule,
  told: Occasion['told'],
  at: number,
  language: string,
  { process, phrasesIn }: Planning,
): string {
  const { languages, timeZone } = process;
  const say = (words: Texts) => textFor(words, language, languages);
  const blanks: Record<string, string> = {
    title: say(told.title),
    day: spelled(told.day, { language, timeZone, now: at }),
    days: `${days}`,
  };
  const own = typeof texts === 'string' ? texts : texts?.[language];
  if (own !== undefined) return own.replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
  const { title = '', day = '' } = blanks;
  const more = told.more.flatMap((words) => (words === undefined ? [] : [say(words)]));
  return [phrasesIn(language)(PHRASES[kind], { title, day, days }), ...more].join('\n');
}

/** How long in advance a reminder is created, so that organizers can see it. */
const AHEAD_MS = 14 * 86_400_000;
/** A reminder that is already later than this when it is first found is skipped. */
export const LATE_MS = 6 * 3_600_000;

/** Whether something that does not exist yet should be created now. */
export const isToBeMade = ({ at, until }: { at: number; until: number }, now: number): boolean =>
  at >= now - LATE_MS && at <= now + AHEAD_MS && until > now;
