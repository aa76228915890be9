import { say } from '../domain/message.ts';
import { textFor } from '../domain/texts.ts';
import { type FlowBook, following, plain } from './book.ts';
import { languageTag } from './messages.ts';
import {
  aside,
  askAgain,
  begin,
  CEILINGS,
  fail,
  knownIn,
  labelsIn,
  openAsk,
  phraseOf,
  proceed,
  question,
  type Run,
  tell,
} from './run.ts';
import { readSession } from './session.ts';
import type { Ask } from './source/schema.ts';
import { MOST_TEXT, picksOf, type Reading, readButton, readMedia, readText } from './steps/ask.ts';
import type { Input, Open, Person, Session, Turn, World } from './types.ts';

/**
 * One input taken to the next wait. Pure and total: any input in any state, also one that nobody made on purpose, gives
 * a turn. What an author did wrong ends in a `failed` event and a plain line.
 */
export function takeTurn(book: FlowBook, session: Session | null, person: Person, input: Input, world: World): Turn {
  const run: Run = {
    book,
    world,
    person: { ...person, language: languageTag(person.language) },
    session: readSession(session),
    events: [],
  };
  if (run.session) run.session.turns += 1;
  try {
    if ((run.session?.turns ?? 0) > CEILINGS.turnsASession)
      fail(run, run.session?.stack.at(-1)?.flow ?? '', '', 'Too many turns in one session.');
    else dispatch(run, input);
  } catch (error) {
    fail(run, run.session?.stack.at(-1)?.flow ?? '', '', error instanceof Error ? error.message : 'unknown');
  }
  return { session: run.session, events: run.events };
}

function dispatch(run: Run, input: Input): void {
  const command = commandIn(run, input);
  if (run.person.status === 'stopped') {
    if (command?.name === 'start') restart(run, command);
    return;
  }
  if (command) return obey(run, command);
  if (input.kind === 'begin') return startUnlessBusy(run, input);
  if (input.kind === 'form') return startUnlessBusy(run, { kind: 'begin', flow: input.form, answers: input.fields });
  if (input.kind === 'timeout') return timeOut(run, input.nonce);
  const asking = run.session?.open?.asking;
  if (asking && run.session?.open) return answerSystem(run, run.session.open, asking, input);
  const at = openAsk(run);
  if (!at) return idle(run, input);
  answer(run, at, input);
}

interface CommandInput {
  name: string;
  argument: string;
  words: string;
}

/** A slash command, or one of its words as the whole message: an idea that begins with "stop" stays an idea. */
function commandIn(run: Run, input: Input): CommandInput | null {
  if (input.kind === 'command') return { name: input.name, argument: input.argument, words: `/${input.name}` };
  if (input.kind !== 'text') return null;
  const word = plain(input.text);
  if (word === '' || word.length > 24 || word.includes(' ')) return null;
  const name = Object.hasOwn(run.book.messages.words, word) ? run.book.messages.words[word] : undefined;
  return name === undefined ? null : { name, argument: '', words: input.text.trim() };
}

function restart(run: Run, command: CommandInput): void {
  run.events.push({ kind: 'restarted', words: command.words });
  run.person.status = 'active';
  begin(run, 'welcome', startAnswers(run, command));
}

const startAnswers = (run: Run, command: CommandInput): Record<string, string> =>
  command.argument !== '' && run.book.get(command.argument) ? { goto: command.argument } : {};

const ASIDES = new Set(['mine', 'privacy', 'timeline']);

function obey(run: Run, command: CommandInput): void {
  const { name } = command;
  if (name === 'stop') {
    run.events.push({ kind: 'stopped', words: command.words });
    tell(run, 'stop_done');
    run.session = null;
  } else if (name === 'help') {
    tell(run, 'help');
    askAgain(run);
  } else if (name === 'language') askLanguage(run);
  else if (name === 'back') goBack(run);
  else if (name === 'cancel') cancel(run);
  else if (name === 'start')
    startUnlessBusy(run, { kind: 'begin', flow: 'welcome', answers: startAnswers(run, command) });
  else if (ASIDES.has(name) && run.book.get(name) && openAsk(run)) aside(run, name);
  else if (run.book.get(name)) startUnlessBusy(run, { kind: 'begin', flow: name, answers: {} });
  else {
    tell(run, 'unknown_command');
    askAgain(run);
  }
}

