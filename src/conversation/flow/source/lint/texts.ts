import { captionBeside, fileBeside } from '../../files.ts';
import type { Flow, Step } from '../schema.ts';
import { type AuthorText, MOST_LABEL } from './words.ts';

/** Stands before the label of a choice that is picked. */
const PICKED = '✓ ';

/** Under this name an answer is kept. */
export const answerOf = (step: Extract<Step, { ask: unknown }>): string => step.save ?? step.id;

/** The names under which the steps of a flow keep something. */
export function savedIn(flow: Flow): string[] {
  return flow.steps.flatMap((step) => {
    if ('set' in step) return Object.keys(step.set);
    if (!('ask' in step)) return [];
    const name = answerOf(step);
    if (step.ask === 'media') return [name, captionBeside(name)];
    return step.media ? [name, fileBeside(name)] : [name];
  });
}

/** All that people read of a step. */
export function textsOf(step: Step): AuthorText[] {
  if ('say' in step) return [{ path: ['say'], what: '`say`', texts: step.say }];
  if ('contribute' in step)
    return [
      ...(step.text === undefined ? [] : [{ path: ['text'], what: '`text`', texts: step.text }]),
      ...(step.receipt === undefined ? [] : [{ path: ['receipt'], what: '`receipt`', texts: step.receipt }]),
    ];
  if ('thread' in step)
    return step.receipt === undefined
      ? []
      : [{ path: ['receipt'], what: '`receipt`', texts: step.receipt, given: ['day'] }];
  if ('amend' in step) return step.done === undefined ? [] : [{ path: ['done'], what: '`done`', texts: step.done }];
  if (!('ask' in step)) return [];
  const message = step.check?.message;
  const options = Array.isArray(step.choices) ? step.choices : [];
  return [
    { path: ['text'], what: '`text`', texts: step.text },
    ...(step.help === undefined ? [] : [{ path: ['help'], what: '`help`', texts: step.help }]),
    ...(message === undefined ? [] : [{ path: ['check', 'message'], what: '`check.message`', texts: message }]),
    ...options.map((option, index) => ({
      path: ['choices', index, 'label'],
      what: `The label of "${option.value}"`,
      texts: option.label,
      raw: true,
      most: step.ask === 'choices' ? MOST_LABEL - PICKED.length : MOST_LABEL,
    })),
  ];
}
