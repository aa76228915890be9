import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../src/interfaces/cli/commands.ts';
import { program } from '../../../src/interfaces/cli/program.ts';

const NAMES = Object.keys(COMMANDS).join('|');

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '') }));

/** What a shell would be given, up to a comment or whatever stands behind it. */
const LINE = new RegExp(`npx hearback ((?:${NAMES})\\b[^\`\\n#;(]*)`, 'g');

const printed = sources.flatMap(({ text }) =>
  [...text.matchAll(/commandLine\((['`])(.*?)\1\)/g)].map(([, , words = '']) => words.replace(/\$\{[^}]*\}/g, 'ID')),
);
const documented = ['README.md', 'flows/example.process.yaml', 'flows/example.notice.yaml'].flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(LINE)].map(([, words = '']) => words.trim().replace(/[.,]$/, '')),
);

/** @returns what is wrong with a command line; null when Hearback understands it */
async function objection(words: string): Promise<string | null> {
  const argv = words.split(' ');
  let command: Command = await program(argv);
  let used = 0;
  for (; command.commands.length > 0; used++) {
    const found = command.commands.find((one) => one.name() === argv[used]);
    if (!found) return `no command "${argv[used]}"`;
    command = found;
  }
  const known = command.options.map(({ long }) => long);
  const unknown = argv.slice(used).find((word) => word.startsWith('--') && !known.includes(word));
  return unknown ? `no option "${unknown}"` : null;
}

test('every command line that is printed for somebody is one that Hearback understands', async () => {
  expect(printed.length).toBeGreaterThan(40);
  expect(documented.length).toBeGreaterThan(20);
  const wrong = await Promise.all(
    [...new Set([...printed, ...documented])].map(async (words) => ({ words, why: await objection(words) })),
  );
  expect(wrong.filter(({ why }) => why !== null)).toEqual([]);
});

test('every command line that is printed can be pasted as it stands: they are all made in one place', () => {
  const bare = new RegExp(`(?<![/\\w])hearback (?:${NAMES})\\b`);
  const found = sources.filter(({ text }) => bare.test(text)).map(({ name }) => name);
  expect(found).toEqual([]);
});
