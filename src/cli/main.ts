#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import about from '../../package.json' with { type: 'json' };
import { Mistake } from '../domain/errors.ts';
import { COMMANDS, type CommandName, commandNamed } from './commands.ts';
import { endWith } from './ending.ts';

const wire = async () => (await import('./wiring.ts')).wire();
const wireOutreach = async () => (await import('./outreach.ts')).wireOutreach();

/** A command is loaded when it is called: none waits for what only another needs. */
const ADD: Record<CommandName, (program: Command) => Promise<void>> = {
  start: async (program) => (await import('./start.ts')).addStartCommand(program),
  doctor: async (program) =>
    (await import('./doctor.ts')).addDoctorCommand(program, (await import('./probes.ts')).probes),
  demo: async (program) => (await import('./demo/demo.ts')).addDemoCommand(program),
  flows: async (program) => (await import('./flows.ts')).addFlowsCommands(program),
  process: async (program) => (await import('./process.ts')).addProcessCommands(program, wire),
  contributions: async (program) => (await import('./contributions.ts')).addContributionsCommands(program, wire),
  responses: async (program) => (await import('./responses.ts')).addResponsesCommands(program, wire, wireOutreach),
  notices: async (program) => (await import('./notices/commands.ts')).addNoticesCommands(program, wireOutreach),
  events: async (program) => (await import('./events.ts')).addEventsCommands(program, wire),
  members: async (program) => (await import('./members.ts')).addMembersCommands(program, wire),
  links: async (program) => (await import('./links.ts')).addLinksCommands(program, wire),
};

async function program(argv: string[]): Promise<Command> {
  const hearback = new Command('hearback')
    .description('Everyone who speaks hears back: outreach, input and reasoned responses for co-created action plans.')
    .version(about.version)
    .exitOverride()
    .showHelpAfterError();
  const called = calledIn(argv);
  for (const name of Object.keys(COMMANDS) as CommandName[])
    await (name === called ? ADD[name](hearback) : commandNamed(hearback, name));
  return hearback;
}

/** The command that is called, or that help is asked for. */
function calledIn(argv: string[]): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

/** Where the reader has seen enough (`| head`), the command finishes what it does without words. */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function run(argv: string[]): Promise<number> {
  await (await program(argv)).parseAsync(argv, { from: 'user' });
  return Number(process.exitCode ?? 0);
}

/** Says what went wrong in a line, and gives the code for it. */
async function failed(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Mistake) process.stderr.write(`${error.message}\n`);
  else (await import('./fault.ts')).tellFault(error);
  return 1;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', withoutReader);
await endWith(() => run(process.argv.slice(2)), failed);
