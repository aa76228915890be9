import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Choice, OutboundMessage } from '../domain/message.ts';
import { plainText } from '../domain/message.ts';
import { DEFAULT_PROCESS } from '../domain/process.ts';
import { textFor } from '../domain/texts.ts';
import type { FlowBook } from '../flow/book.ts';
import { takeTurn } from '../flow/engine.ts';
import type { Event, Input, Person, Session, World } from '../flow/types.ts';

/** Talks to a flow in the terminal: words, `/commands`, or `#2` to press the second button. Nothing is kept. */
export async function play(book: FlowBook, flow: string, language: string): Promise<void> {
  const person: Person = { language, consented: flow !== 'welcome', status: 'active' };
  let session: Session | null = null;
  let buttons: Choice[] = [];
  const turn = (input: Input) => {
    const made = takeTurn(book, session, person, input, world(person.language));
    session = made.session;
    for (const event of made.events) {
      follow(event, person);
      if (event.kind === 'said') buttons = event.message.choices ?? [];
      process.stdout.write(line(event));
    }
  };
  turn({ kind: 'begin', flow, answers: {} });
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  lines.prompt();
  for await (const typed of lines) {
    turn(inputOf(typed, buttons));
    lines.prompt();
  }
}

function inputOf(typed: string, buttons: Choice[]): Input {
  const pressed = /^#(\d+)$/.exec(typed.trim());
  if (pressed) return { kind: 'choice', data: buttons[Number(pressed[1]) - 1]?.data ?? 'none' };
  const command = /^\/(\w+)\s*(.*)$/.exec(typed.trim());
  return command
    ? { kind: 'command', name: command[1] ?? '', argument: command[2] ?? '' }
    : { kind: 'text', text: typed };
}

function follow(event: Event, person: Person): void {
  if (event.kind === 'language') person.language = event.language;
  if (event.kind === 'consented') person.consented = true;
  if (event.kind === 'stopped') person.status = 'stopped';
  if (event.kind === 'restarted') person.status = 'active';
}

function line(event: Event): string {
  if (event.kind === 'said') return `${words(event.message)}\n`;
  if (event.kind === 'contributed')
    return `(${event.contribution.kind}: ${event.contribution.text})\n${event.receipt ?? ''}\n`;
  return `(${event.kind}${'flow' in event ? ` ${event.flow}` : ''})\n`;
}

const words = (message: OutboundMessage): string =>
  [plainText(message), ...(message.choices ?? []).map((choice, index) => `  #${index + 1} ${choice.label}`)].join('\n');

const world = (language: string): World => ({
  now: Date.now(),
  random: () => randomBytes(6).toString('base64url'),
  languages: DEFAULT_PROCESS.languages,
  timeZone: DEFAULT_PROCESS.timeZone,
  process: { name: textFor(DEFAULT_PROCESS.name, language), themes: [], hearBackBy: null },
});
