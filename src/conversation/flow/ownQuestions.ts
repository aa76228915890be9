import { say } from '../../core/message.ts';
import { intentOf } from './intents.ts';
import { languageNamed, ownName } from './languages.ts';
import { plain } from './plain.ts';
import { blankOpen } from './question.ts';
import { phraseOf, type Run } from './run.ts';
import type { Input, Open } from './types.ts';
import { labelsIn } from './values.ts';

/** Questions of the engine's own, which stand before the flow's open one: leave this half-given? which language? no more? */

export function askToLeave(run: Run, wanted: Input): void {
  const phrase = phraseOf(run);
  ask(run, { kind: 'leave', wanted }, phrase('leave_ask'), [
    { what: 'y', label: phrase('leave_yes') },
    { what: 'n', label: phrase('leave_no') },
  ]);
}

export function askLanguage(run: Run): void {
  const names = run.world.languages.map((language, index) => ({ what: `l${index}`, label: ownName(language) }));
  ask(run, { kind: 'language' }, phraseOf(run)('language_ask'), names);
}

/** @param words what they wrote that may mean it */
export function askToStop(run: Run, words: string): void {
  const phrase = phraseOf(run);
  ask(run, { kind: 'stop', words }, phrase('stop_ask'), [
    { what: 'y', label: phrase('stop_yes') },
    ...(run.person.consented ? [{ what: 'a', label: phrase('stop_answers') }] : []),
    { what: 'n', label: phrase('stop_no') },
  ]);
}

function ask(run: Run, asking: NonNullable<Open['asking']>, words: string, list: { what: string; label: string }[]) {
  run.session ??= {
    id: run.world.random(),
    process: run.world.process.id,
    stack: [],
    answers: {},
    open: null,
    history: [],
    lastNonce: null,
    turns: 0,
    startedAt: run.world.now,
    seenAt: run.world.now,
    timeoutAt: null,
  };
  const nonce = run.world.random();
  run.session.open = { ...blankOpen(run), ...run.session.open, nonce, asking };
  const choices = list.map(({ what, label }) => ({ label, data: `${nonce}:${what}` }));
  run.events.push({ kind: 'said', message: say(words, choices) });
}

/** Pressed or typed; `other` for other words, null for a button that is not of this question. */
export function readLeave(run: Run, open: Open, input: Input): 'leave' | 'answers' | 'stay' | 'other' | null {
  const kind = open.asking?.kind === 'stop' ? 'stop' : 'leave';
  const ways = kind === 'stop' && run.person.consented ? WITH_ANSWERS : WAYS;
  if (input.kind === 'choice') return ways.find(({ what }) => input.data === `${open.nonce}:${what}`)?.way ?? null;
  if (input.kind !== 'text') return 'other';
  const word = plain(input.text);
  const named = ways.find(({ key }, at) => word === `${at + 1}` || spellings(run, `${kind}_${key}`).includes(word));
  if (named) return named.way;
  const said = intentOf(run.registry.intents, input.text, ['agree', 'decline', 'leave', 'answers']);
  if (said === 'answers' && ways === WITH_ANSWERS) return 'answers';
  if (said === 'agree' || (said === 'leave' && kind === 'stop')) return 'leave';
  return said === 'decline' ? 'stay' : 'other';
}

const LEAVES = { what: 'y', key: 'yes', way: 'leave' } as const;
const STAYS = { what: 'n', key: 'no', way: 'stay' } as const;
const WAYS = [LEAVES, STAYS] as const;
/** Whoever has agreed may keep what is owed to them, in the order in which they are asked. */
const WITH_ANSWERS = [LEAVES, { what: 'a', key: 'answers', way: 'answers' }, STAYS] as const;

/** A system string in every language, as typed words are compared with it. */
export function spellings(run: Run, key: string): string[] {
  const texts = labelsIn(run)(key);
  if (typeof texts === 'string') return [plain(texts)];
  const spelled = spelledOut.get(texts) ?? Object.values(texts).map(plain);
  spelledOut.set(texts, spelled);
  return spelled;
}

/** The catalog's labels stay the same from turn to turn. */
const spelledOut = new WeakMap<object, string[]>();

/** Null: a button that is not of this question. Undefined: words that name no language. */
export function readLanguage(run: Run, open: Open, input: Input): string | null | undefined {
  const { languages } = run.world;
  if (input.kind === 'choice') return languages.find((_, index) => input.data === `${open.nonce}:l${index}`) ?? null;
  if (input.kind !== 'text') return undefined;
  const word = plain(input.text);
  return /^\d{1,2}$/.test(word) ? languages[Number(word) - 1] : languageNamed(word, languages);
}