/** A half-given idea is never thrown away by a button: the person is asked first. */
function startUnlessBusy(run: Run, input: Extract<Input, { kind: 'begin' }>): void {
  if (hasDraft(run)) return askToLeave(run, input);
  if (run.session) run.events.push({ kind: 'ended', flow: run.session.stack[0]?.flow ?? '', how: 'left' });
  start(run, input);
}

function start(run: Run, { flow, answers }: Extract<Input, { kind: 'begin' }>): void {
  if (!run.person.consented && flow !== 'welcome' && flow !== 'respond' && run.book.get('welcome'))
    return begin(run, 'welcome', { ...answers, goto: flow });
  begin(run, flow, answers);
}

function hasDraft(run: Run): boolean {
  const { session } = run;
  if (!session) return false;
  const drafts = session.stack.some((frame) => run.book.get(frame.flow, frame.version)?.draft);
  return drafts && session.history.length > 1;
}

function askToLeave(run: Run, after: Input): void {
  systemQuestion(run, { kind: 'leave', after }, 'leave_ask', [
    { what: 'y', key: 'leave_yes' },
    { what: 'n', key: 'leave_no' },
  ]);
}

function systemQuestion(
  run: Run,
  asking: NonNullable<Open['asking']>,
  key: string,
  list: { what: string; key: string }[],
): void {
  if (!run.session) return;
  const phrase = phraseOf(run);
  const nonce = run.world.random();
  run.session.open = { ...blankOpen(run), ...run.session.open, nonce, asking };
  const choices = list.map((item) => ({ label: phrase(item.key), data: `${nonce}:${item.what}` }));
  run.events.push({ kind: 'said', message: say(phrase(key), choices) });
}

const blankOpen = (run: Run): Open => ({ nonce: '', askedAt: run.world.now, tries: 0, page: 0, picked: [] });

function answerSystem(run: Run, open: Open, asking: NonNullable<Open['asking']>, input: Input): void {
  if (asking.kind === 'language') return answerLanguage(run, open, input);
  const said = systemAnswer(run, open, input, ['leave_yes', 'leave_no'], ['y', 'n']);
  if (said === null) return stale(run, input);
  const nonce = open.nonce;
  delete open.asking;
  if (said === 'y') {
    run.events.push({ kind: 'ended', flow: run.session?.stack[0]?.flow ?? '', how: 'left' });
    run.session = null;
    if (asking.after.kind === 'begin') start(run, asking.after);
    else tell(run, 'cancelled');
  } else if (said === 'n') {
    open.nonce = run.world.random();
    askAgain(run);
  } else {
    // Neither yes nor no: it is taken as the answer to the question that was open.
    const at = openAsk(run);
    open.nonce = run.world.random();
    if (at) answer(run, at, input);
    else idle(run, input);
  }
  if (run.session) run.session.lastNonce = nonce;
}

/** Which of the buttons, pressed or typed; `other` for other words, null for a button that is not ours. */
function systemAnswer(run: Run, open: Open, input: Input, keys: string[], whats: string[]): string | null {
  if (input.kind === 'choice') {
    const what = input.data.startsWith(`${open.nonce}:`) ? input.data.slice(open.nonce.length + 1) : '';
    return whats.includes(what) ? what : null;
  }
  if (input.kind !== 'text') return 'other';
  const word = plain(input.text);
  const index = keys.findIndex((key) => Object.values(allTexts(run, key)).some((text) => plain(text) === word));
  return whats[index] ?? (/^\d$/.test(word) ? (whats[Number(word) - 1] ?? 'other') : 'other');
}

function allTexts(run: Run, key: string): Record<string, string> {
  const texts = labelsIn(run)(key);
  return typeof texts === 'string' ? { en: texts } : texts;
}

