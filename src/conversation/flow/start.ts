import { followedBy, NO_WORDS, wordsOf } from '../../contributions/parts.ts';
import { isUnseen } from '../../core/unseen.ts';
import { PROFILE } from '../../people/preferences.ts';
import { stale } from './answer.ts';
import type { CommandInput } from './commands.ts';
import { hasDraft } from './drafts.ts';
import { filesIn } from './files.ts';
import { type FlowRegistry, isOpenTo, isOpenToStopped } from './flowRegistry.ts';
import { keepFreeText, whose } from './freeText.ts';
import { freeTextIn } from './heardWords.ts';
import { partsOfSaid, wordsIn } from './held.ts';
import { askToLeave } from './ownQuestions.ts';
import { ask, askAgain } from './question.ts';
import { openAsk, phraseOf, type Run, tell, tellUnsupported } from './run.ts';
import { pendingIn, settle, unaskedIn } from './settle.ts';
import { begin } from './stepRunner.ts';
import { unclearIn } from './talk.ts';
import type { Answer, Begin, Input, Session } from './types.ts';
import { leaveUnfinished } from './unfinished.ts';
import { formatted } from './values.ts';
import { isAtWork, takesUpWork } from './workLeft.ts';

export const startAnswers = (run: Run, command: CommandInput): Record<string, string> =>
  isOpenTo(run.registry, command.argument) ? { goto: command.argument } : {};

/** Words after a command that begins a flow answer its first question. */
export function firstAnswer(run: Run, { name, argument }: CommandInput): Record<string, string> {
  const first = run.registry.get(name)?.steps.find((step) => 'ask' in step);
  if (!first || !('ask' in first) || first.ask !== 'text' || argument.trim() === '') return {};
  return { [first.save ?? first.id]: argument };
}

/** More than anybody waits to be asked about. */
const MOST_LATER = 20;

/** Nothing half-given is thrown away by a button: it is kept. A form's words wait for their turn. */
export function startUnlessBusy(run: Run, input: Begin): void {
  if (goesAlong(run, input)) return;
  if (hasDraft(run) && input.spoken) return keepForLater(run, input);
  if (hasDraft(run) && !run.person.consented && !isAtWork(run)) return askToLeave(run, input);
  if (!input.spoken && !isOpenToStopped(input.flow) && askFirst(run, input)) return;
  settle(run);
  leaveUnfinished(run);
  if (run.session) run.events.push({ kind: 'ended', flow: run.session.stack[0]?.flow ?? '', how: 'left' });
  start(run, input);
}

/**
 * Words that wait for an answer what they are go on waiting while a button is pressed: its flow begins once they have it. True
 * when some wait.
 */
export function askFirst(run: Run, then: Begin | null): boolean {
  const pending = pendingIn(run);
  const { session } = run;
  if (!pending || !session || !run.person.consented) return false;
  const { later = [] } = session;
  const isKnown = later.some((other) => JSON.stringify(other) === JSON.stringify(then));
  if (then && !isKnown && later.length < MOST_LATER) session.later = [...later, then];
  const { flow, step } = pending;
  ask(run, flow, step, `${phraseOf(run)('asked_first')}\n\n${formatted(run, flow, step.text)}`);
  return true;
}

/** What was said and is asked about goes along with the button, or the further words, that say what it is. True when it did. */
function goesAlong(run: Run, { flow, answers, messageId = null }: Begin): boolean {
  const { session } = run;
  const held = openAsk(run)?.flow.flow === flow ? session : null;
  const said = unaskedIn(held);
  if (!held || said === null) return false;
  if (!Object.keys(said).some((name) => Object.hasOwn(answers, name)))
    begin(run, flow, { ...said, ...answers }, held.parts);
  else if (held.answers.response_id || !answers.response_id) return false;
  else beginWithBoth(run, held, flow, { ...answers }, messageId);
  return true;
}

/** What was said before anybody knew which answer it is about, and what has been said to that since. */
function beginWithBoth(run: Run, held: Session, flow: string, answers: Begin['answers'], messageId: string | null) {
  const more = typeof answers.said === 'string' ? wordsOf(answers.said, messageId) : NO_WORDS;
  const words = followedBy(wordsIn(held, 'said'), more);
  const files = [...filesIn(held.answers.files), ...filesIn(answers.files)];
  const parts = words.parts.map((part) => ({ ...part, field: 'said' }));
  begin(run, flow, { ...answers, said: words.text || null, files: files.length > 0 ? files : null }, parts);
}

/** It has its turn when what is open now is finished. */
export function keepForLater(run: Run, input: Begin): void {
  const later = run.session?.later ?? [];
  const fits = later.length < MOST_LATER;
  if (run.session && fits) run.session.later = [...later, input];
  tell(run, fits ? 'kept_for_later' : 'too_many_for_later');
  askAgain(run);
}

/**
 * Nothing that keeps somebody's words begins before they have agreed to that. Whoever asks to be answered may, whatever they agree to; a
 * member is asked first whom their words are for.
 */
export function start(run: Run, { flow, answers, messageId = null, holds }: Begin): void {
  const { registry, person } = run;
  if (takesUpWork(run, { flow, answers })) return;
  const first = !person.consented && flow !== 'welcome' && flow !== 'member' && registry.get('welcome') !== undefined;
  const parts = partsOfSaid(answers, messageId, holds);
  if (first && keepsWords(registry, flow)) begin(run, 'welcome', { ...answers, goto: flow }, parts);
  else begin(run, flow, answers, parts);
}

function keepsWords(registry: FlowRegistry, id: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(id)) return false;
  const within = new Set([...seen, id]);
  return (registry.get(id)?.steps ?? []).some((step) => {
    if ('contribute' in step || ('keep' in step && PROFILE.some((part) => step.keep[part] !== undefined))) return true;
    if ('call' in step) return keepsWords(registry, step.call, within);
    return 'jump' in step && typeof step.jump === 'object' && keepsWords(registry, step.jump.flow, within);
  });
}

/** A form's fields as answers: only what its flow asks for; whoever left a field empty has skipped it. */
export function formAnswers(run: Run, form: string, fields: Record<string, string>): Record<string, Answer> {
  const asks = (run.registry.get(form)?.steps ?? []).filter((step) => 'ask' in step && step.ask !== 'consent');
  const entries = asks.flatMap((step): [string, Answer][] => {
    if (!('ask' in step)) return [];
    const name = step.save ?? step.id;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined && !isUnseen(field)) return [[name, field]];
    return step.skip ? [[name, null]] : [];
  });
  return Object.fromEntries(entries);
}

/** Nothing is open: words are kept whole and asked about, never dropped. */
export function idle(run: Run, input: Input): void {
  run.session = null;
  if (input.kind === 'choice') return stale(run, input);
  if (input.kind === 'unsupported') return tellUnsupported(run, input);
  const loose = freeTextIn(input);
  if (!loose) return input.kind === 'text' ? tell(run, 'wrong_empty') : undefined;
  if (run.person.consented) return keepFreeText(run, loose);
  const answers = {
    ...{ said: loose.said, files: loose.file, forwarded: whose({}, loose) },
    unclear: loose.file === null ? unclearIn(run, loose.said ?? '') : null,
  };
  begin(run, 'welcome', answers, partsOfSaid(answers, loose.messageId));
  run.took = 'said';
}
