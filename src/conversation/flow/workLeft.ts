import { followedBy, wordsOf } from '../../contributions/parts.ts';
import { fileBeside, filesIn } from './files.ts';
import { setWords, wordsIn } from './held.ts';
import { askAgain } from './question.ts';
import { openAsk, type Run } from './run.ts';
import { isWork, shownAbove } from './steps/act.ts';
import type { Answer, Begin, Session } from './types.ts';
import { takeUp } from './unfinished.ts';

export function isAtWork(run: Run): boolean {
  const at = openAsk(run);
  return at !== null && isWork(at.flow);
}

/** What a member has begun on the same before goes on, with what they say now. True when it does. */
export function takesUpWork(run: Run, { flow: id, answers }: Pick<Begin, 'flow' | 'answers'>): boolean {
  const flow = run.registry.get(id);
  const left = flow && isWork(flow) ? run.unfinished.find((each) => isBegunAgain(each, id, answers)) : undefined;
  if (!left) return false;
  const before = run.session;
  takeUp(run, left);
  const at = openAsk(run);
  if (!at || !run.session) {
    run.session = before;
    return false;
  }
  const { decision } = answers;
  if (decision !== undefined) run.session.answers.decision = decision;
  if (Object.hasOwn(answers, 'words') && shownAbove(at.flow, at.step)) addAnswer(run.session, answers);
  askAgain(run);
  return true;
}

const isBegunAgain = ({ stack, answers }: Session, flow: string, begun: Begin['answers']): boolean =>
  stack[0]?.flow === flow && answers.reference === begun.reference;

/** The words of an answer and its files, behind those that were written before. */
function addAnswer(session: Session, { words, ...beside }: Record<string, Answer>): void {
  const { answers } = session;
  const files = [answers.files, answers.words, answers[fileBeside('words')], words, beside[fileBeside('words')]];
  const more = typeof words === 'string' ? words : '';
  const both = followedBy(wordsIn(session, 'words'), wordsOf(more, null));
  delete answers[fileBeside('words')];
  answers.files = files.flatMap(filesIn);
  if (both.text === '') delete answers.words;
  else setWords(session, 'words', both);
}
