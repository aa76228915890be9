import { say } from '../../core/message.ts';
import { textFor } from '../../core/texts.ts';
import { askToChoose, readingOf } from './answer.ts';
import { answersAtWork } from './atWork.ts';
import { isOffered } from './commands.ts';
import { hasDraft } from './drafts.ts';
import { isOpenTo } from './flowRegistry.ts';
import { holdsIdea, keepFreeText, keptAside } from './freeText.ts';
import { freeTextIn } from './heardWords.ts';
import { askedLess } from './lessAsked.ts';
import { askToStop } from './ownQuestions.ts';
import { askAgain } from './question.ts';
import { type At, openAsk, phraseOf, type Run, tell } from './run.ts';
import type { Flow, Step } from './source/schema.ts';
import { keepForLater } from './start.ts';
import { begin } from './stepRunner.ts';
import { isWork } from './steps/act.ts';
import { opening } from './steps/ask.ts';
import { leaveIn, type Talk, talkIn, talkInAnswer, talkUnasked } from './talk.ts';
import type { AnswerTo, Faq, Input, Known } from './types.ts';

type Text = Extract<Input, { kind: 'text' }>;
type Answered = Exclude<Talk, { kind: 'leave' | 'person' }>;

/** Talk is answered, and not taken for what was asked, nor for an idea. True when it was. */
export function answersTalk(run: Run, input: Input): boolean {
  if (input.kind !== 'text' || input.forwarded || isOffered(run, input)) return false;
  if (askedLess(run, input)) return true;
  const at = openAsk(run);
  if (at && isWork(at.flow)) return answersAtWork(run, at, input.text);
  const talk = at ? talkAt(run, at, input.text) : talkUnasked(run, input.text);
  if (!talk) return false;
  if (talk.kind === 'person') return at !== null && askPerson(run, input);
  if (talk.kind === 'leave') askToStop(run, input.text.trim());
  else if (at) answerBetween(run, at, talk);
  else answerUnasked(run, talk, input.text);
  run.took = null;
  return true;
}

const isWritten = ({ ask }: At['step']): boolean => ask === 'text' || ask === 'place';

/** What is talk depends on what it could be the answer to. */
function talkAt(run: Run, at: At, said: string): Talk | null {
  const { step, flow } = at;
  const reading = readingOf(run, at, said);
  if (!isWritten(step)) return reading === null ? talkIn(run, said) : null;
  if (reading === 'skipped') return null;
  const to = recordedAs(flow, step.save ?? step.id);
  return to === undefined ? leaveIn(run, said) : talkInAnswer(run, said, to);
}

/** What the words of an answer become a part of; undefined: of nothing that is kept. */
function recordedAs({ steps }: Flow, name: string): AnswerTo | undefined {
  const step = steps.find((each) => takesUp(each, name));
  if (!step) return undefined;
  if ('thread' in step) return 'thread';
  return 'contribute' in step && step.contribute === 'idea' ? 'idea' : 'answer';
}

function takesUp(step: Step, name: string): boolean {
  if ('edit' in step) return step.text === name;
  if ('thread' in step) return step.textOf.includes(name);
  if (!('contribute' in step || 'amend' in step)) return false;
  const names = [...(step.textOf ?? []), ...(step.fields ?? [])];
  return names.includes(name) || ('text' in step && (step.text?.includes(`{${name}`) ?? false));
}

/** After these nobody needs to be asked again. */
const ENDINGS: readonly (string | null)[] = ['talk_thanks', 'talk_goodbye'];

