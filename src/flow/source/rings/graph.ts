import type { Problem, Severity } from '../../../domain/problem.ts';
import { type Place, placesOf, type Source } from '../place.ts';
import type { Step } from '../schema.ts';
import { mayBeEmpty } from '../ways.ts';
import { cycles, roundTrip } from './cycles.ts';
import { type Arrow, END, type Net, netOf, passing, reachable, type Successors, stepwise } from './net.ts';
import { wordsIn } from './references.ts';

/** Unreachable steps, loops without a wait, and conversations that can never be over. */
export function graphProblems(sources: readonly Source[]): Problem[] {
  const net = netOf(sources.map(placesOf));
  const loops = silentLoops(net);
  return [
    ...unreachable(net),
    ...loops.problems,
    ...naggings(net, loops.nodes),
    ...deadEnds(net),
    ...towers(net, loops.nodes),
  ];
}

/** Within its own flow: what is called or jumped to has an entry of its own. */
function unreachable(net: Net): Problem[] {
  const onwards: Successors = (node) => {
    const call = net.calls.get(node);
    return call ? [call.back] : (net.arrows[node] ?? []).map(({ to }) => to);
  };
  const reached = reachable(net.entries, onwards);
  return net.places
    .filter((_, node) => !reached.has(node))
    .map(({ report }) => report([], 'no step leads here.', 'Lead to it with `next` or `goto`, or delete it.'));
}

const isSilent = (arrow: Arrow): boolean => arrow.silent;
const allOf = (net: Net): number[] => net.places.map((_, node) => node);

/** Without a question no answer changes: only `set` and `keep` may lead out of the loop, and only what the process lists makes its question wait. */
function silentLoops(net: Net): { problems: Problem[]; nodes: ReadonlySet<number> } {
  const onwards = stepwise(net, isSilent);
  const groups = cycles(allOf(net), onwards);
  const problems = groups.flatMap((group) => {
    const changing = changers(net, group);
    const doubtful = new Set([...changing, ...group.filter((node) => asksForListed(net, node))]);
    const certain = cycles(
      group.filter((node) => !doubtful.has(node)),
      onwards,
    );
    if (certain.length > 0) return certain.map((loop) => loopProblem(net, loop, onwards, '.', 'error'));
    const until = changing.length > 0 ? ', until a `set` changes the way.' : ', in a process without themes.';
    return [loopProblem(net, group, onwards, until, 'warning')];
  });
  return { problems, nodes: new Set(groups.flat()) };
}

function loopProblem(net: Net, loop: number[], onwards: Successors, until: string, severity: Severity): Problem {
  const way = inWords(net, roundTrip(loop, onwards));
  const message = `it comes back to itself without waiting for an answer${until} The way is ${way}.`;
  return first(net, loop).report([], message, 'Put a question into the loop, or lead out of it.', severity);
}

/** The steps of a group that change what one of its branches looks at. */
function changers(net: Net, group: number[]): number[] {
  const steps = group.map((node) => ({ node, step: net.places[node]?.step }));
  const looked = new Set(
    steps.flatMap(({ step }) => (step && 'branch' in step ? step.branch.flatMap((arm) => wordsIn(arm.when)) : [])),
  );
  return steps.filter(({ step }) => step && changedBy(step).some((name) => looked.has(name))).map(({ node }) => node);
}

const changedBy = (step: Step): string[] =>
  'set' in step ? Object.keys(step.set) : 'keep' in step ? Object.keys(step.keep) : [];

const asksForListed = (net: Net, node: number): boolean => {
  const { step } = place(net, node);
  return 'ask' in step && mayBeEmpty(step);
};

/** Somebody who does not answer is left alone after a while. */
function naggings(net: Net, known: ReadonlySet<number>): Problem[] {
  const onwards = stepwise(net, ({ silent, timeout }) => silent || timeout);
  return cycles(allOf(net), onwards)
    .filter((group) => !group.some((node) => known.has(node)) && changers(net, group).length === 0)
    .map((group) => {
      const asking = group.find((node) => net.arrows[node]?.some((arrow) => arrow.timeout)) ?? group[0] ?? 0;
      return place(net, asking).report(
        ['timeout'],
        `whoever does not answer is written to again and again: ${inWords(net, roundTrip(group, onwards))}.`,
        'Lead the time-out to the end after a reminder.',
        'warning',
      );
    });
}

function deadEnds(net: Net): Problem[] {
  const onwards = passing(net);
  return cycles(reachable(net.entries, onwards), onwards)
    .filter((group) => {
      const members = new Set(group);
      const leaves = group.some((node) => onwards(node).some((next) => next === END || !members.has(next)));
      return !leaves && group.some((node) => net.arrows[node]?.some((arrow) => !arrow.silent));
    })
    .map((group) =>
      first(net, group).report(
        [],
        `from here the conversation can never be over: ${inWords(net, roundTrip(group, onwards))}.`,
        'Lead an answer to the end or to another flow; now people get out with a command alone, such as /cancel.',
        'warning',
      ),
    );
}

/** A flow that calls itself, by others or not, stands on itself: the engine breaks off at twenty storeys. */
function towers(net: Net, known: ReadonlySet<number>): Problem[] {
  const onwards = stepwise(net, () => true);
  const groups = cycles(allOf(net), onwards).map((group) => new Set(group));
  return [...net.calls]
    .filter(([node, call]) => !known.has(node) && groups.some((group) => group.has(node) && group.has(call.first)))
    .map(([node]) =>
      place(net, node).report(
        ['call'],
        'it calls a flow that comes to this call again before it is over; after 20 rounds it is broken off.',
        'Use `jump` where nothing is to come back.',
        'warning',
      ),
    );
}

const place = (net: Net, node: number): Place => net.places[node] as Place;
const first = (net: Net, group: readonly number[]): Place => place(net, group[0] ?? 0);

function inWords(net: Net, way: readonly number[]): string {
  const flows = new Set(way.map((node) => place(net, node).flow.flow));
  const name = ({ flow, step }: Place) => (flows.size > 1 ? `${flow.flow}.${step.id}` : step.id);
  return way.map((node) => name(place(net, node))).join(' → ');
}
