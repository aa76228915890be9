import type { Texts } from '../../domain/texts.ts';
import { conditionProblem } from '../conditions.ts';
import { textProblem } from '../messages.ts';
import type { Problem, Source } from './load.ts';
import type { Flow, Step } from './schema.ts';

/** The tightest of the platforms: Slack's button text, and what stays readable on a small screen; Telegram's message. */
const LIMITS = { label: 75, comfortableLabel: 40, text: 4096, choices: 100 };

/** Graph, references, translations and platform limits of flows whose shape is right. */
export function checkFlows(sources: readonly Source[]): Problem[] {
  const flows = new Map(sources.map((source) => [source.flow.flow, source.flow]));
  return sources.flatMap((source) => [
    ...duplicates(source),
    ...source.flow.steps.flatMap((step) => [...references(source, step, flows), ...words(source, step)]),
    ...unreachable(source),
    ...loops(source),
  ]);
}

const at = (
  source: Source,
  step: string,
  message: string,
  remedy: string,
  severity: Problem['severity'] = 'error',
): Problem => ({
  file: source.file,
  line: source.lineOf(step),
  severity,
  message: `Step "${step}": ${message}`,
  remedy,
});

function duplicates(source: Source): Problem[] {
  const seen = new Set<string>();
  return source.flow.steps.flatMap(({ id }) => {
    const twice = seen.has(id);
    seen.add(id);
    return twice ? [at(source, id, 'there are two steps with this id.', 'Give one of them another id.')] : [];
  });
}

/** Where a step may lead within its flow; `null` is the end. */
export function exits(flow: Flow, step: Step): (string | null)[] {
  const index = flow.steps.indexOf(step);
  const next = step.next ?? flow.steps[index + 1]?.id ?? null;
  if ('end' in step) return [null];
  if ('jump' in step) return typeof step.jump === 'string' ? [step.jump] : [null];
  if ('branch' in step) return [...step.branch.map((arm) => arm.goto), step.otherwise ?? next];
  if (!('ask' in step)) return [next];
  const own = Array.isArray(step.choices) ? step.choices.map((option) => option.next) : [undefined];
  const always = own.every((target) => target !== undefined) && !step.skip ? [] : [next];
  return [...own, step.otherwise, step.declined, step.timeout?.goto]
    .filter((id) => id !== undefined)
    .concat(always as string[]);
}

function references(source: Source, step: Step, flows: ReadonlyMap<string, Flow>): Problem[] {
  const ids = new Set(source.flow.steps.map((other) => other.id));
  const missing = exits(source.flow, step).filter((id) => id !== null && !ids.has(id));
  const problems = missing.map((id) =>
    at(source, step.id, `it leads to "${id}", and there is no such step.`, 'Correct the id or add the step.'),
  );
  const called = 'call' in step ? step.call : 'jump' in step && typeof step.jump === 'object' ? step.jump.flow : null;
  if (called !== null && !flows.has(called))
    problems.push(at(source, step.id, `there is no flow "${called}".`, 'Correct the name or add the flow.'));
  for (const condition of conditions(step)) {
    const wrong = conditionProblem(condition);
    if (wrong)
      problems.push(
        at(
          source,
          step.id,
          `the condition \`${condition}\` is not CEL: ${wrong}.`,
          'Correct it, for example: theme == "health".',
        ),
      );
  }
  if ('ask' in step && ['choice', 'choices'].includes(step.ask) && !step.choices)
    problems.push(at(source, step.id, 'a choice without choices.', 'Add `choices`: themes, or a list.'));
  return problems;
}

function conditions(step: Step): string[] {
  if ('branch' in step) return step.branch.map((arm) => arm.when);
  if ('set' in step) return Object.values(step.set);
  return 'ask' in step && step.check?.where ? [step.check.where] : [];
}

function words(source: Source, step: Step): Problem[] {
  const problems: Problem[] = [];
  for (const [what, texts, limit] of textsOf(step)) {
    const list = typeof texts === 'string' ? [texts] : Object.values(texts);
    for (const text of list) {
      const wrong = textProblem(text);
      if (wrong)
        problems.push(
          at(source, step.id, `${what} is no message format: ${wrong}.`, "Write '{' for a brace that is meant as one."),
        );
      if (text.length > limit)
        problems.push(at(source, step.id, `${what} has ${text.length} characters, ${limit} fit.`, 'Shorten it.'));
      else if (limit === LIMITS.label && text.length > LIMITS.comfortableLabel)
        problems.push(
          at(
            source,
            step.id,
            `${what} is long for a small screen.`,
            `Keep to ${LIMITS.comfortableLabel} characters.`,
            'warning',
          ),
        );
    }
    if (typeof texts === 'string') continue;
    const lacking = source.flow.languages.filter((language) => !Object.hasOwn(texts, language));
    if (lacking.length > 0)
      problems.push(
        at(
          source,
          step.id,
          `${what} is missing in ${lacking.join(', ')}.`,
          'Add the translation, or take the language off the flow.',
        ),
      );
  }
  return problems;
}

function textsOf(step: Step): [string, Texts, number][] {
  if ('say' in step) return [['say', step.say, LIMITS.text]];
  if ('contribute' in step) return step.receipt ? [['receipt', step.receipt, LIMITS.text]] : [];
  if (!('ask' in step)) return [];
  const labels = Array.isArray(step.choices) ? step.choices : [];
  return [
    ['text', step.text, LIMITS.text],
    ...(step.check?.message ? ([['check.message', step.check.message, LIMITS.text]] as [string, Texts, number][]) : []),
    ...labels.map((option): [string, Texts, number] => [`the label of "${option.value}"`, option.label, LIMITS.label]),
  ];
}

function unreachable(source: Source): Problem[] {
  const reached = reach(source.flow, source.flow.steps[0], () => true);
  return source.flow.steps
    .filter((step) => !reached.has(step.id))
    .map((step) => at(source, step.id, 'no step leads here.', 'Lead to it with `next` or `goto`, or delete it.'));
}

/** Steps that come back to themselves without a question in between would run for ever. */
function loops(source: Source): Problem[] {
  const waits = (step: Step) => 'ask' in step;
  return source.flow.steps
    .filter((step) => !waits(step) && !conditions(step).length)
    .filter((step) =>
      exits(source.flow, step).some(
        (id) => id !== null && reach(source.flow, find(source.flow, id), (other) => !waits(other)).has(step.id),
      ),
    )
    .map((step) =>
      at(
        source,
        step.id,
        'it comes back to itself without waiting for an answer.',
        'Put a question into the loop, or lead out of it.',
      ),
    );
}

const find = (flow: Flow, id: string): Step | undefined => flow.steps.find((step) => step.id === id);

function reach(flow: Flow, from: Step | undefined, through: (step: Step) => boolean): Set<string> {
  const reached = new Set<string>();
  const open = from ? [from] : [];
  for (let step = open.pop(); step; step = open.pop()) {
    if (reached.has(step.id)) continue;
    reached.add(step.id);
    if (!through(step)) continue;
    for (const id of exits(flow, step)) {
      const next = id === null ? undefined : find(flow, id);
      if (next) open.push(next);
    }
  }
  return reached;
}
