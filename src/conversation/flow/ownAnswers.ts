import { type OutboundMessage, say } from '../../core/message.ts';
import { stale } from './answer.ts';
import type { CommandInput } from './commands.ts';
import { anyLanguageIn, languageNamed, languagesKnown, speak } from './languages.ts';
import {
  askLanguage,
  askToStop,
  languageQuestion,
  ownData,
  readLanguage,
  readLeave,
  readOwn,
  stopQuestion,
} from './ownQuestions.ts';
import { askAgain } from './question.ts';
import { openAsk, type Run, tell } from './run.ts';
import { settleForGood } from './settle.ts';
import { start } from './start.ts';
import { begin, beginLater } from './stepRunner.ts';
import { isGood } from './steps/standing.ts';
import type { Input, Open, Session } from './types.ts';
import { leaveUnfinished } from './unfinished.ts';

type Asking = NonNullable<Open['asking']>;
type GoOn = (run: Run, input: Input) => void;

/** @param goOn takes what is no answer to it */
export function answerOwn(run: Run, open: Open, asking: Asking, input: Input, goOn: GoOn): void {
  if (asking.kind === 'language') answerLanguage(run, open, input, goOn);
  else if (asking.kind === 'stop') answerStop(run, open, asking.words, input, goOn);
  else answerLeave(run, open, asking.wanted, input, goOn);
}

function answerLeave(run: Run, open: Open, wanted: Input, input: Input, goOn: GoOn): void {
  const said = readLeave(run, open, input);
  if (said === null) return stale(run, input);
  const { nonce } = open;
  if (said !== 'other') run.took = null;
  delete open.asking;
  open.nonce = run.world.random();
  if (said === 'leave') leave(run, wanted);
  else if (said === 'stay') askAgain(run);
  else goOn(run, input);
  if (run.session) run.session.lastNonce = nonce;
}

function answerStop(run: Run, open: Open, words: string, input: Input, goOn: GoOn): void {
  const said = readLeave(run, open, input);
  if (said === null || !run.session) return stale(run, input);
  if (said !== 'other' && input.kind === 'text') noteAnswered(run, stopQuestion(run), ownData(run, 'stop', said));
  if (said === 'leave') return stop(run, words);
  run.session.lastNonce = open.nonce;
  delete open.asking;
  open.nonce = run.world.random();
  if (said === 'other') return goOn(run, input);
  run.took = null;
  stay(run, said, words);
}

function stay(run: Run, said: 'answers' | 'stay', words: string): void {
  if (said === 'answers') run.events.push({ kind: 'kept', own: { wants: 'answers' }, words });
  tell(run, said === 'answers' ? 'stop_answers_done' : 'stop_not');
  if (openAsk(run)) askAgain(run);
  else run.session = null;
}

function leave(run: Run, wanted: Input): void {
  run.events.push({ kind: 'ended', flow: run.session?.stack[0]?.flow ?? '', how: 'left' });
  const later = run.session?.later;
  run.session = null;
  if (wanted.kind !== 'begin') {
    tell(run, 'cancelled');
    return beginLater(run, later);
  }
  start(run, wanted);
  if (later && run.session) (run.session as Session).later = later;
}

/** They are gone at once; what they are asked then stands open as long as they like, and may be left unanswered. */
export function stop(run: Run, words: string): void {
  settleForGood(run);
  leaveUnfinished(run);
  run.events.push({ kind: 'stopped', words });
  run.session = null;
  run.person.status = 'stopped';
  begin(run, 'stopped', {});
}

function answerLanguage(run: Run, open: Open, input: Input, goOn: GoOn): void {
  const chosen = readLanguage(run, input);
  if (chosen === null || !run.session) return stale(run, input);
  delete open.asking;
  run.session.lastNonce = open.nonce;
  open.nonce = run.world.random();
  if (chosen === undefined) return goOn(run, input);
  if (input.kind === 'text') noteAnswered(run, languageQuestion(run), ownData(run, 'language', chosen));
  speakOn(run, chosen);
}

/** "/language español"; without a name it is asked, as with one that we have no line in. */
export function changeLanguage(run: Run, { argument }: CommandInput): void {
  const known = languagesKnown(run);
  const wanted = languageNamed(argument, known, known);
  if (wanted === undefined) return askLanguage(run);
  if (run.session?.open?.asking?.kind === 'language')
    noteAnswered(run, languageQuestion(run), ownData(run, 'language', wanted));
  if (run.world.languages.includes(wanted)) return speakOn(run, wanted);
  run.events.push({ kind: 'said', message: say(anyLanguageIn(run, wanted)) });
  askAgain(run);
}

/** What is open is asked again in that language. */
function speakOn(run: Run, language: string): void {
  speak(run, language);
  tell(run, 'language_done');
  if (openAsk(run)) askAgain(run);
  else run.session = null;
}

/** What was chosen of a question of the engine's own that was answered in words. */
function noteAnswered(run: Run, question: OutboundMessage, data: string): void {
  run.answered = { question, data };
}

/** Presses a button of such a question when something else is asked by now. True when it was one. */
export function pressesOwn(run: Run, input: Input): boolean {
  const own = input.kind === 'choice' ? readOwn(run, input.data) : null;
  if (!own || run.session?.open?.asking?.kind === own.asks) return false;
  if (run.person.status === 'stopped') return true;
  if (own.asks === 'language') speakOn(run, own.language);
  else if (!isGood(own.askedAt, run.world.now)) askToStop(run, own.label);
  else if (own.way === 'leave') stop(run, own.label);
  else stay(run, own.way, own.label);
  return true;
}
