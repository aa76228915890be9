import { meant } from '../../../../core/didYouMean.ts';
import type { Problem } from '../../../../core/problem.ts';
import type { Path } from '../../../../core/yaml.ts';
import { conditionProblem } from '../../conditions.ts';
import { placesOf, reportIn, type Source, type SourcePlace } from '../place.ts';
import type { Flow, Step } from '../schema.ts';
import { elsewhere, targetsOf } from '../ways.ts';

/** Whatever names a step or a flow names one that there is; conditions can be read. */
export function referenceProblems(
  sources: readonly Source[],
  flows: ReadonlyMap<string, Flow>,
  /** Flows whose files could not be read. */
  unread: ReadonlySet<string>,
): Problem[] {
  return sources.flatMap((source) => {
    const ids = new Set(source.flow.steps.map((step) => step.id));
    return [
      ...sameFlow(source, flows),
      ...sameStep(source),
      ...placesOf(source).flatMap((place) => [
        ...steps(place, ids),
        ...otherFlow(place, flows, unread),
        ...unreadable(place),
      ]),
    ];
  });
}

function sameFlow(source: Source, flows: ReadonlyMap<string, Flow>): Problem[] {
  const { flow } = source.flow;
  return flows.get(flow) === source.flow
    ? []
    : [
        reportIn(source)(
          ['flow'],
          `There is another flow "${flow}" in another file.`,
          'Give one of them another name.',
        ),
      ];
}

function sameStep(source: Source): Problem[] {
  const seen = new Set<string>();
  return placesOf(source).flatMap(({ step: { id }, report }) => {
    const twice = seen.has(id);
    seen.add(id);
    return twice ? [report([], 'there are two steps with this id.', 'Give one of them another id.')] : [];
  });
}

function steps({ step, report }: SourcePlace, ids: ReadonlySet<string>): Problem[] {
  return targetsOf(step)
    .filter(({ id }) => !ids.has(id))
    .map(({ path, id }) => report(path, `it leads to "${id}", and there is no such step.`, meant(id, ids)));
}

function otherFlow(
  { step, report }: SourcePlace,
  flows: ReadonlyMap<string, Flow>,
  unread: ReadonlySet<string>,
): Problem[] {
  const other = elsewhere(step);
  if (!other || unread.has(other.flow)) return [];
  const path: Path = other.comesBack ? ['call'] : ['jump', 'flow'];
  const flow = flows.get(other.flow);
  if (!flow) return [report(path, `there is no flow "${other.flow}".`, meant(other.flow, flows.keys()))];
  const ids = flow.steps.map(({ id }) => id);
  if (other.step === undefined || ids.includes(other.step)) return [];
  const message = `it leads to "${other.step}" of "${other.flow}", and there is no such step.`;
  return [report(['jump', 'step'], message, meant(other.step, ids))];
}

/** The conditions of a step, and the names that are known in this one alone. */
export function conditionsOf(step: Step): { path: Path; source: string; more: string[] }[] {
  if ('branch' in step)
    return step.branch.map((arm, at) => ({ path: ['branch', at, 'when'], source: arm.when, more: [] }));
  if ('set' in step)
    return Object.entries(step.set).map(([name, source]) => ({ path: ['set', name], source, more: [] }));
  if ('keep' in step)
    return Object.entries(step.keep).flatMap(([field, source]) =>
      source === undefined ? [] : [{ path: ['keep', field], source, more: [] }],
    );
  const where = 'ask' in step ? step.check?.where : undefined;
  return where === undefined ? [] : [{ path: ['check', 'where'], source: where, more: ['value'] }];
}

function unreadable({ step, report }: SourcePlace): Problem[] {
  return conditionsOf(step).flatMap(({ path, source }) => {
    const wrong = conditionProblem(source);
    const remedy = 'Correct it, for example: theme == "health".';
    return wrong ? [report(path, `the condition \`${source}\` is not CEL: ${wrong}.`, remedy)] : [];
  });
}

/** Every name in a condition, and some other words. */
export const wordsIn = (condition: string): string[] => condition.match(/[a-z_]\w*/gi) ?? [];
