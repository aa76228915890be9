import { readFile } from 'node:fs/promises';
import { confirm } from '@clack/prompts';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { Mistake } from '../domain/errors.ts';
import { withWiring } from './contributions.ts';
import type { Wiring } from './main.ts';

/** `notices create|preview|schedule|status|pause|resume|cancel|retry`. */
export function addNoticesCommands(program: Command, wire: () => Promise<Wiring>): void {
  const group = program.command('notices').description('what is sent to many');
  const json = '--json';
  group
    .command('create')
    .argument('<file>')
    .option(json, 'the id as JSON')
    .action((file: string, options: { json?: boolean }) =>
      withWiring(wire, async ({ announcer }) => {
        const text = await readFile(file, 'utf8').catch(() => {
          throw new Mistake(`${file} cannot be read. Name a notice file with kind, texts and audience.`);
        });
        const made = await announcer.create(parse(text));
        print(
          options.json
            ? made
            : `Notice ${made.id} is a draft. See whom it reaches: hearback notices preview ${made.id}`,
        );
      }),
    );
  group
    .command('preview')
    .argument('<id>')
    .option(json, 'the counts as JSON')
    .action((id: string) => withWiring(wire, async ({ announcer }) => print(await announcer.preview(id))));
  group
    .command('schedule')
    .argument('<id>')
    .option('--at <local>', 'local date and time, for example 2027-03-28T09:00; now when left out')
    .option('--zone <zone>', 'time zone of --at; that of the process when left out')
    .option('--yes', 'without asking')
    .option(json, 'the moment as JSON')
    .action((id: string, options: { at?: string; zone?: string; yes?: boolean; json?: boolean }) =>
      withWiring(wire, async ({ announcer, processes }) => {
        const { recipients } = await announcer.preview(id);
        if (!options.yes && (await confirm({ message: `Send to ${recipients} people?` })) !== true)
          return print('Nothing is sent.');
        const zone = options.zone ?? (await processes.current())?.timeZone;
        const { at } = await announcer.schedule(id, { ...(options.at && { at: options.at }), ...(zone && { zone }) });
        print(options.json ? { id, at } : `The first message goes at ${at.toISOString()}.`);
      }),
    );
  group
    .command('status')
    .argument('[id]')
    .option(json, 'as JSON')
    .action((id: string | undefined) =>
      withWiring(wire, async ({ announcer }) => print(id ? await announcer.status(id) : await announcer.statuses())),
    );
  for (const change of ['pause', 'resume', 'cancel'] as const) {
    group
      .command(change)
      .argument('<id>')
      .option(json, 'as JSON')
      .action((id: string) => withWiring(wire, async ({ announcer }) => print(await announcer.change(id, change))));
  }
  group
    .command('retry')
    .argument('<id>')
    .option(json, 'as JSON')
    .action((id: string) => withWiring(wire, async ({ announcer }) => print({ again: await announcer.retry(id) })));
}

const print = (what: unknown) =>
  void process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what)}\n`);
