import type { LineAt, Problem, Report } from '../../../core/problem.ts';
import type { Flow, Step } from './schema.ts';

/** A flow with the place of everything in it, for whoever has something to say about it. */
export interface Source {
  flow: Flow;
  file: string;
  lineAt: LineAt;
}

/** One step where it stands. */
export interface SourcePlace {
  source: Source;
  flow: Flow;
  step: Step;
  index: number;
  /** The path begins at the step. */
  report: Report;
}

export const placesOf = (source: Source): SourcePlace[] =>
  source.flow.steps.map((step, index) => ({
    source,
    flow: source.flow,
    step,
    index,
    report: (path, message, remedy, severity) =>
      reportIn(source)(['steps', index, ...path], `Step "${step.id}": ${message}`, remedy, severity),
  }));

/** On a flow as a whole; the path begins at the top of its file. */
export const reportIn =
  ({ file, lineAt }: Pick<Source, 'file' | 'lineAt'>): Report =>
  (path, message, remedy, severity = 'error'): Problem => ({ file, line: lineAt(path), severity, message, remedy });
