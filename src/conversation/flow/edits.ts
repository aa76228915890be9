import { reworded, type Words } from '../../contributions/parts.ts';
import { filesAfter, placeOfMessage } from '../../contributions/replacedFiles.ts';
import { isUnseen } from '../../core/unseen.ts';
import { assign } from './amend.ts';
import { filesIn } from './files.ts';
import { setWords, wordsIn } from './held.ts';
import { askAgain } from './question.ts';
import { type Run, tell, tellTooLarge } from './run.ts';
import type { Answer, Input, Session } from './types.ts';

type Edited = Extract<Input, { kind: 'edited' }>;

/**
 * A message was edited while its words or file still wait to be sent. Edits of recorded contributions are handled elsewhere.
 * Platforms report changes of other things as well, such as the preview of a link: the same words are not news.
 */
export function reword(run: Run, edited: Edited): void {
  const { session } = run;
  if (!session) return isUnseen(edited.text) ? undefined : tell(run, 'edit_not_taken');
  const [words, files] = [wordsAfter(session, edited), answersAfter(session, edited)];
  const [isReworded, hasOtherFiles] = [words, files].map((changed) => Object.keys(changed).length > 0);
  if (isReworded || hasOtherFiles) {
    assign(run, (kept) => {
      for (const [name, now] of Object.entries(words)) setWords(kept, name, now);
      Object.assign(kept.answers, files);
    });
    if (hasOtherFiles && edited.removed) tell(run, 'file_taken_out');
    if (isReworded || !edited.removed) tell(run, 'edit_taken');
    return askAgain(run);
  }
  if (edited.tooLarge !== undefined && fileOf(session, edited)) return tellTooLarge(run, edited.tooLarge);
  if (isNews(session, edited.text)) tell(run, 'edit_not_taken');
}

/** The answer that holds the words of the message, as they are now; empty where nothing changes. */
function wordsAfter(session: Session, edited: Edited): Record<string, Words> {
  const name = session.parts?.find(({ messageId }) => messageId === edited.messageId)?.field;
  if (name === undefined) return {};
  const now = reworded(wordsIn(session, name), edited.messageId, edited.text);
  return now === null || isUnseen(now.text) ? {} : { [name]: now };
}

/** The answers whose files are others now. */
function answersAfter({ answers }: Session, edited: Edited): Record<string, Answer> {
  if (edited.tooLarge !== undefined) return {};
  const changed = Object.entries(answers).flatMap(([name, answer]): [string, Answer][] => {
    const files = filesAfter(filesIn(answer), edited);
    const [first = null, ...others] = files ?? [];
    const isList = others.length > 0 || (Array.isArray(answer) && first !== null);
    return files ? [[name, isList ? files : first]] : [];
  });
  return Object.fromEntries(changed);
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