function askLanguage(run: Run): void {
  const names = run.world.languages;
  run.session ??= {
    id: run.world.random(),
    stack: [],
    answers: {},
    open: null,
    history: [],
    lastNonce: null,
    messageId: null,
    turns: 0,
    startedAt: run.world.now,
    timeoutAt: null,
  };
  const nonce = run.world.random();
  run.session.open = { ...blankOpen(run), ...run.session.open, nonce, asking: { kind: 'language' } };
  const choices = names.map((language, index) => ({ label: nameOf(language), data: `${nonce}:l${index}` }));
  run.events.push({ kind: 'said', message: say(phraseOf(run)('language_ask'), choices) });
}

/** A language in its own words. */
function nameOf(language: string): string {
  try {
    const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language;
  }
}

function answerLanguage(run: Run, open: Open, input: Input): void {
  const chosen = chosenLanguage(run, open, input);
  if (chosen === null) return stale(run, input);
  const { session } = run;
  if (!session) return;
  delete open.asking;
  session.lastNonce = open.nonce;
  open.nonce = run.world.random();
  if (chosen !== undefined) {
    run.person.language = chosen;
    run.events.push({ kind: 'language', language: chosen });
    tell(run, 'language_done');
  }
  const at = openAsk(run);
  if (!at) run.session = null;
  else if (chosen === undefined) answer(run, at, input);
  else askAgain(run);
  if (run.session === null && chosen === undefined) idle(run, input);
}

/** Null: somebody else's button. Undefined: words that name no language. */
function chosenLanguage(run: Run, open: Open, input: Input): string | null | undefined {
  const { languages } = run.world;
  if (input.kind === 'choice') {
    const index = input.data.startsWith(`${open.nonce}:l`)
      ? Number(input.data.slice(open.nonce.length + 2))
      : Number.NaN;
    return languages[index] ?? null;
  }
  if (input.kind !== 'text') return undefined;
  const word = plain(input.text);
  if (/^\d{1,2}$/.test(word)) return languages[Number(word) - 1];
  return languages.find((language) => word === language.toLowerCase() || word === plain(nameOf(language)));
}

function goBack(run: Run): void {
  const at = openAsk(run);
  if (!at || !run.session) return tell(run, 'nothing_open');
  delete at.open.asking;
  const { history } = run.session;
  const previous = history.filter((id) => id !== at.step.id).at(-1);
  if (previous === undefined) {
    tell(run, 'nothing_before');
    return askAgain(run);
  }
  run.session.history = history.slice(0, history.indexOf(previous));
  proceed(run, previous);
}

function cancel(run: Run): void {
  if (!run.session) return tell(run, 'nothing_open');
  if (hasDraft(run)) return askToLeave(run, { kind: 'command', name: 'cancel', argument: '' });
  run.events.push({ kind: 'ended', flow: run.session.stack[0]?.flow ?? '', how: 'cancelled' });
  run.session = null;
  tell(run, 'cancelled');
}

/** Nothing is open: words are kept whole and asked about, never dropped. */
function idle(run: Run, input: Input): void {
  run.session = null;
  if (input.kind === 'choice') return stale(run, input);
  if (input.kind === 'unsupported') return tell(run, 'unsupported');
  if (input.kind === 'text')
    begin(run, run.person.consented ? 'loose' : 'welcome', { said: input.text.slice(0, MOST_TEXT) });
  else if (input.kind === 'media')
    begin(run, run.person.consented ? 'loose' : 'welcome', {
      said: input.caption || (input.attachment.name ?? input.attachment.kind),
      files: input.attachment,
    });
  else return;
  if (run.session && input.kind === 'text') (run.session as Session).messageId = input.messageId ?? null;
}

function stale(run: Run, input: Input): void {
  const again = input.kind === 'choice' && run.session?.lastNonce && input.data.startsWith(`${run.session.lastNonce}:`);
  if (!again) tell(run, 'stale_button');
}

function timeOut(run: Run, nonce: string): void {
  const at = openAsk(run);
  if (!at || at.open.nonce !== nonce || !run.session?.timeoutAt || run.session.timeoutAt > run.world.now) return;
  close(run, at.open);
  proceed(run, at.step.timeout?.goto ?? null);
}

function close(run: Run, open: Open): void {
  if (!run.session) return;
  run.session.lastNonce = open.nonce;
  run.session.open = null;
  run.session.timeoutAt = null;
}

