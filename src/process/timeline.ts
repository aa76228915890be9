import { overAt, type Period, type Phase, phaseOf, spelled } from '../core/calendar.ts';
import type { Block } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { type Texts, textFor } from '../core/texts.ts';
import type { ProcessDefinition } from './process.ts';

type Stage = ProcessDefinition['stages'][number];
type Event = ProcessDefinition['events'][number];
type Opportunity = NonNullable<ProcessDefinition['opportunities']>[number];

/** One reader at one moment: how the process sounds and where it stands to them. */
interface Reading {
  phrases: Phrases;
  say(texts: Texts | undefined): string;
  day(local: string): string;
  phase(period: Period): Phase;
  /** Whether an event is over. */
  over(event: Event): boolean;
}

/**
 * The timeline as a person reads it in a chat: what is over in a line each, what is open now at length, what comes, and
 * the events. Now and the dates are those of the process's time zone. `phrases`: the words between the organizers' own,
 * `timeline_…` of the chat's catalog.
 */
export function timelineBlocks(process: ProcessDefinition, language: string, phrases: Phrases, now: number): Block[] {
  const { timeZone, stages, events, opportunities = [], hearBackBy } = process;
  const reading: Reading = {
    phrases,
    say: (texts) => (texts === undefined ? '' : textFor(texts, language, process.languages)),
    day: (local) => spelled(local, { language, timeZone, now }),
    phase: (period) => phaseOf(period, timeZone, now),
    over: (event) => now >= overAt(event, timeZone),
  };
  const ways = opportunities.filter((way) => reading.phase(way) !== 'over');

  const name = heading(reading.say(process.name));
  if (stages.length + events.length + opportunities.length === 0) return [name, text(phrases('timeline_none'))];
  const answers = hearBackBy !== undefined && reading.phase({ closes: hearBackBy }) === 'open';
  return [
    name,
    ...stageBlocks(stages, ways, reading),
    ...wayBlocks(
      ways.filter(({ stage }) => stage === undefined),
      reading,
    ),
    ...eventBlocks(events, reading),
    ...(answers ? [text(phrases('timeline_hear_back', { day: reading.day(hearBackBy) }))] : []),
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

/** Those that belong to no stage. */
function wayBlocks(ways: Opportunity[], reading: Reading): Block[] {
  if (ways.length === 0) return [];
  const lines = ways.map((way) => wayLine(way, reading.phase(way), reading));
  return [heading(reading.phrases('timeline_ways')), text(...lines)];
}

/** A way to take part: in full while it is open, else what it is and from when on. */
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

/** Why and how it is done is said while it can be done. */
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

/** What an event is about is said while people can still come. */
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
