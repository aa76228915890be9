import { Command } from 'commander';
import about from '../../../package.json' with { type: 'json' };
import { COMMANDS, type CommandName, commandNamed } from './commands.ts';

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
  async contributions(program) {
    const group = (await import('./contributions.ts')).addContributionsCommands(program, wire);
    (await import('./triage.ts')).addTriageCommands(group, wire);
  },
  threads: async (program) => (await import('./threads.ts')).addThreadsCommands(program, wire),
  responses: async (program) => (await import('./responses.ts')).addResponsesCommands(program, wire, wireOutreach),
  notices: async (program) => (await import('./notices/commands.ts')).addNoticesCommands(program, wireOutreach),
  events: async (program) => (await import('./events.ts')).addEventsCommands(program, wire),
  members: async (program) => (await import('./members.ts')).addMembersCommands(program, wire),
  'console-link': async (program) => (await import('./consoleLink.ts')).addConsoleLinkCommand(program, wire),
  people: async (program) => (await import('./people.ts')).addPeopleCommands(program, wire),
  audit: async (program) => (await import('./audit.ts')).addAuditCommand(program, wire),
  updates: async (program) => (await import('./updates.ts')).addUpdatesCommands(program, wire),
  links: async (program) => (await import('./links.ts')).addLinksCommands(program, wire),
};

/** What `hearback` understands, in whole for the command that is called, by name for the others. */
export async function program(argv: string[]): Promise<Command> {
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
