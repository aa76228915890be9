import { UserError } from '../core/errors.ts';
import { type Condition, writeAudience } from './audience/audience.ts';
import type { NoticeDraft } from './file.ts';
import { isMadeForEach } from './kinds.ts';
import type { Notice, NoticeButton } from './notice.ts';

/**
 * A draft with the same text, for people who had a notice and have not answered what it asks.
 * @throws UserError for a notice to which there is no answer
 */
export function unansweredDraft({ id, kind, texts, buttons, topic, attachment }: Notice): NoticeDraft {
  const answers = buttons.flatMap(answerTo);
  if (isMadeForEach(kind) || answers.length === 0)
    throw new UserError(
      `Notice ${id} asks nothing: it has no button with a question or an event. To write again to those who had it, say audience: received("${id}") in a notice file.`,
    );
  const audience = writeAudience({ all: [{ received: id }, ...answers.map((not): Condition => ({ not }))] });
  return { kind, texts, buttons, topic, attachment, audience, schedule: null, until: null };
}

function answerTo(button: NoticeButton): Condition[] {
  if ('question' in button) return [{ answered: button.question }];
  return 'event' in button ? [{ replied: button.event }] : [];
}
