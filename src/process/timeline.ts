import { cityOf, overAt, type Period, type Phase, phaseOf, spelled } from '../core/calendar.ts';
import type { Block } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { type Texts, textFor } from '../core/texts.ts';
import type { ProcessDefinition } from './process.ts';

type Stage = ProcessDefinition['stages'][number];
type Event = ProcessDefinition['events'][number];
type Opportunity = NonNullable<ProcessDefinition['opportunities']>[number];

/** The process in one reader's language, at one moment. */
interface Reading {
  phrases: Phrases;
  say(texts: Texts | undefined): string;
  day(local: string): string;
  phase(period: Period): Phase;
  /** Whether an event is over. */
  over(event: Event): boolean;
}

/** Who reads a timeline, and when. */
export interface TimelineReader {
  language: string;
  /** `timeline_…` of the chat's catalog: our text around the organizers'. */
  phrases: Phrases;
  now: number;
  /** The reader's time zone; null: not known. */
  zone?: string | null;
}

const readingOf = (process: ProcessDefinition, { language, phrases, now }: TimelineReader): Reading => ({
  phrases,
  say: (texts) => (texts === undefined ? '' : textFor(texts, language, process.languages)),
  day: (local) => spelled(local, { language, timeZone: process.timeZone, now, zoneKnown: true }),
  phase: (period) => phaseOf(period, process.timeZone, now),
  over: (event) => now >= overAt(event, process.timeZone),
});

/** How many meetings the short timeline shows. */
const MOST_MEETINGS = 3;

/**
 * The timeline for a small screen: what is open now, what comes next, the next meetings, and by when everybody is
 * answered. Dates are in the process's time zone.
 */
export function timelineInShort(process: ProcessDefinition, reader: TimelineReader): Block[] {
  const { stages, events, hearBackBy } = process;
  const reading = readingOf(process, reader);
  const { phrases, say, day, phase, over } = reading;
  const now = stages.filter((stage) => phase(stage) === 'open');
  const later = stages.filter((stage) => phase(stage) === 'before').sort((one, other) => order(one.opens, other.opens));
  const next = later.filter(({ opens }) => opens === later[0]?.opens);
  const meetings = [...events.filter((event) => !over(event))].sort((one, other) => order(one.at, other.at));
  const shown = meetings.slice(0, MOST_MEETINGS);
  const blocks = [
    ...part('timeline_now', now, (stage) =>
      [phrases('timeline_now_stage', { title: say(stage.title), day: day(stage.closes) }), say(stage.what)]
        .filter(Boolean)
        .join('\n'),
    ),
    ...part('timeline_next', next, (stage) =>
      phrases('timeline_next_stage', { title: say(stage.title), day: day(stage.opens) }),
    ),
    ...part('timeline_events', shown, (event) => meetingLine(event, reading)),
    ...promise(hearBackBy, reading),
    ...zoneNote(
      process,
      reader,
      shown.filter(({ cancelled }) => !cancelled).map(({ at }) => at),
    ),
  ];
  const name = heading(say(process.name));
  if (blocks.length > 0) return [name, ...blocks];
  return [name, text(phrases(stages.length + events.length === 0 ? 'timeline_none' : 'timeline_all_over'))];

  function part<Item>(key: string, items: readonly Item[], line: (item: Item) => string): Block[] {
    return items.length === 0 ? [] : [heading(phrases(key)), text(...items.map(line))];
  }
}

/** The next meeting only; where there is none, what comes next instead. */
export function nextMeeting(process: ProcessDefinition, reader: TimelineReader): Block[] {
  const reading = readingOf(process, reader);
  const coming = process.events.filter((event) => !event.cancelled && !reading.over(event));
  const [next] = coming.sort((one, other) => order(one.at, other.at));
  if (!next) return timelineInShort(process, reader);
  return [
    heading(reading.phrases('timeline_next_meeting')),
    text(meetingLine(next, reading)),
    ...zoneNote(process, reader, [next.at]),
  ];
}

/** Whether the whole timeline says more than the short one. */
export function hasMoreDates(process: ProcessDefinition): boolean {
  return process.stages.length + process.events.length + (process.opportunities ?? []).length > 1;
}

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function meetingLine(event: Event, { phrases, say, day }: Reading): string {
  const title = say(event.title);
  if (event.cancelled) return phrases('timeline_event_cancelled', { title, day: day(event.at.slice(0, 10)) });
  const mode = event.mode === undefined ? '' : phrases('timeline_mode', { mode: event.mode });
  return phrases('timeline_meeting', {
    title,
    day: day(event.at),
    place: [say(event.where), mode].filter(Boolean).join(' · '),
  });
}

function promise(hearBackBy: string | undefined, { phrases, day, phase }: Reading): Block[] {
  const ahead = hearBackBy !== undefined && phase({ closes: hearBackBy }) === 'open';
  return ahead ? [text(phrases('timeline_hear_back', { day: day(hearBackBy) }))] : [];
}

/** A note that hours are in the process's time zone; left out for readers in the same zone. */
function zoneNote({ timeZone }: ProcessDefinition, { phrases, zone }: TimelineReader, dates: string[]): Block[] {
  if (zone === timeZone || !dates.some((date) => date.includes('T'))) return [];
  return [text(phrases('timeline_zone', { city: cityOf(timeZone) }))];
}

