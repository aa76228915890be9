import { followedBy, NO_WORDS, type Words } from '../../contributions/parts.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { Amended } from './events.ts';
import { fileBeside, filesIn } from './files.ts';
import { following } from './flowRegistry.ts';
import { type FreeText, spokenIn } from './heardWords.ts';
import { setWords, wordsIn } from './held.ts';
import { askAgain } from './question.ts';
import { type At, close, type Run, refuseLength, tell } from './run.ts';
import type { Flow } from './source/schema.ts';
import { proceed } from './stepRunner.ts';
import { MOST_TEXT } from './steps/ask.ts';
import { asText } from './values.ts';

/** A question that has not been answered after so many tries is passed over, where it can be. */
const MOST_TRIES = 2;

/** Whether it can be passed over: what is added to a contribution that is recorded always can. */
export const isOptional = ({ step, flow }: At): boolean =>
  addsTo(flow) !== undefined || (step.skip === true && flow.draft === true);

/**
 * What does not fit such a question is kept with the contribution: sentences and files at once, less once the question is
 * passed over. True when that was done.
 */
export function keptBeside(run: Run, at: At, loose: FreeText, isMeant: boolean): boolean {
  const { open } = at;
  const words = followedBy(open.misfit ?? NO_WORDS, spokenIn(loose));
  const isLast = open.tries + 1 >= MOST_TRIES;
  if (!isMeant && !isLast) {
    open.misfit = words;
    return false;
  }
  if (!added(run, at.flow, words, loose)) return false;
  delete open.misfit;
  open.tries += 1;
  tell(run, 'added');
  if (isLast) passOver(run, at);
  else askAgain(run);
  return true;
}

/** Of what is added to something recorded nothing else depends on it. */
function passOver(run: Run, { flow, step, open }: At): void {
  close(run, open);
  proceed(run, addsTo(flow) ? null : (step.next ?? following(flow, step.id)));
}

/** The answer that holds the reference of what this flow does nothing but add to. */
function addsTo({ steps }: Flow): string | undefined {
  const step = steps.find((each) => 'amend' in each);
  const isItsOwn = steps.some((each) => 'contribute' in each);
  return step && 'amend' in step && !isItsOwn ? step.amend : undefined;
}

function added(run: Run, flow: Flow, words: Words, { file }: FreeText): boolean {
  const name = addsTo(flow);
  if (name === undefined) return file === null && addedToDraft(run, words);
  const reference = asText(run.session?.answers[name]);
  if (reference === null) return false;
  run.events.push({ kind: 'amended', reference, ...NOTHING_ELSE, words, attachments: filesIn(file) });
  run.took = null;
  return true;
}

/** A file that comes where letters are asked for goes with the contribution that these add to: its reference; null: none. */
export function keptWithAdded(run: Run, { flow }: At, file: Attachment): string | null {
  const reference = asText(run.session?.answers[addsTo(flow) ?? '']);
  if (reference !== null)
    run.events.push({ kind: 'amended', reference, ...NOTHING_ELSE, words: NO_WORDS, attachments: [file] });
  return reference;
}

const NOTHING_ELSE: Omit<Amended, 'kind' | 'reference' | 'words' | 'attachments'> = {
  ...{ rest: null, fields: {}, parts: [], theme: null, attribution: null, attributionName: null },
  ...{ done: null, offers: [], instead: null },
};

/** Puts words behind those of a draft. False where it has none yet, or no room. */
export function addedToDraft(run: Run, more: Words, name = run.session?.messageAnswer): boolean {
  const { session } = run;
  if (!session || name === undefined) return false;
  const words = followedBy(wordsIn(session, name), more);
  if (words.text.length > MOST_TEXT) {
    refuseLength(run, words.text.length);
    return false;
  }
  // Words to what was said by voice alone.
  const files = filesIn(session.answers[name]);
  if (files.length > 0) session.answers[fileBeside(name)] = files;
  setWords(session, name, words);
  run.took = name;
  return true;
}
