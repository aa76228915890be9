import { isCancel, text } from '@clack/prompts';
import { UserError } from '../../core/errors.ts';
import type { Terminal } from './processParts.ts';

/** A number as it is typed: 40312, 40,312 or 40 312. */
const typedNumber = (typed: string): number | null =>
  /^\d[\d.,'\s]*$/.test(typed) ? Number(typed.replace(/\D/g, '')) : null;

/**
 * Asks somebody to type the number, so that nothing is sent by mistake. `aside`: what stdout gets is for a program.
 * @throws UserError when nobody is there to ask, or another number or none is given
 */
export async function agreeByCount(count: number, question: string, terminal: Terminal, aside = false): Promise<void> {
  await agreeByTyping(String(count), (typed) => typedNumber(typed) === count, question, terminal, aside);
}

/** The same for what is called by a name. @param isIt whether what is typed is that */
export async function agreeByTyping(
  name: string,
  isIt: (typed: string) => boolean,
  question: string,
  terminal: Terminal,
  aside = false,
): Promise<void> {
  const { stdin, stdout } = terminal;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new UserError(`${question} Nobody is there to type it: say --yes to go on without asking.`);
  const typed = await text({ message: question, input: stdin, output: aside ? terminal.stderr : stdout });
  if (isCancel(typed)) throw new UserError('Nothing is done.');
  if (!isIt(typed ?? '')) throw new UserError(`Nothing is done: ${name} was to be typed, not "${typed ?? ''}".`);
}
