import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { Views } from '../../compose/views.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { atTerminal } from '../../people/actor.ts';
import { linkInto } from '../../people/console.ts';
import { commandNamed } from './commands.ts';
import { AS, withWiring } from './wiring.ts';
import { clockTime, print } from './words.ts';

/** What this command needs of the running system. */
export interface ConsoleLinkWiring {
  views: Pick<Views, 'members'>;
  processes: { current(): Promise<{ timeZone: string } | null> };
  config: { publicUrl: string };
  actions(): Promise<Pick<Actions, 'console'>>;
  close(): Promise<void>;
}

interface Options {
  as?: string;
  json?: boolean;
}

/** `console-link`: what lets a member into the console, once. */
export function addConsoleLinkCommand(program: Command, wire: () => Promise<ConsoleLinkWiring>): void {
  commandNamed(program, 'console-link')
    .argument('[member]', 'whom it lets in; left out: the only member there is, or the one of --as')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((member: string | undefined, options: Options) =>
      withWiring(wire, (wiring) => link(wiring, member, options)),
    );
}

async function link(wiring: ConsoleLinkWiring, given: string | undefined, { as, json }: Options): Promise<void> {
  const member = given ?? as ?? (await onlyMember(wiring));
  const { console } = await wiring.actions();
  const { token, until } = await console.link(atTerminal(as), member);
  const url = linkInto(wiring.config.publicUrl, token);
  const zone = (await wiring.processes.current())?.timeZone ?? 'UTC';
  print(
    json
      ? JSON.stringify({ member, url, until })
      : `${url}\nIt lets ${member} in once, until ${clockTime(until, zone)}, where the service runs. Give it to nobody else.`,
  );
}

/** @throws UserError where there is none, or more than one */
async function onlyMember({ views }: ConsoleLinkWiring): Promise<string> {
  const [first, ...others] = await (await views.members()).listed();
  if (!first)
    throw new UserError(`No members yet: ${commandLine('members add ID --name NAME --role admin')} makes the first.`);
  if (others.length === 0) return first.id;
  const ids = [first, ...others].map(({ id }) => id).join(', ');
  throw new UserError(`Say for whom: ${commandLine('console-link MEMBER')}. There are: ${ids}.`);
}
