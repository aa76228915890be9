import type { Problem, Severity } from '../../../../core/problem.ts';
import { placesOf, type Source, type SourcePlace } from '../place.ts';
import type { Step } from '../schema.ts';
import { mayBeEmpty } from '../ways.ts';
import { cycles, roundTrip } from './cycles.ts';
import { type Arrow, END, type Graph, graphOf, passing, reachable, type Successors, stepwise } from './graph.ts';
import { wordsIn } from './references.ts';

/** Unreachable steps, loops without a wait, and conversations that can never be over. */
export function graphProblems(sources: readonly Source[]): Problem[] {
  const graph = graphOf(sources.map(placesOf));
  const loops = silentLoops(graph);
  return [
    ...unreachable(graph),
    ...loops.problems,
    ...naggings(graph, loops.nodes),
    ...deadEnds(graph),
    ...towers(graph, loops.nodes),
  ];
}

/** Within its own flow: what is called or jumped to has an entry of its own. */
function unreachable(graph: Graph): Problem[] {
  const onwards: Successors = (node) => {
    const call = graph.calls.get(node);
    return call ? [call.back] : (graph.arrows[node] ?? []).map(({ to }) => to);
  };
  const reached = reachable(graph.entries, onwards);
  return graph.places
    .filter((_, node) => !reached.has(node))
    .map(({ report }) => report([], 'no step leads here.', 'Lead to it with `next` or `goto`, or delete it.'));
}

const isSilent = (arrow: Arrow): boolean => arrow.silent;
const allOf = (graph: Graph): number[] => graph.places.map((_, node) => node);

/** Without a question no answer changes: only `set` and `keep` may lead out of the loop, and only what the process lists makes its question wait. */
function silentLoops(graph: Graph): { problems: Problem[]; nodes: ReadonlySet<number> } {
  const onwards = stepwise(graph, isSilent);
  const groups = cycles(allOf(graph), onwards);
  const problems = groups.flatMap((group) => {
    const changing = changers(graph, group);
    const doubtful = new Set([...changing, ...group.filter((node) => asksForListed(graph, node))]);
    const certain = cycles(
      group.filter((node) => !doubtful.has(node)),
      onwards,
    );
    if (certain.length > 0) return certain.map((loop) => loopProblem(graph, loop, onwards, '.', 'error'));
    const until = changing.length > 0 ? ', until a `set` changes the way.' : ', in a process without themes.';
    return [loopProblem(graph, group, onwards, until, 'warning')];
  });
  return { problems, nodes: new Set(groups.flat()) };
}

function loopProblem(graph: Graph, loop: number[], onwards: Successors, until: string, severity: Severity): Problem {
  const way = inWords(graph, roundTrip(loop, onwards));
  const message = `it comes back to itself without waiting for an answer${until} The way is ${way}.`;
  return first(graph, loop).report([], message, 'Put a question into the loop, or lead out of it.', severity);
}

/** The steps of a group that change what one of its branches looks at. */
function changers(graph: Graph, group: number[]): number[] {
  const steps = group.map((node) => ({ node, step: graph.places[node]?.step }));
  const looked = new Set(
    steps.flatMap(({ step }) => (step && 'branch' in step ? step.branch.flatMap((arm) => wordsIn(arm.when)) : [])),
  );
  return steps.filter(({ step }) => step && changedBy(step).some((name) => looked.has(name))).map(({ node }) => node);
}

const changedBy = (step: Step): string[] =>
  'set' in step ? Object.keys(step.set) : 'keep' in step ? Object.keys(step.keep) : [];

const asksForListed = (graph: Graph, node: number): boolean => {
  const { step } = place(graph, node);
  return 'ask' in step && mayBeEmpty(step);
};

/** Somebody who does not answer is left alone after a while. */
function naggings(graph: Graph, known: ReadonlySet<number>): Problem[] {
  const onwards = stepwise(graph, ({ silent, timeout }) => silent || timeout);
  return cycles(allOf(graph), onwards)
    .filter((group) => !group.some((node) => known.has(node)) && changers(graph, group).length === 0)
    .map((group) => {
      const asking = group.find((node) => graph.arrows[node]?.some((arrow) => arrow.timeout)) ?? group[0] ?? 0;
      return place(graph, asking).report(
        ['timeout'],
        `whoever does not answer is written to again and again: ${inWords(graph, roundTrip(group, onwards))}.`,
        'Lead the time-out to the end after a reminder.',
        'warning',
      );
    });
}

function deadEnds(graph: Graph): Problem[] {
  const onwards = passing(graph);
  return cycles(reachable(graph.entries, onwards), onwards)
    .filter((group) => {
      const members = new Set(group);
      const leaves = group.some((node) => onwards(node).some((next) => next === END || !members.has(next)));
      return !leaves && group.some((node) => graph.arrows[node]?.some((arrow) => !arrow.silent));
    })
    .map((group) =>
      first(graph, group).report(
        [],
        `from here the conversation can never be over: ${inWords(graph, roundTrip(group, onwards))}.`,
        'Lead an answer to the end or to another flow; now people get out with a command alone, such as /cancel.',
        'warning',
      ),
    );
}

/** A flow that calls itself, by others or not, stands on itself: the engine breaks off at twenty storeys. */
function towers(graph: Graph, known: ReadonlySet<number>): Problem[] {
  const onwards = stepwise(graph, () => true);
  const groups = cycles(allOf(graph), onwards).map((group) => new Set(group));
  return [...graph.calls]
    .filter(([node, call]) => !known.has(node) && groups.some((group) => group.has(node) && group.has(call.first)))
    .map(([node]) =>
      place(graph, node).report(
        ['call'],
        'it calls a flow that comes to this call again before it is over; after 20 rounds it is broken off.',
        'Use `jump` where nothing is to come back.',
        'warning',
      ),
    );
}

const place = (graph: Graph, node: number): SourcePlace => graph.places[node] as SourcePlace;
const first = (graph: Graph, group: readonly number[]): SourcePlace => place(graph, group[0] ?? 0);

function inWords(graph: Graph, way: readonly number[]): string {
  const flows = new Set(way.map((node) => place(graph, node).flow.flow));
  const name = ({ flow, step }: SourcePlace) => (flows.size > 1 ? `${flow.flow}.${step.id}` : step.id);
  return way.map((node) => name(place(graph, node))).join(' → ');
}
