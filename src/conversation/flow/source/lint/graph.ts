import type { SourcePlace } from '../place.ts';
import { elsewhere, type Way, waysOf } from '../ways.ts';

/** Where a conversation is over, and where it comes to when a flow that was called is over. */
export const END = -1;

export interface Arrow {
  to: number;
  silent: boolean;
  /** Gone because somebody did not answer. */
  timeout: boolean;
}

/** All steps of all flows as numbers, and how conversations go from one to the next. */
export interface Graph {
  places: readonly SourcePlace[];
  /** The arrows of every step but calls. */
  arrows: readonly Arrow[][];
  /** Of the steps that call another flow: its first step, and the step after the call. */
  calls: ReadonlyMap<number, { first: number; back: number }>;
  /** The first step of every flow, and those that other flows jump to. */
  entries: ReadonlySet<number>;
}

export type Successors = (node: number) => number[];

export function graphOf(flows: readonly SourcePlace[][]): Graph {
  const places = flows.flat();
  const keys = places.map((place, number) => [keyOf(place.flow.flow, place.step.id), number] as const);
  // Where two steps share an id, the engine takes the first.
  const numbers = new Map(keys.reverse());
  const firsts = new Map(flows.map((steps) => [steps[0]?.flow.flow ?? '', steps[0]]));
  const numberOf = (flow: string, step: string | null | undefined): number =>
    numbers.get(keyOf(flow, step === undefined ? (firsts.get(flow)?.step.id ?? '') : (step ?? ''))) ?? END;
  const calls = new Map<number, { first: number; back: number }>();
  const entries = new Set(flows.map((steps) => numberOf(steps[0]?.flow.flow ?? '', undefined)));
  const arrows = places.map((place, number): Arrow[] => {
    const { flow } = place.flow;
    const ways = waysOf(place.flow, place.index).map((way) => arrowOf(way, numberOf(flow, way.to)));
    const other = elsewhere(place.step);
    if (!other) return ways;
    const first = numberOf(other.flow, other.step);
    if (other.step !== undefined) entries.add(first);
    if (!other.comesBack) return [{ to: first, silent: true, timeout: false }];
    calls.set(number, { first, back: ways[0]?.to ?? END });
    return [];
  });
  return { places, arrows, calls, entries };
}

const keyOf = (flow: string, step: string): string => `${flow}\n${step}`;

const arrowOf = ({ silent, cause }: Way, to: number): Arrow => ({ to, silent, timeout: cause.kind === 'timeout' });

type Kept = (arrow: Arrow) => boolean;

/** The steps from which the flow's end can be reached by the arrows that are kept. */
export function finishing(graph: Graph, kept: Kept): Set<number> {
  const ends = new Set<number>();
  const before = new Map<number, number[]>();
  const remember = (to: number, from: number) => {
    const list = before.get(to);
    if (list) list.push(from);
    else before.set(to, [from]);
  };
  for (const [from, arrows] of graph.arrows.entries()) for (const { to } of arrows.filter(kept)) remember(to, from);
  for (const [from, { first, back }] of graph.calls) for (const to of [first, back]) remember(to, from);
  const done = (node: number) => node === END || ends.has(node);
  const open = [END];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const from of before.get(node) ?? []) {
      const call = graph.calls.get(from);
      if (ends.has(from) || (call && !(done(call.first) && done(call.back)))) continue;
      ends.add(from);
      open.push(from);
    }
  return ends;
}

const inside = (nodes: number[]): number[] => nodes.filter((node) => node !== END);

/** Step by step, into the flows that are called as well as past those that can be passed. */
export function stepwise(graph: Graph, kept: Kept): Successors {
  const ends = finishing(graph, kept);
  return (node) => {
    const call = graph.calls.get(node);
    if (!call) return inside((graph.arrows[node] ?? []).filter(kept).map(({ to }) => to));
    return inside(call.first === END || ends.has(call.first) ? [call.first, call.back] : [call.first]);
  };
}

/** Past the flows that are called, and into those alone that never come back. */
export function passing(graph: Graph): Successors {
  const ends = finishing(graph, () => true);
  return (node) => {
    const call = graph.calls.get(node);
    if (!call) return (graph.arrows[node] ?? []).map(({ to }) => to);
    return [call.first === END || ends.has(call.first) ? call.back : call.first];
  };
}

export function reachable(from: Iterable<number>, successors: Successors): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === END || reached.has(node)) continue;
    reached.add(node);
    open.push(...successors(node));
  }
  return reached;
}
