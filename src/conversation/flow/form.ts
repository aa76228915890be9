import { plainText } from '../../core/message.ts';
import { format } from '../../core/messageFormat.ts';
import type { FormField } from '../../core/surfaces.ts';
import { textFor } from '../../core/texts.ts';
import { takeTurn } from './engine.ts';
import type { Event } from './events.ts';
import type { FlowRegistry } from './flowRegistry.ts';
import type { Ask, Flow, Step } from './source/schema.ts';
import { MOST_TEXT, picksOf } from './steps/ask.ts';
import type { Person, Session, World } from './types.ts';
import { processValues } from './values.ts';

/** What can be typed into a field, or picked from a list; files and several choices are asked for in the chat. */
const TYPED = new Set<Ask['ask']>(['text', 'place', 'number', 'date']);
const PICKED = new Set<Ask['ask']>(['choice', 'yesno', 'rating']);
/** A text that may be longer is given several lines. */
const A_LINE = 300;

/** The questions of a flow as one form: those whose answers become part of its contribution, each as it is asked first. */
export function formFields(registry: FlowRegistry, id: string, language: string, world: World): FormField[] {
  const flow = registry.get(id);
  if (!flow) return [];
  const asks = formAsks(flow);
  return asks.flatMap((step): FormField[] => {
    const picks = picksOf(step, world, (key) => registry.messages.texts[key] ?? key);
    if (PICKED.has(step.ask) && picks.length === 0) return [];
    const text = format(step.text, language, processValues(world, language), world.languages);
    return [{ ...fieldOf(flow, step), ...parted(step, text, language), input: inputOf(step, picks, language, world) }];
  });
}

function formAsks(flow: Flow): Ask[] {
  const kept = new Set(flow.steps.flatMap(answersKept));
  const asks = flow.steps.filter(
    (step): step is Ask => 'ask' in step && (TYPED.has(step.ask) || PICKED.has(step.ask)) && kept.has(nameOf(step)),
  );
  return asks.filter((step, at) => asks.findIndex((other) => nameOf(other) === nameOf(step)) === at);
}

const nameOf = (step: Ask): string => step.save ?? step.id;

function answersKept(step: Step): string[] {
  if (!('contribute' in step)) return [];
  const { text = '', textOf = [], fields = [], theme, question, attribution, attributionName } = step;
  const named = [...text.matchAll(/\{\s*(\w+)/g)].map(([, name]) => name);
  const all = [...named, ...textOf, ...fields, theme, question, attribution, attributionName];
  return all.filter((name) => name !== undefined);
}

/** What comes after a branch may not be asked at all. */
function fieldOf(flow: Flow, step: Ask): Pick<FormField, 'name' | 'optional' | 'most'> {
  const branched = flow.steps.slice(0, flow.steps.indexOf(step)).some((before) => 'branch' in before);
  const most = step.check?.max;
  return {
    name: nameOf(step),
    optional: step.skip === true || branched,
    most: step.ask === 'text' && typeof most === 'number' ? most : null,
  };
}

/** The first sentence asks, the others help; where files may be sent they speak of the chat. */
function parted(step: Ask, text: string, language: string): { label: string; hint: string | null } {
  const sentences = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text.trim());
  const [{ segment: first } = { segment: text }] = sentences;
  const rest = text.trim().slice(first.length).trim();
  return { label: first.trim(), hint: rest === '' || step.media ? null : rest };
}

function inputOf(step: Ask, picks: ReturnType<typeof picksOf>, language: string, world: World): FormField['input'] {
  if (PICKED.has(step.ask))
    return picks.map(({ value, label }) => ({ value, label: textFor(label, language, world.languages) }));
  const most = step.check?.max;
  const short = step.ask !== 'text' || (typeof most === 'number' && most <= A_LINE);
  return short ? 'line' : 'lines';
}

/**
 * What stands against the fields, by their names: against each that is too long; else what the flow would say to the first
 * that it cannot take or that is missing. Null when it would go on to something which the form does not ask.
 */
export function formObjections(
  registry: FlowRegistry,
  id: string,
  fields: Record<string, string>,
  language: string,
  world: World,
): Record<string, string> | null {
  const long = Object.entries(fields).filter(([, given]) => given.length > MOST_TEXT);
  const words = format(registry.messages.texts.wrong_too_long ?? '', language, { max: MOST_TEXT }, world.languages);
  if (long.length > 0) return Object.fromEntries(long.map(([name]) => [name, words]));
  const first = firstObjection(registry, id, fields, language, world);
  return first && { [first.name]: first.words };
}

function firstObjection(
  registry: FlowRegistry,
  id: string,
  fields: Record<string, string>,
  language: string,
  world: World,
): { name: string; words: string } | null {
  const person: Person = { language, consented: true, status: 'active' };
  const { session, events } = takeTurn(registry, null, person, { kind: 'form', form: id, fields }, world);
  const field = formFields(registry, id, language, world).find(
    ({ name }) => name === fieldAsked(registry, id, session),
  );
  if (!field) return null;
  const given = fields[field.name]?.trim() ?? '';
  if (given === '') return { name: field.name, words: lastSaid(events) };
  // A list that has changed meanwhile: the chat asks with the new one.
  if (Array.isArray(field.input)) return null;
  const corrected = takeTurn(registry, session, person, { kind: 'text', text: given }, world);
  return { name: field.name, words: lastSaid(corrected.events) };
}

/** The field that the open question belongs to; null when the form does not ask it, or it is asked once more. */
function fieldAsked(registry: FlowRegistry, id: string, session: Session | null): string | null {
  const flow = registry.get(id);
  const frame = session?.open ? session.stack.at(-1) : undefined;
  const step = flow && frame?.flow === id && formAsks(flow).find((each) => each.id === frame.step);
  return step ? nameOf(step) : null;
}

const lastSaid = (events: readonly Event[]): string =>
  events.reduce((words, event) => (event.kind === 'said' ? plainText(event.message) : words), '');
