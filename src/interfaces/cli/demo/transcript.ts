import type { ChatMessage } from '../../../sandbox/chat.ts';
import type { SimulatedPerson } from '../../../sandbox/people.ts';
import { printable } from '../words.ts';

const WIDTH = 76;
const GUTTER = '         │ ';

/** One chat from its beginning, as that person sees it; `▸` is a button that they pressed. */
export function transcript(person: SimulatedPerson): string {
  const title = `── ${person.channel}, as one person (${person.language}) sees it `;
  const lines = person.chat.flatMap((message, index) => [
    entry(message),
    ...(person.presses ?? [])
      .filter((press) => press.after === index + 1)
      .map(({ label }) => `     You │ ▸ ${label}\n`),
  ]);
  return `\n${title.padEnd(WIDTH + GUTTER.length, '─')}\n${lines.join('')}`;
}

function entry(message: ChatMessage): string {
  const lines = message.text.split('\n').flatMap((line) => wrapped(printable(line)));
  const buttons = message.buttons.map((button) => `[ ${button.label} ]`);
  const file = message.file ? [`(file: ${message.file})`] : [];
  const who = message.from === 'bot' ? 'Hearback' : '     You';
  return `${who} │ ${[...lines, ...file, ...rowsOf(buttons)].join(`\n${GUTTER}`)}\n`;
}

const wrapped = (line: string): string[] => rowsOf(line.split(' '));

/** As many pieces a row as fit, by what a terminal takes for wide. */
function rowsOf(pieces: string[]): string[] {
  const rows: string[] = [];
  for (const piece of pieces) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + piece.length < WIDTH) rows[rows.length - 1] = `${last} ${piece}`;
    else rows.push(piece);
  }
  return rows;
}
