import type { Attachment } from '../../../core/inbound.ts';
import { isUnseen } from '../../../core/unseen.ts';
import { captionBeside, fileBeside, filesIn } from '../files.ts';
import type { Run } from '../run.ts';
import type { Ask, Contribute, Flow } from '../source/schema.ts';
import type { Answer, Event } from '../types.ts';
import { asText, formatted } from '../values.ts';

type Contributed = Extract<Event, { kind: 'contributed' }>;

/** The contribution made of the answers; null when it would hold neither words nor files. */
export function contribute(run: Run, flow: Flow, step: Contribute): Contributed | null {
  const answer = answersOf(run);
  const text = (name: string | undefined) => asText(answer(name));
  const whole = step.textOf ? wordsOf(run, step.textOf) : formatted(run, flow, step.text ?? '');
  const attachments = filesOf(run, step.attachments);
  if (isUnseen(whole) && attachments.length === 0) return null;
  const captions = (step.attachments ?? []).map(captionBeside).filter((name) => answer(name) !== null);
  const named = text(step.attribution);
  const attribution = named === 'name' || named === 'group' ? named : 'nobody';
  return {
    kind: 'contributed',
    contribution: {
      kind: step.contribute,
      text: whole,
      fields: Object.fromEntries([...(step.fields ?? []), ...captions].map((name) => [name, answer(name)])),
      attachments,
      question: text(step.question),
      theme: text(step.theme),
      attribution,
      attributionName: attribution === 'nobody' ? null : text(step.attributionName),
      messageId: run.session?.messageId ?? null,
      process: run.session?.process ?? run.world.process.id,
    },
    ...(isPressed(flow, step) && { pressed: true }),
    receipt: step.receipt ? formatted(run, flow, step.receipt, { reference: '{reference}' }) : null,
  };
}

/** What a step takes up by name; null where there is no such answer. */
export const answersOf = (run: Run) => {
  const answers = run.session?.answers ?? {};
  return (name: string | undefined): Answer =>
    name !== undefined && Object.hasOwn(answers, name) ? (answers[name] ?? null) : null;
};

/** The words of these answers one below the other, without those that are files. */
export function wordsOf(run: Run, names: readonly string[]): string {
  const answer = answersOf(run);
  const words = (name: string) => (filesIn(answer(name)).length > 0 ? null : asText(answer(name)));
  return names.map(words).filter(Boolean).join('\n\n');
}

/** The files of these answers, and those beside their words. */
export function filesOf(run: Run, names: readonly string[] = []): Attachment[] {
  const answer = answersOf(run);
  return names.flatMap((name) => [answer(name), answer(fileBeside(name))]).flatMap(filesIn);
}

/** Made of nothing but what buttons mean, or what was given by the application. */
function isPressed(flow: Flow, { text = '', textOf }: Contribute): boolean {
  const names = textOf ?? [...text.matchAll(/\{\s*(\w+)/g)].map(([, name]) => name ?? '');
  return !names.some((name) => isWritten(flow, name));
}

function isWritten({ steps }: Flow, name: string): boolean {
  const asks = steps.filter((step) => 'ask' in step && (step.save ?? step.id) === name);
  const made = steps.some((step) => 'set' in step && Object.hasOwn(step.set, name));
  return name === 'said' || made || asks.some((step) => 'ask' in step && WRITTEN.has(step.ask));
}

const WRITTEN = new Set<Ask['ask']>(['text', 'place']);

/**
 * Whether the contribution's words are those of this answer alone: only then may an edited message replace them.
 */
export const carries = (flow: Flow, name: string): boolean =>
  flow.steps.some((step) => {
    if ('edit' in step) return step.text === name;
    if ('thread' in step) return step.textOf.includes(name);
    if (!('contribute' in step)) return false;
    return step.textOf ? step.textOf.length === 1 && step.textOf[0] === name : step.text === `{${name}}`;
  });
