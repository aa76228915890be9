import type { Command } from 'commander';
import type { Read } from '../../actions/reading.ts';
import type { Views } from '../../compose/views.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { atTerminal } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import type { Aside } from '../../store/putAside.ts';
import { commandNamed } from './commands.ts';
import { AS_READER, withWiring } from './wiring.ts';
import { clockTime, columns, print, printable } from './words.ts';

/** What these commands need of the running system. */
export interface UpdatesWiring {
  views: Pick<Views, 'asideUpdates' | 'asideUpdate'>;
  processes: { current(): Promise<ProcessDefinition | null> };
  read: Read;
  close(): Promise<void>;
}

interface Options {
  json?: boolean;
  whole?: boolean;
  as?: string;
}

/** `updates list|show`: what came in and could not be handled. */
export function addUpdatesCommands(program: Command, wire: () => Promise<UpdatesWiring>): void {
  const group = commandNamed(program, 'updates');
  group
    .command('list')
    .description('what could not be handled or read, the newest first, and what becomes of it')
    .option('--json', 'an array of objects')
    .action(({ json }: Options) => withWiring(wire, (wiring) => list(wiring, json)));
  group
    .command('show')
    .description('one of them as the platform sent it, without the words and names in it')
    .argument('<id>')
    .option('--whole', 'with the words and names in it')
    .option('--as <member>', AS_READER)
    .option('--json', 'as JSON')
    .action((id: string, options: Options) => withWiring(wire, (wiring) => show(wiring, id, options)));
}

async function list({ views, processes }: UpdatesWiring, json = false): Promise<void> {
  const all = await views.asideUpdates();
  if (json) return print(JSON.stringify(all));
  if (all.length === 0) return print('Everything that came in was handled.');
  const zone = await zoneOf(processes);
  const rows = all.map(({ id, at, state, error }) => [id, clockTime(at, zone), state, printable(error ?? '')]);
  const states = new Set(all.map(({ state }) => state));
  print(
    [
      ...columns(rows, ['id', 'came', 'state', 'why']),
      ...(states.has('failed') ? [FAILED] : []),
      ...(states.has('unreadable') ? [UNREADABLE] : []),
      `What one of them is: ${commandLine('updates show ID')}`,
    ].join('\n'),
  );
}

const FAILED =
  'failed: it is tried again by itself, at least every hour, and never given up; an update of Hearback may be needed.';
const UNREADABLE =
  'unreadable: nobody here reads it, and it goes after 30 days. If it is from somebody who waits for an answer, ask them to write it as a plain message; please report its kind.';

async function show(
  { views, processes, read }: UpdatesWiring,
  id: string,
  { json, whole, as }: Options,
): Promise<void> {
  const found = await views.asideUpdate(id);
  if (!found) throw new UserError(`No update ${id} was put aside. \`${commandLine('updates list')}\` shows them all.`);
  if (whole) await read(atTerminal(as), 'updates.show', id);
  const payload = whole ? parsed(found.payload) : withoutWords(parsed(found.payload));
  if (json) return print(JSON.stringify({ ...found, payload }));
  print([headLine(found, await zoneOf(processes)), JSON.stringify(payload, null, 2)].join('\n'));
}

function headLine({ id, state, at, attempts, nextAt, error }: Aside, zone: string): string {
  const next = nextAt === null ? '' : `, tried ${attempts} times, next at ${clockTime(nextAt, zone)}`;
  return `${id}: ${state}, came ${clockTime(at, zone)}${next}. ${printable(error ?? '')}`.trimEnd();
}

/** One that could not be read was kept as text. */
function parsed(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

/** Words that say of which kind something is, and nothing of anybody. */
const TELLING = ['type', 'subtype', 'kind', 'channel_type', 'language_code', 'mime_type'];

/** The same shape, with the length of each text in its place, and without numbers that could be somebody's. */
function withoutWords(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return TELLING.includes(key) ? value : `(${[...value].length} characters)`;
  if (typeof value === 'number') return '(number)';
  if (Array.isArray(value)) return value.map((one) => withoutWords(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutWords(one, name)]));
}

const zoneOf = async (processes: UpdatesWiring['processes']): Promise<string> =>
  ((await processes.current()) ?? DEFAULT_PROCESS).timeZone;
