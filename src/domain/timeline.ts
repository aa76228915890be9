import type { Block } from './message.ts';
import type { ProcessDefinition } from './process.ts';
import type { Phrases } from './response.ts';
import { textFor } from './texts.ts';

/**
 * The timeline as a person reads it in a chat: a heading a stage, what happens, and the meetings. `phrases`: the words
 * between the organizer's own, `timeline_…` of the chat's catalog.
 */
export function timelineBlocks(process: ProcessDefinition, language: string, phrases: Phrases): Block[] {
  const say = (texts: Parameters<typeof textFor>[0] | undefined) =>
    texts === undefined ? '' : textFor(texts, language, process.languages);
  const blocks: Block[] = [{ kind: 'heading', text: say(process.name) }];
  if (process.stages.length + process.events.length === 0)
    return [...blocks, { kind: 'text', text: phrases('timeline_none') }];
  for (const stage of process.stages) {
    const lines = [`${day(stage.opens, language)} – ${day(stage.closes, language)}`];
    if (stage.what) lines.push(say(stage.what));
    if (stage.who) lines.push(phrases('timeline_who', { who: say(stage.who) }));
    if (stage.where) lines.push(phrases('timeline_where', { where: say(stage.where) }));
    blocks.push({ kind: 'heading', text: say(stage.title) }, { kind: 'text', text: lines.join('\n') });
  }
  if (process.events.length > 0) blocks.push({ kind: 'heading', text: phrases('timeline_events') });
  for (const event of process.events)
    blocks.push({
      kind: 'text',
      text: [phrases('timeline_event', { title: say(event.title), day: day(event.at, language) }), say(event.where)]
        .filter(Boolean)
        .join('\n'),
    });
  return blocks;
}

/** Local dates and times are read as they are written: the process's own clock, not the server's. */
function day(local: string, language: string): string {
  const timed = local.includes('T');
  const date = new Date(timed ? `${local}:00Z` : `${local}T00:00:00Z`);
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    ...(timed && { timeStyle: 'short' }),
    timeZone: 'UTC',
  }).format(date);
}
