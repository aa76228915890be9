import { isUnseen } from '../../../core/unseen.ts';
import { isThreadKind } from '../../../responses/thread.ts';
import { gatherMs } from '../durations.ts';
import type { Event } from '../events.ts';
import type { Run } from '../run.ts';
import type { Flow, ThreadStep } from '../source/schema.ts';
import { asText, formatted } from '../values.ts';
import { answersOf, voiceAlone } from './contribute.ts';

/** The thread that the answers begin; null when nothing is said in it, or nobody has said what it is. */
export function openThread(run: Run, flow: Flow, step: ThreadStep): Extract<Event, { kind: 'thread_opened' }> | null {
  const { answer, words, files } = answersOf(run);
  const kind = answer(step.thread);
  const { text, parts } = words(step.textOf);
  const attachments = files(step.attachments);
  if (!isThreadKind(kind) || (isUnseen(text) && attachments.length === 0)) return null;
  return {
    kind: 'thread_opened',
    thread: {
      ...{ kind, text, attachments },
      response: asText(answer(step.about)),
      messageId: parts[0]?.messageId ?? attachments[0]?.messageId ?? null,
      process: run.session?.process ?? run.world.process.id,
    },
    gatherMs: gatherMs(step),
    receipt: step.receipt
      ? formatted(run, flow, step.receipt, {
          ...{ reference: '{reference}', day: '{day}' },
          voice: voiceAlone(text, attachments),
        })
      : null,
  };
}
