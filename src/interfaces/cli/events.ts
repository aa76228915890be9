import type { Command } from 'commander';
import type { Views } from '../../compose/views.ts';
import { UserError } from '../../core/errors.ts';
import { textFor } from '../../core/texts.ts';
import type { EventCounts } from '../../process/events/attendance.ts';
import { isCancelled, type ProcessEvent } from '../../process/events/event.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import type { ProcessRecords } from '../../process/stored.ts';
import { commandNamed } from './commands.ts';
import { PROCESS_OPTION, type Processes, processNamed } from './whichProcess.ts';
import { withWiring } from './wiring.ts';
import { printable } from './words.ts';

/** What these commands need of the running system. */
export interface EventsWiring {
  views: Pick<Views, 'attendance'>;
  processes: Processes & Pick<ProcessRecords, 'now'>;
  close(): Promise<void>;
}

type Out = { write(text: string): unknown };

interface Options {
  process?: string;
  json?: boolean;
}

/** `events list` and `events answers`: how many come, never who. */
export function addEventsCommands(
  program: Command,
  wire: () => Promise<EventsWiring>,
  out: Out = process.stdout,
): void {
  const group = commandNamed(program, 'events');
  group
    .command('list')
    .description('every event with its answers')
    .option(...PROCESS_OPTION)
    .option('--json', 'an array of objects')
    .action((options: Options) => withWiring(wire, (wiring) => list(wiring, options, out)));
  group
    .command('answers')
    .description('the answers to one event')
    .argument('<event>')
    .option(...PROCESS_OPTION)
    .option('--json', 'as JSON')
    .action((event: string, options: Options) => withWiring(wire, (wiring) => answers(wiring, event, options, out)));
}

/** The process that the events are of. */
type Of = Pick<ProcessDefinition, 'events' | 'languages'> & { process: number };

async function processOf({ processes }: EventsWiring, key: string | undefined): Promise<Of> {
  const { id, definition } = (await processNamed(key, processes)) ?? (await processes.now());
  return { ...(definition ?? DEFAULT_PROCESS), process: id };
}

type Row = EventCounts & { id: string; title: string; at: string; cancelled: boolean; capacity: number | null };

async function rowOf(event: ProcessEvent, { process, languages }: Of, { views }: EventsWiring): Promise<Row> {
  const { id, title, at, capacity = null } = event;
  const counts = await (await views.attendance()).counts({ process, event: id });
  const name = textFor(title, languages[0] ?? 'en', languages);
  return { id, title: name, at, cancelled: isCancelled(event), capacity, ...counts };
}

async function list(wiring: EventsWiring, { process: key, json }: Options, out: Out): Promise<void> {
  const process = await processOf(wiring, key);
  const rows = await Promise.all(process.events.map((event) => rowOf(event, process, wiring)));
  const words = rows.map(line).join('\n') || 'The process has no events.';
  out.write(`${json ? JSON.stringify(rows) : words}\n`);
}

async function answers(wiring: EventsWiring, id: string, { process: key, json }: Options, out: Out): Promise<void> {
  const process = await processOf(wiring, key);
  const event = process.events.find((each) => each.id === id);
  if (!event) {
    const ids = process.events.map((event) => event.id).join(', ') || 'none yet';
    throw new UserError(`The process has no event "${id}". There are: ${ids}.`);
  }
  const row = await rowOf(event, process, wiring);
  out.write(`${json ? JSON.stringify(row) : line(row)}\n`);
}

function line({ id, title, at, cancelled, capacity, yes, maybe, no, seats, waiting }: Row): string {
  const places = capacity === null ? '' : `; ${seats} of ${capacity} seats taken, ${waiting} waiting`;
  const when = cancelled ? `${at}, cancelled` : at;
  return `${id}  ${printable(title)} (${when}): ${yes} yes, ${maybe} maybe, ${no} no${places}`;
}
