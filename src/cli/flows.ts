import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { Mistake } from '../domain/errors.ts';
import { mermaid } from '../flow/diagram.ts';
import { openBook, readFlows } from '../flow/source/load.ts';
import { problemLine } from '../flow/source/problem.ts';
import { play } from './play.ts';

/** `flows check` and `flows diagram`. */
export function addFlowsCommands(program: Command): void {
  const flows = program.command('flows').description('the conversations');
  flows
    .command('check')
    .description('shape, graph, references, translations, platform limits')
    .option('--json', 'an array of problems')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { problems, sources } = await readFlows(readConfig().flowsDir);
      if (json) process.stdout.write(`${JSON.stringify(problems)}\n`);
      else for (const problem of problems) process.stdout.write(`${problemLine(problem)}\n`);
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      if (!json)
        process.stdout.write(`${sources.length} flows, ${errors} errors, ${problems.length - errors} warnings.\n`);
      if (errors > 0) process.exitCode = 1;
    });
  flows
    .command('diagram')
    .argument('[flow]', 'one flow; all when left out')
    .description('Mermaid, to paste into a page')
    .action(async (only: string | undefined) => {
      const { sources } = await readFlows(readConfig().flowsDir);
      for (const { flow } of sources)
        if (only === undefined || flow.flow === only) process.stdout.write(`${mermaid(flow)}\n`);
    });
  flows
    .command('play')
    .argument('<flow>')
    .option('--lang <language>', 'language of the person', 'en')
    .description('talk to a flow in the terminal; #2 presses the second button')
    .action(async (flow: string, { lang }: { lang: string }) => {
      const book = await openBook(readConfig().flowsDir);
      if (!book.get(flow)) throw new Mistake(`There is no flow "${flow}". See: hearback flows check`);
      await play(book, flow, lang);
    });
}