/** The open question is asked again behind what may have led away from it. */
function answerBetween(run: Run, at: At, talk: Answered): void {
  if (talk.kind === 'nod' && !isWritten(at.step) && !at.step.menu) return askToChoose(run, at);
  if (talk.kind === 'small' && talk.answer) tell(run, talk.answer);
  if (talk.kind === 'small' && ENDINGS.includes(talk.answer)) return;
  if (talk.kind === 'known') tellKnown(run, talk.answers);
  if (talk.kind === 'known' && isWritten(at.step)) tell(run, 'talk_not_taken');
  if (talk.kind === 'known' && talk.left !== null && keepsLeft(run, at, talk.left)) return;
  // What the menu offers stands above, and is no question that waits for an answer.
  if (talk.kind !== 'known' || !at.step.menu) askAgain(run);
}

/** A question that we have no answer to is not lost beside one that we have. True when it was kept. */
function keepsLeft(run: Run, at: At, left: string): boolean {
  const input: Text = { kind: 'text', text: left };
  return askPerson(run, input) || keptAside(run, at, input);
}

/** What was asked at the end of an idea is answered behind its receipt, which says itself when the forum answers. */
export function answerBesides(run: Run): void {
  const { besides, session, person } = run;
  if (!besides) return;
  const { asked, known } = besides;
  if (known?.kind === 'shown' && known.what === 'newest') return;
  if (known) tellKnown(run, [known]);
  else if (session === null && person.consented) begin(run, 'loose', { said: asked, unclear: 'also' });
}

function tellKnown(run: Run, answers: readonly Known[]): void {
  for (const known of answers)
    run.events.push(known.kind === 'faq' ? { kind: 'said', message: say(answerOf(run, known.entry)) } : known);
}

function answerUnasked(run: Run, talk: Answered, said: string): void {
  run.session = null;
  if (!run.person.consented) return welcome(run, talk);
  if (talk.kind === 'nod') return answerNod(run, said);
  if (talk.kind === 'small') return talk.answer ? tell(run, talk.answer) : undefined;
  const [first, ...others] = talk.answers;
  if (first?.kind === 'faq' && others.length === 0 && talk.left === null)
    return begin(run, 'loose', { said, unclear: 'question', told: answerOf(run, first.entry) });
  tellKnown(run, talk.answers);
  if (talk.left !== null) askPerson(run, { kind: 'text', text: talk.left });
}

/** Where whoever answers something that nothing asks may have wanted to go. */
const LEADS = ['mine', 'idea', 'ask'];

const SPOKEN = /[\p{L}\p{N}]/u;

/** An answer to nothing. A thumb asks for none, and what is being gathered gets its receipt. */
function answerNod(run: Run, said: string): void {
  if (run.person.recent?.isOpen || !SPOKEN.test(said)) return;
  const { registry, person, world } = run;
  const { commands } = registry.messages;
  const choices = LEADS.filter((flow) => isOpenTo(registry, flow)).map((flow) => ({
    label: textFor(commands[flow] ?? flow, person.language, world.languages),
    data: opening(flow),
  }));
  run.events.push({ kind: 'said', message: say(phraseOf(run)('talk_nod'), choices) });
}

/** Whoever has not agreed is answered what we can answer, and learns what this is. */
function welcome(run: Run, talk: Answered): void {
  if (talk.kind === 'known') tellKnown(run, talk.answers);
  if (talk.kind === 'small' && talk.answer && talk.answer !== 'talk_greeting') tell(run, talk.answer);
  else begin(run, 'welcome', talk.kind === 'known' && talk.left ? { said: talk.left, unclear: 'question' } : {});
}

/** What only a person can answer is asked about at once, or after what is half-given. True when it was. */
function askPerson(run: Run, input: Text): boolean {
  const loose = freeTextIn(input);
  // Before they have agreed it is kept as other words are.
  if (!loose || !run.person.consented) return false;
  if (!hasDraft(run) && !holdsIdea(run)) keepFreeText(run, loose);
  else
    keepForLater(run, {
      kind: 'begin',
      flow: 'loose',
      answers: { said: input.text, unclear: 'question' },
      messageId: input.messageId ?? null,
      spoken: true,
    });
  return true;
}

const answerOf = ({ person, world }: Run, { answer }: Faq): string => textFor(answer, person.language, world.languages);
