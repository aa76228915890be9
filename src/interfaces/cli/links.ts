import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import { channelTitle } from '../../channels/registry.ts';
import type { Views } from '../../compose/views.ts';
import { atTerminal } from '../../people/actor.ts';
import type { Arrivals } from '../../people/links.ts';
import { createPosters, type LinkParts, type Poster } from '../../people/posters.ts';
import { commandNamed } from './commands.ts';
import { PROCESS_OPTION, type Processes, processIdOf } from './whichProcess.ts';
import { AS, withWiring } from './wiring.ts';
import { columns, grouped, harmless, print } from './words.ts';

/** What these commands need of the running system. */
export interface LinksWiring {
  views: Pick<Views, 'links'>;
  processes: Processes;
  actions(): Promise<Pick<Actions, 'places' | 'expect'>>;
  targets(): Promise<{ flows: readonly string[] }>;
  addresses: LinkParts['addresses'];
  close(): Promise<void>;
}

interface Create {
  as?: string;
  source: string;
  flow?: string;
  out: string;
  force?: boolean;
  json?: boolean;
}

/** `links create` and `links list`. */
export function addLinksCommands(program: Command, wire: () => Promise<LinksWiring>): void {
  const group = commandNamed(program, 'links');
  group
    .command('create')
    .description('a link to each platform, as PNG and SVG, whose people are counted under its source')
    .requiredOption('--source <source>', 'where its people come from, for example youth-council')
    .option('--flow <flow>', 'the conversation that it begins; the greeting when left out')
    .option('--out <folder>', 'folder of the QR codes', '.')
    .option('--force', 'write over files that are there')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((options: Create) => withWiring(wire, (wiring) => create(wiring, options)));
  group
    .command('list')
    .description('arrivals by source, also of sources without a link')
    .option(...PROCESS_OPTION)
    .option('--json', 'an array of objects')
    .action(({ process, json }: { process?: string; json?: boolean }) =>
      withWiring(wire, async ({ views, processes }) => {
        const all = await (await views.links()).arrivals(await processIdOf(process, processes));
        print(json ? JSON.stringify(all) : arrivalLines(all));
      }),
    );
}

async function create(wiring: LinksWiring, options: Options): Promise<void> {
  const { source, flow = null, out, force = false, as, json } = options;
  const actor = atTerminal(as);
  const actions = await wiring.actions();
  await actions.expect(actor, 'links.create');
  const { flows } = await wiring.targets();
  const posters = await createPosters(
    { source, flow },
    { addresses: wiring.addresses, flows, links: { keep: (link) => actions.places.keepLink(actor, link) } },
    { folder: out, force },
  );
  print(json ? JSON.stringify({ source, flow, links: posters }) : posters.map(posterText).join('\n'));
}

type Options = Omit<Create, 'flow'> & { flow?: string | null };

function posterText({ channel, url, toType, png, svg }: Poster): string {
  const more = toType === null ? [] : [`  The link cannot say where people come from there: let them type ${toType}`];
  return [`${channelTitle(channel)}: ${url}`, ...more, `  QR code: ${png}, ${svg}`].join('\n');
}

function arrivalLines(all: readonly Arrivals[]): string {
  if (all.length === 0) return 'Nobody has come by a link yet, and there is none.';
  const rows = all.map(({ source, flows, arrivals, contributed }) => [
    harmless(source).replaceAll('\n', ' '),
    flows.map((flow) => flow ?? 'greeting').join(', ') || 'no link',
    grouped(arrivals),
    grouped(contributed),
  ]);
  return columns(rows, ['source', 'begins', 'arrivals', 'contributed']).join('\n');
}
