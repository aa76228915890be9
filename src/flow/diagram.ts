import type { Flow, Step } from './source/schema.ts';
import { waysOf } from './source/ways.ts';

/** The flow as a Mermaid flowchart: questions are rounded, branches are diamonds. */
export function mermaid(flow: Flow): string {
  const nodes = flow.steps.map((step) => `  ${step.id}${shape(step)}`);
  const arrows = flow.steps.flatMap((step) =>
    [...new Set(waysOf(flow, flow.steps.indexOf(step)).map(({ to }) => to))].map(
      (target) => `  ${step.id} --> ${target ?? 'finish((end))'}`,
    ),
  );
  return [`%% ${flow.flow}, version ${flow.version}`, 'flowchart TD', ...nodes, ...arrows, ''].join('\n');
}

function shape(step: Step): string {
  if ('ask' in step) return `(["${step.id}: ${step.ask}"])`;
  if ('branch' in step) return `{"${step.id}"}`;
  return `["${step.id}"]`;
}
