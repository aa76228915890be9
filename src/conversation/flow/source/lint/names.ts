import { meant } from '../../../../core/didYouMean.ts';
import type { Problem } from '../../../../core/problem.ts';
import type { Path } from '../../../../core/yaml.ts';
import { NO_PREFERENCES } from '../../../../people/preferences.ts';
import { conditionProblem } from '../../conditions.ts';
import { GIVEN } from '../../values.ts';
import type { SourcePlace } from '../place.ts';
import type { Contribute, Flow, Step, ThreadStep } from '../schema.ts';
import { elsewhere } from '../ways.ts';
import { conditionsOf, wordsIn } from './references.ts';
import { answerOf, savedIn } from './texts.ts';

/** What is there before a flow asks anything. */
const THERE = [...GIVEN, ...Object.keys(NO_PREFERENCES)];
/** What `src/conversation/flow/values.ts` adds to the answers. */
const IN_TEXTS = ['process_name', 'hear_back_by', 'dated', 'draft_day', 'language', 'joined', 'quoted', 'voice'];
const IN_CONDITIONS = ['process_name', 'draft', 'language', 'consented'];

/** Names that texts and conditions of each flow may use: what its steps save, and the flows it has to do with. */
export interface Names {
  answers: ReadonlySet<string>;
  inTexts: ReadonlySet<string>;
}

export function namesFor(flows: ReadonlyMap<string, Flow>): (flow: string) => Names {
  const known = new Map<string, Names>();
  return (flow) => {
    const found = known.get(flow) ?? namesOf(flow, flows);
    known.set(flow, found);
    return found;
  };
}

function namesOf(id: string, flows: ReadonlyMap<string, Flow>): Names {
  const before = [...ranBefore(id, flows)].flatMap((other) => flows.get(other) ?? []);
  const answers = new Set([...before.flatMap(savedIn), ...THERE]);
  return { answers, inTexts: new Set([...answers, ...IN_TEXTS]) };
}

/** The flows whose answers may be there: those that lead to this one, and all that one of them, or this one, calls. */
function ranBefore(id: string, flows: ReadonlyMap<string, Flow>): Set<string> {
  const leads = [...flows.values()].flatMap(({ flow, steps }) =>
    steps.flatMap((step) => {
      const other = elsewhere(step);
      return other ? [{ from: flow, to: other.flow, comesBack: other.comesBack }] : [];
    }),
  );
  const before = spread([id], (flow) => leads.filter(({ to }) => to === flow).map(({ from }) => from));
  const called = leads.filter(({ from, comesBack }) => comesBack && before.has(from)).map(({ to }) => to);
  const within = spread(called, (flow) => leads.filter(({ from }) => from === flow).map(({ to }) => to));
  return new Set([...before, ...within]);
}

function spread(from: readonly string[], onwards: (flow: string) => string[]): Set<string> {
  const found = new Set(from);
  for (const flow of found) for (const other of onwards(flow)) found.add(other);
  return found;
}

/** Conditions and steps that use an answer use one that somebody gives. */
export function nameProblems(place: SourcePlace, { answers }: Names): Problem[] {
  return [...taken(place), ...inConditions(place, answers), ...inFields(place, answers)];
}

/** What a step saves under a name of the engine's own is not seen again. */
function taken({ step, report }: SourcePlace): Problem[] {
  const own = new Set([...IN_TEXTS, ...IN_CONDITIONS]);
  const saved: [Path, string][] =
    'set' in step ? Object.keys(step.set).map((name) => [['set', name], name]) : 'ask' in step ? [saveOf(step)] : [];
  return saved
    .filter(([, name]) => own.has(name))
    .map(([path, name]) =>
      report(path, `"${name}" is a name of Hearback's own, so this answer is not seen.`, 'Save it under another name.'),
    );
}

const saveOf = (step: Extract<Step, { ask: unknown }>): [Path, string] => [
  [step.save === undefined ? 'id' : 'save'],
  answerOf(step),
];

function inConditions({ step, report }: SourcePlace, answers: ReadonlySet<string>): Problem[] {
  return conditionsOf(step)
    .filter(({ source }) => conditionProblem(source) === null)
    .flatMap(({ path, source, more }) => {
      const names = new Set([...answers, ...IN_CONDITIONS, ...more]);
      const { unknown, wrong } = faults(source, names);
      return [
        ...unknown.map((name) =>
          report(path, `the condition \`${source}\` names "${name}", which no step saves.`, meant(name, names)),
        ),
        ...(wrong
          ? [report(path, `the condition \`${source}\` cannot hold: ${wrong}.`, 'Compare like with like.')]
          : []),
      ];
    });
}

const UNKNOWN = /^Unknown variable: (\S+)$/;

/** CEL names one unknown name at a time. */
function faults(source: string, names: ReadonlySet<string>): { unknown: string[]; wrong: string | null } {
  const used = wordsIn(source).filter((word) => names.has(word));
  const unknown: string[] = [];
  for (;;) {
    const wrong = conditionProblem(source, [...used, ...unknown]);
    const name = UNKNOWN.exec(wrong ?? '')?.[1];
    if (name === undefined || unknown.includes(name)) return { unknown, wrong };
    unknown.push(name);
  }
}

function inFields({ step, report }: SourcePlace, answers: ReadonlySet<string>): Problem[] {
  return fieldsOf(step)
    .filter(({ name }) => !answers.has(name))
    .map(({ path, name }) =>
      report(path, `\`${path[0]}\` names "${name}", which no step saves.`, meant(name, answers)),
    );
}

const LISTS = ['textOf', 'fields', 'attachments'] as const;
const SINGLE = ['theme', 'question', 'attribution', 'attributionName'] as const;

/** The answers that a step takes up by their names. */
function fieldsOf(step: Step): { path: Path; name: string }[] {
  if ('edit' in step)
    return [
      { path: ['edit'], name: step.edit },
      { path: ['text'], name: step.text },
      ...named(step.attachments, 'attachments'),
    ];
  if ('withdraw' in step) return [{ path: ['withdraw'], name: step.withdraw }];
  if ('erase' in step) return [{ path: ['erase'], name: step.erase }];
  if ('accept' in step) return [{ path: ['accept'], name: step.accept }];
  if ('act' in step) return [...named(step.with, 'with'), ...named(step.attachments, 'attachments')];
  if ('thread' in step) return threadFields(step);
  if ('amend' in step) return [{ path: ['amend'], name: step.amend }, ...namedIn(step)];
  return 'contribute' in step ? namedIn(step) : [];
}

function namedIn(
  step: Partial<Pick<Contribute, (typeof SINGLE | typeof LISTS)[number]>>,
): { path: Path; name: string }[] {
  const one = SINGLE.map((key) => ({ path: [key], name: step[key] }));
  const many = LISTS.flatMap((key) => (step[key] ?? []).map((name, at) => ({ path: [key, at], name })));
  return [...one, ...many].flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]));
}

const named = (names: readonly string[] = [], key: string): { path: Path; name: string }[] =>
  names.map((name, at) => ({ path: [key, at], name }));

const threadFields = ({ thread, about, textOf, attachments = [] }: ThreadStep): { path: Path; name: string }[] => [
  { path: ['thread'], name: thread },
  ...(about === undefined ? [] : [{ path: ['about'], name: about }]),
  ...textOf.map((name, at) => ({ path: ['textOf', at], name })),
  ...attachments.map((name, at) => ({ path: ['attachments', at], name })),
];