type At = NonNullable<ReturnType<typeof openAsk>>;

function answer(run: Run, at: At, input: Input): void {
  const picks = picksOf(at.step, run.world, labelsIn(run));
  const known = knownIn(run, at.flow);
  if (input.kind === 'choice') {
    const mine = input.data.startsWith(`${at.open.nonce}:`);
    const reading = mine
      ? readButton(at.step, picks, at.open, input.data.slice(at.open.nonce.length + 1), known)
      : null;
    return reading ? take(run, at, reading, input) : stale(run, input);
  }
  if (input.kind === 'text') {
    const skips = Object.values(allTexts(run, 'skip')).map(plain);
    return take(run, at, readText(at.step, picks, at.open, input.text, skips, known), input);
  }
  if (input.kind === 'media') {
    const reading = readMedia(at.step, input.attachment);
    const words =
      reading.kind === 'wrong' && input.caption !== ''
        ? readText(at.step, picks, at.open, input.caption, [], known)
        : reading;
    return take(run, at, words, input);
  }
  tell(run, 'unsupported');
}

function take(run: Run, at: At, reading: Reading, input: Input): void {
  const { step, open, flow } = at;
  const { session } = run;
  if (!session) return;
  switch (reading.kind) {
    case 'wrong':
      return isSpeech(run, at, input) ? keepSpeech(run, at, input.text) : wrong(run, at, reading);
    case 'page':
      open.page = reading.page;
      return askAgain(run);
    case 'picked':
      open.picked = reading.picked;
      return askAgain(run);
    case 'skipped':
      delete session.answers[step.save ?? step.id];
      close(run, open);
      return proceed(run, step.next ?? following(flow, step.id));
    case 'answer':
      session.answers[step.save ?? step.id] = reading.value;
      if (input.kind === 'text' && step.ask === 'text') session.messageId = input.messageId ?? session.messageId;
      close(run, open);
      return proceed(
        run,
        step.ask === 'consent'
          ? consent(run, at, reading.value)
          : (reading.next ?? step.next ?? following(flow, step.id)),
      );
  }
}

/** Somebody who writes sentences where a button was expected is telling us something: it is kept, not corrected. */
function isSpeech(run: Run, { flow, step }: At, input: Input): input is Extract<Input, { kind: 'text' }> {
  const menu = step.ask === 'choice' && !flow.draft && run.person.consented && run.book.get('loose') !== undefined;
  return menu && input.kind === 'text' && plain(input.text).split(' ').length >= 3;
}

function keepSpeech(run: Run, { flow }: At, words: string): void {
  const before = flow.flow === 'loose' ? run.session?.answers.said : undefined;
  begin(run, 'loose', { said: (typeof before === 'string' ? `${before}\n\n${words}` : words).slice(0, MOST_TEXT) });
}

function consent(run: Run, { step, flow }: At, value: unknown): string | null {
  const version = step.consent?.version ?? '1';
  const labels = labelsIn(run);
  const words = textFor(labels(value === 'agree' ? 'agree' : 'decline'), run.person.language, run.world.languages);
  run.events.push({ kind: value === 'agree' ? 'consented' : 'declined', version, words });
  run.person.consented = value === 'agree';
  const next = step.next ?? following(flow, step.id);
  return value === 'agree' ? next : (step.declined ?? next);
}

function wrong(run: Run, at: At, reading: Extract<Reading, { kind: 'wrong' }>): void {
  const { step, open } = at;
  open.tries += 1;
  if (step.retries !== undefined && open.tries >= step.retries && (step.otherwise || step.skip)) {
    close(run, open);
    return proceed(run, step.otherwise ?? step.next ?? following(at.flow, step.id));
  }
  run.events.push({ kind: 'said', message: question(run, at.flow, step, correction(run, step, reading)) });
}

function correction(run: Run, step: Ask, reading: Extract<Reading, { kind: 'wrong' }>): string {
  const own = reading.key === 'wrong_choice' ? undefined : step.check?.message;
  return own ? textFor(own, run.person.language, run.world.languages) : phraseOf(run)(reading.key, reading.values);
}
