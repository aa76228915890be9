import { textFor } from '../../core/texts.ts';
import type { Flow, Step } from './source/schema.ts';
import { type Cause, elsewhere, waysOf } from './source/ways.ts';

/** The flow as a Mermaid flowchart: questions are rounded, branches are diamonds, other flows stand apart. */
export function mermaid(flow: Flow, language = flow.languages[0] ?? 'en'): string {
  const words = (texts: Parameters<typeof textFor>[0]) => textFor(texts, language, flow.languages);
  const others = new Map<string, string>();
  const nodes = flow.steps.map((step, at) => `  ${nodeOf(at)}${shape(step, words)}`);
  const arrows = flow.steps.flatMap((step, at) => [
    ...leaving(step, others).map((target) => `  ${nodeOf(at)} --> ${target}`),
    ...onwards(flow, at, words),
  ]);
  const apart = [...others].map(([title, name]) => `  ${name}>${quoted([title])}]`);
  const end = arrows.some((arrow) => arrow.endsWith(` ${END}`)) ? [`  ${END}((${quoted(['end'])}))`] : [];
  return [
    `%% ${flow.flow}, version ${flow.version}`,
    'flowchart TD',
    ...nodes,
    ...apart,
    ...end,
    ...new Set(arrows),
    '',
  ].join('\n');
}

const END = 'finish';
/** Numbered: an id such as `end` or `style` is a word of Mermaid's own. */
const nodeOf = (at: number): string => `s${at + 1}`;

type Words = (texts: Parameters<typeof textFor>[0]) => string;

function shape(step: Step, words: Words): string {
  if ('ask' in step) return `([${quoted([`${step.id}: ${step.ask}`, shortened(words(step.text))])}])`;
  if ('branch' in step) return `{${quoted([step.id])}}`;
  if ('call' in step) return `[[${quoted([step.id, step.call])}]]`;
  if ('say' in step) return `[${quoted([step.id, shortened(words(step.say))])}]`;
  if ('show' in step) return `[${quoted([step.id, `shows ${step.show}`])}]`;
  if ('keep' in step) return `[/${quoted([step.id, `keeps ${Object.keys(step.keep).join(', ')}`])}/]`;
  if ('contribute' in step) return `[/${quoted([step.id, `contributes ${step.contribute}`])}/]`;
  if ('thread' in step) return `[/${quoted([step.id, 'begins a thread'])}/]`;
  if ('act' in step) return `[/${quoted([step.id, step.act])}/]`;
  if ('amend' in step) return `[/${quoted([step.id, `adds to ${step.amend}`])}/]`;
  if ('set' in step) return `[${quoted([step.id, ...Object.entries(step.set).map((pair) => pair.join(' = '))])}]`;
  return `[${quoted([step.id])}]`;
}

/** A jump to another flow, which gets a node of its own. */
function leaving(step: Step, others: Map<string, string>): string[] {
  const other = elsewhere(step);
  if (!other || other.comesBack) return [];
  const title = other.step === undefined ? other.flow : `${other.flow}: ${other.step}`;
  const name = others.get(title) ?? `f${others.size + 1}`;
  others.set(title, name);
  return [name];
}

/** One arrow for all the ways to one step; a single way that always goes needs no words. */
function onwards(flow: Flow, at: number, words: Words): string[] {
  const ways = waysOf(flow, at);
  const targets = [...new Set(ways.map(({ to }) => to))];
  return targets.map((to) => {
    const causes = ways.filter((way) => way.to === to).map(({ cause }) => inWords(cause, words));
    const label = targets.length === 1 ? '' : `|${quoted([...new Set(causes)].filter(Boolean))}|`;
    return `  ${nodeOf(at)} -->${label} ${target(flow, to)}`;
  });
}

function target(flow: Flow, to: string | null): string {
  const at = flow.steps.findIndex((step) => step.id === to);
  return at < 0 ? END : nodeOf(at);
}

function inWords(cause: Cause, words: Words): string {
  switch (cause.kind) {
    case 'next':
      return '';
    case 'choice':
      return words(cause.label);
    case 'condition':
      return cause.when;
    case 'timeout':
      return `no answer for ${cause.after}`;
    default:
      return cause.kind;
  }
}

const MOST_SHOWN = 60;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= MOST_SHOWN ? line : `${letters.slice(0, MOST_SHOWN - 1).join('')}…`;
}

/** Lines of a label; whatever Mermaid or a page could read as markup is written as a character's number. */
const quoted = (lines: readonly string[]): string => `"${lines.map(escaped).join('<br/>')}"`;

const escaped = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/["#&<>`|[\](){}]/g, (letter) => `#${letter.codePointAt(0)};`);