/** The whole timeline: what is over in one line each, what is open now in full, what comes, and the events. */
export function wholeTimeline(process: ProcessDefinition, reader: TimelineReader): Block[] {
  const { stages, events, opportunities = [], hearBackBy } = process;
  const reading = readingOf(process, reader);
  const ways = opportunities.filter((way) => reading.phase(way) !== 'over');
  const name = heading(reading.say(process.name));
  if (stages.length + events.length + opportunities.length === 0) return [name, text(reader.phrases('timeline_none'))];
  const dates = [
    ...stages.filter((stage) => reading.phase(stage) !== 'over').flatMap(({ opens, closes }) => [opens, closes]),
    ...events.filter((event) => !event.cancelled && !reading.over(event)).map(({ at }) => at),
  ];
  return [
    name,
    ...stageBlocks(stages, ways, reading),
    ...wayBlocks(
      ways.filter(({ stage }) => stage === undefined),
      reading,
    ),
    ...eventBlocks(events, reading),
    ...promise(hearBackBy, reading),
    ...zoneNote(process, reader, dates),
  ];
}

const heading = (words: string): Block => ({ kind: 'heading', text: words });
const text = (...lines: string[]): Block => ({ kind: 'text', text: lines.filter(Boolean).join('\n') });

function stageBlocks(stages: Stage[], ways: Opportunity[], reading: Reading): Block[] {
  const { phrases, say, day, phase } = reading;
  const over = stages.filter((stage) => phase(stage) === 'over');
  const lines = over.map(({ title, closes }) => phrases('timeline_over', { title: say(title), day: day(closes) }));
  const others = stages.filter((stage) => !over.includes(stage));
  return [
    ...(lines.length > 0 ? [text(...lines)] : []),
    ...others.flatMap((stage) => {
      const here = ways.filter((way) => way.stage === stage.id).map((way) => wayLine(way, phase(stage), reading));
      return [heading(say(stage.title)), text(...stageLines(stage, reading), ...here)];
    }),
  ];
}

/** Ways to take part that belong to no stage. */
function wayBlocks(ways: Opportunity[], reading: Reading): Block[] {
  if (ways.length === 0) return [];
  const lines = ways.map((way) => wayLine(way, reading.phase(way), reading));
  return [heading(reading.phrases('timeline_ways')), text(...lines)];
}

/** A way to take part: in full while it is open, else what it is and when it opens. */
function wayLine(way: Opportunity, stage: Phase, { phrases, say, day, phase }: Reading): string {
  const { title, mode, synchronous, opens, closes, how, where, link } = way;
  const own = phase(way);
  const withMore = (way: string, more: string) => phrases('timeline_way_more', { way, more });
  const name = phrases('timeline_way', { title: say(title), mode, live: synchronous ? 'yes' : 'no' });
  if (stage !== 'open' || own !== 'open')
    return opens === undefined ? name : withMore(name, phrases('timeline_way_from', { day: day(opens) }));
  const until = closes === undefined ? '' : phrases('timeline_way_until', { day: day(closes) });
  const more = [say(how), say(where), until].filter(Boolean).map(sentence);
  return [more.length === 0 ? name : withMore(name, more.join(' ')), link].filter(Boolean).join('\n');
}

const sentence = (words: string): string => (/[.!?…]$/.test(words) ? words : `${words}.`);

/** Why and how are shown while the stage is open. */
function stageLines(stage: Stage, { phrases, say, day, phase }: Reading): string[] {
  const open = phase(stage) === 'open';
  const when = open ? 'timeline_open' : stage.opens === stage.closes ? 'timeline_on' : 'timeline_later';
  const part = (name: 'why' | 'who' | 'how' | 'where') =>
    stage[name] === undefined ? '' : phrases(`timeline_${name}`, { [name]: say(stage[name]) });
  return [
    phrases(when, { from: day(stage.opens), day: day(stage.closes) }),
    say(stage.what),
    ...(open ? [part('why')] : []),
    part('who'),
    ...(open ? [part('how')] : []),
    part('where'),
  ];
}

/** What an event is about is shown while people can still come. */
function eventBlocks(events: Event[], reading: Reading): Block[] {
  if (events.length === 0) return [];
  return [heading(reading.phrases('timeline_events')), ...events.map((event) => text(...eventLines(event, reading)))];
}

function eventLines(event: Event, { phrases, say, day, over }: Reading): string[] {
  const title = say(event.title);
  const date = event.at.slice(0, 10);
  if (event.cancelled) return [phrases('timeline_event_cancelled', { title, day: day(date) })];
  if (over(event)) return [phrases('timeline_event_over', { title, day: day(date) })];
  const mode = event.mode === undefined ? '' : phrases('timeline_mode', { mode: event.mode });
  const place = [say(event.where), mode].filter(Boolean).join(' · ');
  const who = event.who === undefined ? '' : phrases('timeline_who', { who: say(event.who) });
  return [phrases('timeline_event', { title, day: day(event.at) }), place, say(event.what), who, say(event.how)];
}
