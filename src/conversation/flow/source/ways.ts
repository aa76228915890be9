import type { Texts } from '../../../core/texts.ts';
import type { Ask, Flow, Step } from './schema.ts';

/** Why a conversation goes on from a step as it does. */
export type Cause =
  | { kind: 'next' | 'answered' | 'skipped' | 'agreed' | 'declined' | 'tries used up' | 'otherwise' }
  | { kind: 'choice'; label: Texts }
  | { kind: 'condition'; when: string }
  | { kind: 'timeout'; after: string };

export interface Way {
  /** A step of the same flow; null: its end. */
  to: string | null;
  cause: Cause;
  /** It can be gone without anybody having answered: in the same turn. */
  silent: boolean;
}

/** A flow that a step leads to: called, to come back from it, or for good. */
export interface Elsewhere {
  flow: string;
  step: string | undefined;
  comesBack: boolean;
}

export function elsewhere(step: Step): Elsewhere | null {
  if ('call' in step) return { flow: step.call, step: undefined, comesBack: true };
  if ('jump' in step && typeof step.jump === 'object')
    return { flow: step.jump.flow, step: step.jump.step, comesBack: false };
  return null;
}

/** Every way on within the flow, as the engine goes. */
export function waysOf(flow: Flow, index: number): Way[] {
  const step = flow.steps[index];
  if (!step) return [];
  const next = step.next ?? flow.steps[index + 1]?.id ?? null;
  const silent = (to: string | null, cause: Cause): Way => ({ to, cause, silent: true });
  if ('ask' in step) return waysOfAsk(step, next);
  if ('end' in step) return [silent(null, { kind: 'next' })];
  if ('jump' in step) return typeof step.jump === 'string' ? [silent(step.jump, { kind: 'next' })] : [];
  if (!('branch' in step)) return [silent(next, { kind: 'next' })];
  return [
    ...step.branch.map((arm) => silent(arm.goto, { kind: 'condition', when: arm.when })),
    silent(step.otherwise ?? next, { kind: 'otherwise' }),
  ];
}

function waysOfAsk(step: Ask, next: string | null): Way[] {
  const waits = (to: string | null, cause: Cause): Way => ({ to, cause, silent: false });
  const ways = [...answered(step, next)];
  if (step.skip) ways.push(waits(next, { kind: 'skipped' }));
  if (step.otherwise !== undefined) ways.push(waits(step.otherwise, { kind: 'tries used up' }));
  if (step.timeout) ways.push(waits(step.timeout.goto, { kind: 'timeout', after: step.timeout.after }));
  return ways;
}

function answered(step: Ask, next: string | null): Way[] {
  // Whoever has agreed before is not asked again.
  if (step.ask === 'consent')
    return [
      { to: next, cause: { kind: 'agreed' }, silent: !step.consent?.to },
      { to: step.declined ?? next, cause: { kind: 'declined' }, silent: false },
    ];
  if (step.ask === 'choice' && Array.isArray(step.choices))
    return step.choices.map(({ label, next: own }) => ({
      to: own ?? next,
      cause: { kind: 'choice', label },
      silent: false,
    }));
  return [{ to: next, cause: { kind: 'answered' }, silent: mayBeEmpty(step) }];
}

/** A process that lists no themes, or no places, asks for none; then the question is passed over. */
export const mayBeEmpty = ({ ask, choices }: Ask): boolean =>
  ask !== 'place' && (choices === 'themes' || choices === 'places');

/** The steps that are named in a step, with the keys that name them. */
export function targetsOf(step: Step): { path: (string | number)[]; id: string }[] {
  const named: [(string | number)[], string | undefined][] = [[['next'], step.next]];
  if ('jump' in step && typeof step.jump === 'string') named.push([['jump'], step.jump]);
  if ('branch' in step) {
    named.push([['otherwise'], step.otherwise]);
    for (const [at, arm] of step.branch.entries()) named.push([['branch', at, 'goto'], arm.goto]);
  }
  if ('ask' in step) {
    named.push(
      [['otherwise'], step.otherwise],
      [['declined'], step.declined],
      [['timeout', 'goto'], step.timeout?.goto],
    );
    const options = Array.isArray(step.choices) ? step.choices : [];
    for (const [at, option] of options.entries()) named.push([['choices', at, 'next'], option.next]);
  }
  return named.flatMap(([path, id]) => (id === undefined ? [] : [{ path, id }]));
}
