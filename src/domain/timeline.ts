import type { Block } from './message.ts';
import type { ProcessDefinition } from './process.ts';
import { textFor } from './texts.ts';

const WORDS = {
  en: {
    none: 'The dates are not fixed yet. You will be told here.',
    where: 'Where',
    who: 'Who',
    what: 'What',
    events: 'Meetings',
  },
  es: {
    none: 'Las fechas aún no están fijadas. Se le avisará aquí.',
    where: 'Dónde',
    who: 'Quién',
    what: 'Qué',
    events: 'Reuniones',
  },
  fr: {
    none: 'Les dates ne sont pas encore fixées. Vous serez informé ici.',
    where: 'Où',
    who: 'Qui',
    what: 'Quoi',
    events: 'Réunions',
  },
};

/** The timeline as a person reads it in a chat: a heading a stage, what happens, and the meetings. */
export function timelineBlocks(process: ProcessDefinition, language: string): Block[] {
  const words = WORDS[language as keyof typeof WORDS] ?? WORDS.en;
  const say = (texts: Parameters<typeof textFor>[0] | undefined) =>
    texts === undefined ? '' : textFor(texts, language, process.languages);
  const blocks: Block[] = [{ kind: 'heading', text: say(process.name) }];
  if (process.stages.length + process.events.length === 0) return [...blocks, { kind: 'text', text: words.none }];
  for (const stage of process.stages) {
    const lines = [`${day(stage.opens, language)} – ${day(stage.closes, language)}`];
    if (stage.what) lines.push(say(stage.what));
    if (stage.who) lines.push(`${words.who}: ${say(stage.who)}`);
    if (stage.where) lines.push(`${words.where}: ${say(stage.where)}`);
    blocks.push({ kind: 'heading', text: say(stage.title) }, { kind: 'text', text: lines.join('\n') });
  }
  if (process.events.length > 0) blocks.push({ kind: 'heading', text: words.events });
  for (const event of process.events)
    blocks.push({
      kind: 'text',
      text: [`${say(event.title)}: ${day(event.at, language)}`, say(event.where)].filter(Boolean).join('\n'),
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
