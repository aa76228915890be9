import { createInterface } from 'node:readline';
import { HINT, type Play } from './play.ts';

/** Line by line, until the input ends. */
export async function talkInTerminal(play: Play): Promise<void> {
  const { stdin, stdout } = process;
  const say = (text: string) => void (text !== '' && stdout.write(`${wrapped(text, stdout.columns)}\n\n`));
  say(HINT);
  say(await play.begin());
  const lines = createInterface({ input: stdin, output: stdout, prompt: '> ' });
  lines.prompt();
  for await (const typed of lines) {
    stdout.write(stdin.isTTY ? '\n' : `${typed}\n\n`);
    say(await play.take(typed));
    lines.prompt();
  }
  stdout.write('\nGoodbye. Nothing of this was kept.\n');
}

/** No wider than is comfortable to read. */
const MOST_COLUMNS = 90;

/** Broken between words. @param columns left out where the output is not a terminal: nothing is broken */
function wrapped(text: string, columns: number | undefined): string {
  if (!columns) return text;
  const line = new RegExp(`(.{1,${Math.min(columns, MOST_COLUMNS) - 1}})(?: +|$)`, 'g');
  return text
    .split('\n')
    .map((paragraph) => paragraph.replace(line, '$1\n').trimEnd())
    .join('\n');
}
