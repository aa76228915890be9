import { NO_WORDS } from '../../contributions/parts.ts';
import { voiceLength } from '../../contributions/voice.ts';
import type { Attachment } from '../../core/inbound.ts';
import { format, languageTag, type Values } from '../../core/messageFormat.ts';
import { shorten } from '../../core/split.ts';
import { type Texts, textFor } from '../../core/texts.ts';
import { NO_PREFERENCES } from '../../people/preferences.ts';
import { ELEMENTS } from '../../responses/decision.ts';
import type { KnownValues } from './conditions.ts';
import { fileBeside, filesIn } from './files.ts';
import { wordsIn } from './held.ts';
import { phraseOf, type Run } from './run.ts';
import type { Flow } from './source/schema.ts';
import { picksOf } from './steps/ask.ts';
import type { Answer, World } from './types.ts';

/** System strings by key, in all languages. */
export const labelsIn =
  (run: Run) =>
  (key: string): Texts =>
    run.registry.messages.texts[key] ?? key;

export function asText(answer: Answer | undefined): string | null {
  if (answer === null || answer === undefined) return null;
  const words = [answer].flat().map((each) => (typeof each === 'object' ? (each.name ?? each.kind) : String(each)));
  return words.join(', ');
}

/** An author's text in the person's language. */
export function formatted(run: Run, flow: Flow, texts: Texts, more: Values = {}): string {
  const values = () => ({ ...valuesIn(run, flow), ...more });
  return format(texts, run.person.language, values, run.world.languages);
}

/** What texts may name: answers as people read them (a choice by its label), what they told before, and the process. */
function valuesIn(run: Run, flow: Flow): Values {
  const values: Values = { ...blanksOf(flow).values };
  for (const [name, answer] of Object.entries(answersIn(run)))
    if (answer !== null) values[name] = typeof answer === 'number' ? answer : inWords(run, flow, name, answer);
  return Object.assign(values, toldAgain(run), processValues(run.world, run.person.language));
}

/** As much of it as shows which words are meant. */
const MOST_QUOTED = 300;

/** What somebody has said in several messages that they are asked about together; of one message they know what it was. */
function toldAgain(run: Run): { joined: 'yes' | 'no'; quoted: string } {
  const { text, parts } = run.session ? wordsIn(run.session, 'said') : NO_WORDS;
  const files = filesIn(run.session?.answers.files);
  const messages = new Set([...parts, ...files].map(({ messageId }) => messageId));
  const joined = messages.size > 1 ? 'yes' : 'no';
  if (joined === 'no') return { joined, quoted: '' };
  const named = files.length > 0 ? [filesInWords(run, 'files', files)] : [];
  return { joined, quoted: [...(text === '' ? [] : [shorten(text, MOST_QUOTED)]), ...named].join('\n\n') };
}

/** "photos and a document". Of an album the first file comes alone, and stands for all: nobody is asked again for each. */
function filesInWords(run: Run, name: string, files: readonly Attachment[]): string {
  const inAlbum = run.album || run.session?.album?.answer === name;
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  const each = kinds.map((kind) => {
    const many = inAlbum || files.filter((file) => file.kind === kind).length > 1;
    return phraseOf(run)(`files_${kind}`, { many: many ? 'yes' : 'no', length: voiceLength(files) });
  });
  return new Intl.ListFormat(languageTag(run.person.language), { type: 'conjunction' }).format(each);
}

/** An answer in words: a choice by its label, files by their kinds. */
export const readable = (run: Run, flow: Flow, name: string): string => inWords(run, flow, name, answersIn(run)[name]);

function inWords(run: Run, flow: Flow, name: string, answer: Answer | undefined): string {
  const files = filesIn(answer);
  if (files.length > 0) return filesInWords(run, name, files);
  const asks = flow.steps.filter((step) => 'ask' in step && (step.save ?? step.id) === name);
  const picks = asks.flatMap((step) => ('ask' in step && step.choices ? picksOf(step, run.world, labelsIn(run)) : []));
  const labelOf = (value: Answer | undefined) => {
    // Two questions can fill one answer: the words of the later one count.
    const pick = picks.findLast((candidate) => candidate.value === String(value));
    return pick && textFor(pick.label, run.person.language, run.world.languages);
  };
  if (!Array.isArray(answer)) return labelOf(answer) ?? asText(answer) ?? '';
  return answer.map((value) => labelOf(value as Answer) ?? asText(value)).join(', ');
}

/** What the person has said in this conversation; before that goes what is kept of them. */
export const answersIn = (run: Run): Record<string, Answer> => ({
  ...(run.person.own ?? NO_PREFERENCES),
  ...run.session?.answers,
});

/** What texts may name whatever has been answered. */
export const processValues = ({ process: { name, hearBackBy, draft } }: World, language: string): Values => ({
  process_name: name,
  hear_back_by: hearBackBy ?? '',
  dated: hearBackBy ? 'yes' : 'no',
  draft_day: draft?.day ?? '',
  language,
});

/** What the application may give when it begins a flow. */
export const GIVEN = [
  ...[
    'said',
    'files',
    'forwarded',
    'suggested',
    'unclear',
    'told',
    'unasked',
    'says',
    'alone',
    'idea_words',
    'reference',
    'set_aside',
    'named',
    'in_thread',
    'before',
    'goto',
    'what',
    'you',
    'mark',
    'among',
    'proposer',
  ],
  ...['question_id', 'question_text', 'response_id', 'reply', 'decision'],
  ...ELEMENTS.map((element) => `was_${element}`),
];
const NOT_GIVEN = Object.fromEntries(GIVEN.map((name) => [name, null]));

/** What conditions may name; whatever nobody has answered is null. */
export function knownIn(run: Run, flow: Flow): KnownValues {
  const { language, consented } = run.person;
  return {
    ...blanksOf(flow).known,
    ...NOT_GIVEN,
    ...answersIn(run),
    language,
    consented,
    process_name: run.world.process.name,
    draft: run.world.process.draft?.state ?? 'out',
  };
}

interface Blanks {
  values: Values;
  known: KnownValues;
}
const blanks = new WeakMap<Flow, Blanks>();

/** Every answer of a flow as it is before it is given: made once, since every turn begins with it. */
function blanksOf(flow: Flow): Blanks {
  const made = blanks.get(flow);
  if (made) return made;
  const names = namesIn(flow);
  const values = Object.fromEntries(names.map((name) => [name, '–']));
  const known = Object.fromEntries(names.flatMap((name) => [name, fileBeside(name)]).map((name) => [name, null]));
  blanks.set(flow, { values, known });
  return { values, known };
}

const namesIn = (flow: Flow): string[] =>
  flow.steps.flatMap((step) => ('ask' in step ? [step.save ?? step.id] : 'set' in step ? Object.keys(step.set) : []));
