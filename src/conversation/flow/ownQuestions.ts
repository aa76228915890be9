import { type OutboundMessage, say } from '../../core/message.ts';
import { intentOf } from './intents.ts';
import { languageNamed, ownName } from './languages.ts';
import { plain } from './plain.ts';
import { blankOpen } from './question.ts';
import { phraseOf, type Run } from './run.ts';
import { readStanding, standingData } from './steps/standing.ts';
import type { Input, Open } from './types.ts';
import { labelsIn } from './values.ts';

/** Questions of the engine's own, which stand before the flow's open one: leave this half-given? which language? no more? */

export function askToLeave(run: Run, wanted: Input): void {
  const phrase = phraseOf(run);
  const nonce = run.world.random();
  const choices = WAYS.map(({ what, key }) => ({ label: phrase(`leave_${key}`), data: `${nonce}:${what}` }));
  ask(run, { kind: 'leave', wanted }, say(phrase('leave_ask'), choices), nonce);
}

export const askLanguage = (run: Run): void => ask(run, { kind: 'language' }, languageQuestion(run));

export function languageQuestion(run: Run): OutboundMessage {
  const choices = run.world.languages.map((each) => ({ label: ownName(each), data: ownData(run, 'language', each) }));
  return say(phraseOf(run)('language_ask'), choices);
}

/** @param words what they wrote that may mean it */
export const askToStop = (run: Run, words: string): void => ask(run, { kind: 'stop', words }, stopQuestion(run));

export function stopQuestion(run: Run): OutboundMessage {
  const phrase = phraseOf(run);
  const choices = waysToStop(run).map(({ key, way }) => ({
    label: phrase(`stop_${key}`),
    data: ownData(run, 'stop', way),
  }));
  return say(phrase('stop_ask'), choices);
}

const waysToStop = ({ person }: Run) => (person.consented ? WITH_ANSWERS : WAYS);

const STEP = 'ask';
/** What a button of these questions carries, which works whatever is asked by then. */
export const ownData = (run: Run, asks: 'stop' | 'language', value: string): string =>
  standingData({ flow: asks, step: STEP, value, carried: [], askedAt: run.world.now }) ?? '';

type Own = { askedAt: number; label: string } & (
  | { asks: 'stop'; way: 'leave' | 'answers' | 'stay' }
  | { asks: 'language'; language: string }
);

/** What such a button says; null for every other. */
export function readOwn(run: Run, data: string): Own | null {
  const { flow, step, value, askedAt = 0 } = readStanding(data) ?? {};
  if (step !== STEP) return null;
  if (flow === 'language') {
    const language = run.world.languages.find((each) => each === value);
    return language === undefined ? null : { asks: flow, language, askedAt, label: ownName(language) };
  }
  const named = flow === 'stop' ? waysToStop(run).find(({ way }) => way === value) : undefined;
  return named ? { asks: 'stop', way: named.way, askedAt, label: phraseOf(run)(`stop_${named.key}`) } : null;
}

function ask(run: Run, asking: NonNullable<Open['asking']>, message: OutboundMessage, nonce = run.world.random()) {
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
  run.session.open = { ...blankOpen(run), ...run.session.open, nonce, asking };
  run.events.push({ kind: 'said', message });
}

/** Pressed or typed; `other` for other words, null for a button that is not of this question. */
export function readLeave(run: Run, open: Open, input: Input): 'leave' | 'answers' | 'stay' | 'other' | null {
  const kind = open.asking?.kind === 'stop' ? 'stop' : 'leave';
  const ways = kind === 'stop' ? waysToStop(run) : WAYS;
  if (input.kind === 'choice') return pressedWay(run, open, input.data);
  if (input.kind !== 'text') return 'other';
  const word = plain(input.text);
  const named = ways.find(({ key }, at) => word === `${at + 1}` || spellings(run, `${kind}_${key}`).includes(word));
  if (named) return named.way;
  const said = intentOf(run.registry.intents, input.text, ['agree', 'decline', 'leave', 'answers']);
  if (said === 'answers' && ways === WITH_ANSWERS) return 'answers';
  if (said === 'agree' || (said === 'leave' && kind === 'stop')) return 'leave';
  return said === 'decline' ? 'stay' : 'other';
}

function pressedWay(run: Run, { nonce }: Open, data: string): 'leave' | 'answers' | 'stay' | null {
  const own = readOwn(run, data);
  return own?.asks === 'stop' ? own.way : (WAYS.find(({ what }) => data === `${nonce}:${what}`)?.way ?? null);
}

const LEAVES = { what: 'y', key: 'yes', way: 'leave' } as const;
const STAYS = { what: 'n', key: 'no', way: 'stay' } as const;
const WAYS = [LEAVES, STAYS] as const;
/** Whoever has agreed may keep what is owed to them, in the order in which they are asked. */
const WITH_ANSWERS = [LEAVES, { key: 'answers', way: 'answers' }, STAYS] as const;

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
export function readLanguage(run: Run, input: Input): string | null | undefined {
  const { languages } = run.world;
  if (input.kind === 'choice') {
    const own = readOwn(run, input.data);
    return own?.asks === 'language' ? own.language : null;
  }
  if (input.kind !== 'text') return undefined;
  const word = plain(input.text);
  return /^\d{1,2}$/.test(word) ? languages[Number(word) - 1] : languageNamed(word, languages);
}
