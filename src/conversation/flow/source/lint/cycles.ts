import type { Successors } from './graph.ts';

/** Groups of nodes that can all be reached from each other, and from themselves (Tarjan's algorithm, without recursion). */
export function cycles(nodes: Iterable<number>, successors: Successors): number[][] {
  const allowed = new Set(nodes);
  const within = (node: number) => successors(node).filter((next) => allowed.has(next));
  const indexes = new Map<number, number>();
  const lows = new Map<number, number>();
  const pending: number[] = [];
  const isPending = new Set<number>();
  const found: number[][] = [];

  function visit(root: number): void {
    const walk = [enter(root)];
    for (let at = walk.at(-1); at; at = walk.at(-1)) {
      const next = at.open.pop();
      if (next === undefined) {
        walk.pop();
        const above = walk.at(-1);
        if (above) lower(above.node, lows.get(at.node));
        if (lows.get(at.node) === indexes.get(at.node)) close(at.node);
      } else if (!indexes.has(next)) walk.push(enter(next));
      else if (isPending.has(next)) lower(at.node, indexes.get(next));
    }
  }

  function enter(node: number): { node: number; open: number[] } {
    lows.set(node, indexes.size);
    indexes.set(node, indexes.size);
    pending.push(node);
    isPending.add(node);
    return { node, open: within(node) };
  }

  function lower(node: number, low = Number.POSITIVE_INFINITY): void {
    lows.set(node, Math.min(lows.get(node) ?? low, low));
  }

  function close(node: number): void {
    const group = pending.splice(pending.lastIndexOf(node));
    for (const member of group) isPending.delete(member);
    if (group.length > 1 || within(node).includes(node)) found.push(group.sort((one, other) => one - other));
  }

  for (const node of allowed) if (!indexes.has(node)) visit(node);
  return found;
}

/** One way round through a group, from its first node back to it. */
export function roundTrip(group: readonly number[], successors: Successors): number[] {
  const [start = 0] = group;
  const members = new Set(group);
  const from = new Map<number, number>();
  const open = [start];
  for (const node of open)
    for (const next of successors(node)) {
      if (next === start) return [...wayTo(node, from), start];
      if (!members.has(next) || from.has(next)) continue;
      from.set(next, node);
      open.push(next);
    }
  return [start];
}

function wayTo(node: number, from: ReadonlyMap<number, number>): number[] {
  const way = [node];
  for (let before = from.get(node); before !== undefined; before = from.get(before)) way.unshift(before);
  return way;
}
