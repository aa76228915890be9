import { followedBy, wordsOf } from '../../contributions/parts.ts';
import { amend } from './amend.ts';
import { messageIn, setWords, wordsIn } from './held.ts';
import { cutOut, isRepeat, isRest } from './last.ts';
import { spellings } from './ownQuestions.ts';
import { plain } from './plain.ts';
import { openAsk, type Run, refuseLength } from './run.ts';
import { findPick, MOST_TEXT, picksOf } from './steps/ask.ts';
import type { Input } from './types.ts';
import { labelsIn } from './values.ts';

type Text = Extract<Input, { kind: 'text' }>;

const heardAt = ({ world }: Run): number => world.saidAt ?? world.now;

/** What was said and taken a moment ago, and is said once more, was meant once. */
export const repeats = (run: Run, input: Text): boolean =>
  isRepeat(run.last, input, heardAt(run)) && !isOffered(run, input.text);

/** The rest of a text that was too long for one message goes where its beginning went, whatever was asked since. */
export function joinsRest(run: Run, input: Text): boolean {
  const { last, session } = run;
  if (!session || !isRest(last, heardAt(run)) || last.name === null || isOffered(run, input.text)) return false;
  const { name } = last;
  if (typeof session.answers[name] !== 'string') return false;
  const before = wordsIn(session, name);
  const words = followedBy(before, wordsOf(input.text, messageIn(input)), cutOut(before.text, last));
  run.took = name;
  if (words.text.length > MOST_TEXT) refuseLength(run, words.text.length);
  else amend(run, (kept) => setWords(kept, name, words));
  return true;
}

/** The words of a button are an answer, however soon they come. */
function isOffered(run: Run, text: string): boolean {
  const at = openAsk(run);
  if (!at || at.open.asking) return false;
  const { step } = at;
  const below = [
    ...(step.skip ? spellings(run, 'skip') : []),
    ...(step.ask === 'choices' ? spellings(run, 'done') : []),
  ];
  return below.includes(plain(text)) || findPick(picksOf(step, run.world, labelsIn(run)), text) !== undefined;
}
