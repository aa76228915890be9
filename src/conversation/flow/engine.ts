import { languageTag } from '../../core/messageFormat.ts';
import { isUnseen } from '../../core/unseen.ts';
import { agree } from './agree.ts';
import { beginAlbum, joinsAlbum } from './albums.ts';
import { answer, readingOf } from './answer.ts';
import { layAside, leavesWork } from './atWork.ts';
import { goBack, goOnWith, leaveFor } from './back.ts';
import { joinsBurst } from './burst.ts';
import { asSpoken, type CommandInput, commandIn, isOffered } from './commands.ts';
import { hasDraft, isExpired } from './drafts.ts';
import { reword } from './edits.ts';
import type { Turn } from './events.ts';
import { type FlowRegistry, isOpenTo, isOpenToStopped } from './flowRegistry.ts';
import { recent, remembered } from './last.ts';
import { ASIDES, openFromMenu } from './menu.ts';
import { answerOwn, changeLanguage, pressesOwn, stop } from './ownAnswers.ts';
import { askToLeave } from './ownQuestions.ts';
import { endWithProcess } from './processOver.ts';
import { askAgain } from './question.ts';
import { joinsRest, repeats } from './rest.ts';
import { type At, CEILINGS, close, fail, openAsk, type Run, refuseLength, tell, tellTooLarge } from './run.ts';
import { readSession } from './session.ts';
import { settleForGood } from './settle.ts';
import { pressesStanding } from './standing.ts';
import { firstAnswer, formAnswers, idle, startAnswers, startUnlessBusy } from './start.ts';
import { aside, begin, beginLater, proceed } from './stepRunner.ts';
import { MOST_TEXT, openedBy } from './steps/ask.ts';
import { answerBesides, answersTalk } from './talking.ts';
import type { Begin, Input, Person, Session, World } from './types.ts';
import { leaveUnfinished, offerUnfinished, remind, takeUpReminded, unfinishedIn } from './unfinished.ts';

/**
 * One input taken to the next wait. Pure and total: any input in any state, also one that nobody made on purpose, gives
 * a turn. What an author did wrong ends in a `failed` event and a plain line.
 */
export function takeTurn(
  registry: FlowRegistry,
  session: Session | null,
  person: Person,
  input: Input,
  world: World,
): Turn {
  const who = { ...person, language: languageTag(person.language) };
  const words = input.kind === 'text' ? input.text.trim() : '';
  const before = readSession(session);
  const seenBefore = before?.seenAt ?? 0;
  const at = world.saidAt ?? world.now;
  const last = recent(person.last ?? null, at);
  const unfinished = [...(person.unfinished ?? [])];
  const heard = { seenBefore, words, last, unfinished, events: [], asked: [] };
  const run: Run = { registry, world, person: who, session: before, ...heard };
  expire(run);
  if (run.session)
    Object.assign(run.session, { turns: run.session.turns + 1, ...(isTheirs(input) && { seenAt: world.now }) });
  try {
    dispatch(run, input);
    answerBesides(run);
    endWithProcess(run, before?.id);
    offerUnfinished(run);
  } catch (error) {
    fail(run, run.session?.stack.at(-1)?.flow ?? '', '', error instanceof Error ? error.message : 'unknown');
  }
  const taken = input.kind === 'text' && run.took !== undefined ? remembered(input, run.took, at, world.now) : last;
  const { unfinished: left, events, answered } = run;
  return { session: run.session, last: taken, unfinished: left, events, ...(answered && { answered }) };
}

const isTheirs = ({ kind }: Input): boolean => kind !== 'timeout' && kind !== 'reminded';

/** A conversation that nobody has gone on with for as long as its flow says is over. */
function expire(run: Run): void {
  const { registry, session, world } = run;
  if (!session || !isExpired({ registry, session }, world.now)) return;
  leaveUnfinished(run);
  run.events.push({ kind: 'ended', flow: session.stack[0]?.flow ?? '', how: 'timed_out' });
  run.session = null;
}

function dispatch(run: Run, given: Input): void {
  const input = run.person.status === 'stopped' ? given : asSpoken(run, given);
  const command = commandIn(run, input);
  if (pressesStanding(run, input) || pressesOwn(run, input)) return;
  if (run.person.status === 'stopped') return hearStopped(run, input, command);
  // Whoever wants to leave may, whatever else is wrong.
  if (command?.name === 'stop') return leavesWork(run, input) ? undefined : stop(run, command.words);
  if (isWornOut(run))
    return void fail(run, run.session?.stack.at(-1)?.flow ?? '', '', 'Too many turns in one session.');
  const longest = longestText(input);
  if (longest > MOST_TEXT) return refuseLength(run, longest);
  if (command) return obey(run, command);
  if (input.kind === 'begin') return startFrom(run, input);
  if (input.kind === 'form')
    return startUnlessBusy(run, {
      kind: 'begin',
      flow: input.form,
      answers: formAnswers(run, input.form, input.fields),
      spoken: true,
    });
  if (input.kind === 'agree') return agree(run);
  if (input.kind === 'timeout') return timeOut(run, input.nonce);
  if (input.kind === 'reminded') return remind(run, input.hasGiven);
  const opened = input.kind === 'choice' ? openedBy(input.data) : null;
  if (opened !== null && isOpenTo(run.registry, opened)) return openFromMenu(run, opened);
  const left = input.kind === 'choice' ? unfinishedIn(run, input.data) : null;
  if (left) return left.goesOn ? goOnWith(run, left.left) : leaveFor(run, left.left);
  if (input.kind === 'edited') return reword(run, input);
  if (input.kind === 'media' && input.tooLarge !== undefined) return hearBeside(run, input, input.tooLarge);
  hear(run, input);
}

