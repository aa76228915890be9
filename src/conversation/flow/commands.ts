import { isOpenTo } from './flowRegistry.ts';
import { languageChosen, languageNamed } from './languages.ts';
import { plain } from './plain.ts';
import { openAsk, type Run, tell } from './run.ts';
import type { Ask } from './source/schema.ts';
import { isWork } from './steps/act.ts';
import { findPick, picksOf } from './steps/ask.ts';
import type { Input } from './types.ts';
import { labelsIn } from './values.ts';
import { languageWished, type Wish, wishIn } from './wishes.ts';

export interface CommandInput {
  name: string;
  argument: string;
  /** What the person wrote. */
  words: string;
}

/** What is longer is never taken for a command. */
export const LONGEST_WORD = 24;

/**
 * A slash command, or one of its words as the whole message: an idea that begins with "stop" stays an idea, and so does
 * a word that the open question offers as an answer. Who wants to leave may, whatever is offered.
 */
export function commandIn(run: Run, input: Input): CommandInput | null {
  if (input.kind === 'command') return { ...input, name: meantBy(run, input.name), words: `/${input.name}` };
  if (input.kind !== 'text') return null;
  const words = input.text.trim();
  const word = plain(words).replace(/^\//, '');
  const name = word.length > LONGEST_WORD ? undefined : commandOf(run, word);
  if (name !== undefined && (name === 'stop' || !isOffered(run, input))) return { name, argument: '', words };
  const wish = wishOf(run, input);
  return wish && { ...wish, words };
}

/** The same said in a sentence. Words of others, and those that a member decides with, are never a wish. */
function wishOf(run: Run, input: Extract<Input, { kind: 'text' }>): Wish | null {
  const at = openAsk(run);
  if (input.forwarded || isOffered(run, input) || (at && isWork(at.flow))) return null;
  const isAsked = at !== null && WRITTEN.includes(at.step.ask);
  return wishIn(run, input.text) ?? languageWished(run, input.text, !isAsked);
}

const WRITTEN: Ask['ask'][] = ['text', 'place'];

const commandOf = ({ registry: { messages } }: Run, word: string): string | undefined =>
  Object.hasOwn(messages.words, word) ? messages.words[word] : undefined;

/** With a slash before it a word in one's own language means the same. */
const meantBy = (run: Run, name: string): string =>
  isOpenTo(run.registry, name) ? name : (commandOf(run, plain(name)) ?? name);

/**
 * Words after a command that takes none make the whole a message: "/stop sending trucks through the village" is an answer
 * like any other, never by its first word a command.
 */
export function asSpoken(run: Run, input: Input): Input {
  if (input.kind !== 'command' || input.argument.trim() === '' || input.name === 'start') return input;
  if (isOpenTo(run.registry, input.name) || namesLanguage(run, input)) return input;
  if (input.name === 'stop') tell(run, 'stop_alone');
  return { kind: 'text', text: input.words ?? `/${input.name} ${input.argument}`, messageId: null };
}

/** "/language es", and one word that we do not know: which language is asked then. */
function namesLanguage(run: Run, { name, argument }: Extract<Input, { kind: 'command' }>): boolean {
  if (meantBy(run, name) !== 'language') return false;
  return !argument.trim().includes(' ') || languageNamed(argument, run.world.languages) !== undefined;
}

/** Whether it is one of the answers that the open question offers. */
export function isOffered(run: Run, input: Input): boolean {
  const at = openAsk(run);
  if (at === null || at.open.asking) return false;
  if (input.kind === 'choice') return input.data.startsWith(`${at.open.nonce}:`);
  const picks = picksOf(at.step, run.world, labelsIn(run));
  if (input.kind !== 'text') return false;
  return (
    findPick(picks, input.text) !== undefined || languageChosen(run, at.step, at.open.nonce, input.text) !== undefined
  );
}
