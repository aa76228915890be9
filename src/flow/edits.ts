import { placeOfMessage, withReplaced } from '../domain/replaced.ts';
import { isUnseen } from '../domain/seen.ts';
import { assign } from './amend.ts';
import { filesIn } from './files.ts';
import { askAgain } from './question.ts';
import { openAsk, type Run, tell, tellTooLarge } from './run.ts';
import type { Answer, Input, Session } from './types.ts';

type Edited = Extract<Input, { kind: 'edited' }>;

/**
 * A message was edited whose words or file wait to be sent. One that has gone for the record is not the engine's matter.
 * Platforms report changes of other things as well, such as the preview of a link: the same words are no news.
 */
export function reword(run: Run, edited: Edited): void {
  const { session } = run;
  if (!session) return;
  const changed = { ...wordsAfter(session, edited), ...filesAfter(session, edited) };
  if (Object.keys(changed).length > 0) {
    assign(run, changed);
    tell(run, 'edit_taken');
    return askAgain(run);
  }
  if (edited.tooLarge !== undefined && fileOf(session, edited)) return tellTooLarge(run, edited.tooLarge);
  if (openAsk(run) && isNews(session, edited.text)) tell(run, 'edit_not_taken');
}

/** The answer that holds the words of the message alone, as it is now; empty where nothing changes. */
function wordsAfter({ messageId, messageAnswer: name, answers }: Session, edited: Edited): Record<string, Answer> {
  if (messageId !== edited.messageId || name === undefined || isUnseen(edited.text)) return {};
  const before = answers[name];
  return typeof before === 'string' && before.trim() === edited.text.trim() ? {} : { [name]: edited.text };
}

function filesAfter({ answers }: Session, { attachment, tooLarge }: Edited): Record<string, Answer> {
  if (!attachment || tooLarge !== undefined) return {};
  for (const [name, answer] of Object.entries(answers)) {
    const files = withReplaced(filesIn(answer), attachment);
    const [first = null, ...others] = files ?? [];
    if (files) return { [name]: others.length > 0 || Array.isArray(answer) ? files : first };
  }
  return {};
}

const fileOf = ({ answers }: Session, { messageId }: Edited): boolean =>
  Object.values(answers).some((answer) => placeOfMessage(filesIn(answer), messageId) >= 0);

/** Words that are nowhere as they are now: not as an answer, and not as one of the messages that an answer was made of. */
function isNews({ answers }: Session, text: string): boolean {
  const words = text.trim();
  const said = Object.values(answers).flatMap((answer) =>
    typeof answer === 'string' ? [`\n\n${answer.trim()}\n\n`] : [],
  );
  return !isUnseen(text) && !said.some((answer) => answer.includes(`\n\n${words}\n\n`));
}