function startFrom(run: Run, input: Begin): void {
  if (isAside(run, input.flow)) return aside(run, input.flow);
  startUnlessBusy(run, input);
  beginAlbum(run, input);
}

/** What is said, shown or pressed. */
function hear(run: Run, input: Input): void {
  if (input.kind === 'text' && (repeats(run, input) || joinsRest(run, input))) return;
  if (joinsAlbum(run, input) || joinsBurst(run, input)) return;
  run.album = input.kind === 'media' && input.album !== undefined;
  if (run.session?.open?.asking) answerOwn(run, run.session.open, run.session.open.asking, input, answerOpen);
  else answerOpen(run, input);
  beginAlbum(run, input);
}

/** Of a file that nobody can fetch there is nothing to keep but the words beside it. */
function hearBeside(run: Run, { caption, messageId = null }: Extract<Input, { kind: 'media' }>, mostBytes: number) {
  tellTooLarge(run, mostBytes);
  if (!isUnseen(caption)) hear(run, { kind: 'text', text: caption, messageId });
}

const isWornOut = (run: Run): boolean => (run.session?.turns ?? 0) > CEILINGS.turnsASession;

function longestText(input: Input): number {
  if (input.kind === 'text' || input.kind === 'edited') return input.text.length;
  if (input.kind === 'media') return input.caption.length;
  if (input.kind !== 'form') return 0;
  return Math.max(0, ...Object.values(input.fields).map((field) => field.length));
}

function restart(run: Run, command: CommandInput): void {
  run.events.push({ kind: 'restarted', words: command.words });
  run.person.status = 'active';
  begin(run, 'welcome', startAnswers(run, command));
}

/** Who has stopped may come back, choose what still reaches them, and see or erase what is held; nothing else is heard. */
function hearStopped(run: Run, input: Input, command: CommandInput | null): void {
  if (command?.name === 'start' || command?.name === 'back') return restart(run, command);
  const wanted = command ? command.name : input.kind === 'begin' ? input.flow : null;
  if (wanted !== null && isOpenToStopped(wanted)) return begin(run, wanted, {});
  const at = openAsk(run);
  if (at && isOpenToStopped(at.flow.flow) && isAnswerTo(run, at, input)) answer(run, at, input);
}

const isAnswerTo = (run: Run, at: At, input: Input): boolean =>
  isOffered(run, input) || (input.kind === 'text' && readingOf(run, at, input.text) !== null);

/** Something to read in between: the open question is asked again after it. */
const isAside = (run: Run, flow: string): boolean => ASIDES.has(flow) && openAsk(run) !== null;

function obey(run: Run, command: CommandInput): void {
  const { name } = command;
  if (name === 'language') return changeLanguage(run, command);
  if (name === 'back') return goBack(run);
  if (name === 'cancel') return cancel(run);
  if (name === 'start')
    return startUnlessBusy(run, { kind: 'begin', flow: 'welcome', answers: startAnswers(run, command) });
  if (name !== 'help' && isOpenTo(run.registry, name)) {
    if (isAside(run, name)) return aside(run, name);
    return startUnlessBusy(run, { kind: 'begin', flow: name, answers: firstAnswer(run, command) });
  }
  if (name === 'help' && run.person.isMember) tell(run, 'help_member');
  tell(run, name === 'help' ? 'help' : 'unknown_command');
  askAgain(run);
}

/** Held against the question that is open, if there is one. */
function answerOpen(run: Run, input: Input): void {
  if (input.kind === 'text' || input.kind === 'media') takeUpReminded(run);
  if (answersTalk(run, input)) return;
  const at = openAsk(run);
  if (at) answer(run, at, input);
  else idle(run, input);
}

function cancel(run: Run): void {
  if (!run.session) return tell(run, 'nothing_open');
  if (layAside(run)) return;
  if (hasDraft(run)) return askToLeave(run, { kind: 'command', name: 'cancel', argument: '' });
  run.events.push({ kind: 'ended', flow: run.session.stack[0]?.flow ?? '', how: 'cancelled' });
  if (settleForGood(run)) return;
  const later = run.session?.later;
  run.session = null;
  tell(run, 'cancelled');
  beginLater(run, later);
}

function timeOut(run: Run, nonce: string): void {
  const { session } = run;
  if (!session?.timeoutAt || session.timeoutAt > run.world.now) return;
  const at = openAsk(run);
  const goto = at?.step.timeout?.goto;
  if (!at || goto === undefined) {
    // Left over from an older version: asked about again and again otherwise.
    session.timeoutAt = null;
    return;
  }
  if (at.open.nonce !== nonce) return;
  // Whoever has gone away since is not led to what they had pressed.
  if (session.later) session.later = session.later.filter(({ spoken }) => spoken);
  close(run, at.open);
  proceed(run, goto);
}
