import { type Phase, phaseOf, spelled } from './calendar.ts';
import type { Block } from './message.ts';
import type { ProcessDefinition } from './process.ts';
import type { Phrases } from './response.ts';
import { type Texts, textFor } from './texts.ts';

type Stage = ProcessDefinition['stages'][number];
type Event = ProcessDefinition['events'][number];

/** One reader at one moment: how the process sounds and where it stands to them. */
interface Reading {
  phrases: Phrases;
  say(texts: Texts | undefined): string;
  day(local: string): string;
  phase(period: { opens?: string; closes?: string }): Phase;
}

/**
 * The timeline as a person reads it in a chat: what is over in a line each, what is open now at length, what comes, and
 * the meetings. Now and the dates are those of the process's time zone. `phrases`: the words between the organizers' own,
 * `timeline_…` of the chat's catalog.
 */
export function timelineBlocks(process: ProcessDefinition, language: string, phrases: Phrases, now: number): Block[] {
  const { timeZone, stages, events, hearBackBy } = process;
  const reading: Reading = {
    phrases,
    say: (texts) => (texts === undefined ? '' : textFor(texts, language, process.languages)),
    day: (local) => spelled(local, { language, timeZone, now }),
    phase: (period) => phaseOf(period, timeZone, now),
  };
  const name = heading(reading.say(process.name));
  if (stages.length + events.length === 0) return [name, text(phrases('timeline_none'))];
  const answers = hearBackBy !== undefined && reading.phase({ closes: hearBackBy }) === 'open';
  return [
    name,
    ...stageBlocks(stages, reading),
    ...eventBlocks(events, reading),
    ...(answers ? [text(phrases('timeline_hear_back', { day: reading.day(hearBackBy) }))] : []),
  ];
}

const heading = (words: string): Block => ({ kind: 'heading', text: words });
const text = (...lines: string[]): Block => ({ kind: 'text', text: lines.filter(Boolean).join('\n') });

function stageBlocks(stages: Stage[], { phrases, say, day, phase }: Reading): Block[] {
  const over = stages.filter((stage) => phase(stage) === 'over');
  const lines = over.map(({ title, closes }) => phrases('timeline_over', { title: say(title), day: day(closes) }));
  const others = stages.filter((stage) => !over.includes(stage));
  return [
    ...(lines.length > 0 ? [text(...lines)] : []),
    ...others.flatMap((stage) => [heading(say(stage.title)), text(...stageLines(stage, { phrases, say, day, phase }))]),
  ];
}

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

/** A meeting is over when its day is: nobody says how long it lasts. */
function eventBlocks(events: Event[], { phrases, say, day, phase }: Reading): Block[] {
  if (events.length === 0) return [];
  const blocks = events.map(({ title, at, where }) => {
    const date = at.slice(0, 10);
    if (phase({ closes: date }) === 'over')
      return text(phrases('timeline_event_over', { title: say(title), day: day(date) }));
    return text(phrases('timeline_event', { title: say(title), day: day(at) }), say(where));
  });
  return [heading(phrases('timeline_events')), ...blocks];
}
