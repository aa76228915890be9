import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHAT, MEMBERS, MESSAGES, NOTICES, OUTREACH } from '../../../../src/conversation/flow/source/catalogKeys.ts';
import { CONSOLE } from '../../../../src/conversation/flow/source/consoleKeys.ts';
import { readFlows } from '../../../../src/conversation/flow/source/load.ts';
import { finding } from '../../../support/checking.ts';
import { flowsWith, lineIn, shippedWith } from '../../../support/folder.ts';

/** The file that a piece was replaced in, the line that is named, and what is said. */
type Row = [
  what: string,
  file: string,
  piece: string,
  other: string,
  at: string,
  says: string,
  remedy: string,
  severity?: string,
];

const SKIP = '  skip: { en: "Skip", es: "Saltar", fr: "Passer" }\n';
const AIDE = ', fr: "Ce que je peux faire"';
const HELP = '  help: [help, ayuda, aide]\n';
const rows: Row[] = [
  ['a key that is missing', 'messages.yaml', SKIP, '', 'texts:', '"skip" is missing', 'for each language'],
  [
    'a key misspelt',
    'messages.yaml',
    '  skip:',
    '  skpi:',
    '  skip:',
    '"skpi" is used nowhere',
    'Did you mean "skip"?',
    'warning',
  ],
  [
    'a language that is missing',
    'messages.yaml',
    ', fr: "Passer"',
    '',
    '  skip:',
    '"skip" is missing in fr',
    'Add the translation',
  ],
  ['a brace that is not closed', 'messages.yaml', '"Passer"', '"{Passer"', '  skip:', 'a { is not closed', "Write '{'"],
  [
    'a name that the code does not give',
    'messages.yaml',
    'del 1 al {count}',
    'del 1 al {cuantos}',
    '    es: "Toque uno',
    '"wrong_choice" names {cuantos}',
    'There are: count',
  ],
  [
    'a name that one language lacks',
    'messages.yaml',
    'del 1 al {count}',
    'del 1 al último',
    '    es: "Toque uno',
    'has no {count} in "es"',
    'Put it in',
    'warning',
  ],
  [
    'a button that is too long',
    'messages.yaml',
    '"Passer"',
    `"${'P'.repeat(76)}"`,
    '  skip:',
    'can have 76 characters, 75 fit',
    'Shorten',
  ],
  [
    'two buttons that are typed alike',
    'messages.yaml',
    'es: "Saltar"',
    'es: "Eso es todo."',
    '  done:',
    '"eso es todo" means "skip" as well as "done"',
    'differ',
  ],
  [
    'a word for two commands',
    'messages.yaml',
    HELP,
    HELP.replace('help,', 'help, parar,'),
    HELP.trim(),
    '"parar" stands for',
    'one of them',
  ],
  [
    'words that are too many for a command',
    'messages.yaml',
    HELP,
    HELP.replace('help,', 'help me with all of this please,'),
    HELP.trim(),
    '"help me with all of this please" is never taken for /help',
    'at most 24 letters',
  ],
  [
    'a word of one language for two commands',
    'messages.yaml',
    '    sq: [stop, ndal, ndalo]',
    '    sq: [stop, ndal, empezar]',
    '    sq: [stop, ndal, ndalo]',
    '"empezar" stands for /start and for /stop',
    'one of them',
  ],
  [
    'words for no command',
    'messages.yaml',
    '  help: [',
    '  hlep: [',
    '  help: [',
    'no command /hlep',
    'Did you mean "help"?',
  ],
  [
    'words for a flow that nobody begins by hand',
    'messages.yaml',
    '  help: [',
    '  loose: [',
    '  help: [',
    'no command /loose',
    'There are: start',
  ],
  [
    'words that are not a list',
    'messages.yaml',
    HELP,
    '  help: help\n',
    HELP.trim(),
    '"words.help" must be a list',
    'key: {',
  ],
  [
    'a section that is not read',
    'messages.yaml',
    'texts:',
    'text: {}\ntexts:',
    'texts:',
    '"text" is not read',
    'Did you mean "texts"?',
    'warning',
  ],
  ['broken YAML', 'messages.yaml', SKIP, '  skip: { en: "Skip\n', '  skip:', '', 'quotes and indentation'],
  ['no texts at all', 'messages.yaml', 'texts:', 'others:', 'commands:', '"texts" is missing', 'Add it'],
  [
    'a description that is missing',
    'messages.yaml',
    `  help: { en: "What I can do", es: "Lo que puedo hacer"${AIDE} }\n`,
    '',
    'commands:',
    '/help has no description',
    'for each language',
  ],
  [
    "a description's language",
    'messages.yaml',
    AIDE,
    '',
    '"What I can do"',
    'The description of /help is missing in fr',
    'Add the translation',
  ],
  [
    'a description that is too long',
    'messages.yaml',
    AIDE,
    `, fr: "${'a'.repeat(257)}"`,
    '"What I can do"',
    'can have 257 characters, 256 fit',
    'Shorten',
  ],
  [
    'a description of no command',
    'messages.yaml',
    '  help: { en',
    '  hlep: { en',
    '"What I can do"',
    'no command /hlep',
    'Did you mean "help"?',
  ],
  [
    'an intent misspelt',
    'intents.yaml',
    'greeting:',
    'greting:',
    'greeting:',
    '"greting" is not read',
    'Did you mean "greeting"?',
    'warning',
  ],
  ['an intent that is missing', 'intents.yaml', 'dates:', 'daets:', 'filler:', '"dates" is missing', 'Add it'],
  [
    'a phrase that is a yes and a no',
    'intents.yaml',
    '  nl: nee,',
    '  nl: nee, okay,',
    '  nl: nee,',
    '"okay" means "agree" as well as "decline"',
    'one of them',
  ],
  [
    'phrases that are of no language',
    'intents.yaml',
    '  any: 👋',
    '  any: [👋]',
    '  any: 👋',
    '"greeting.any" must be',
    'phrase, another phrase',
  ],
  [
    'a key that is missing',
    'chat.yaml',
    'no_words:',
    'no_word:',
    'edit_done:',
    '"no_words" is missing',
    'for each language',
  ],
  [
    'a language that is missing',
    'chat.yaml',
    '  es: "{reference} queda retirada. El foro no la usará."\n',
    '',
    'withdraw_done:',
    '"withdraw_done" is missing in es',
    'Add the translation',
  ],
  [
    'a name that the code does not give',
    'chat.yaml',
    '{reference} queda retirada',
    '{referencia} queda retirada',
    '{reference} queda retirada',
    'names {referencia}',
    'Did you mean "reference"?',
  ],
  [
    'a text that is a number',
    'chat.yaml',
    '"{reference} queda retirada. El foro no la usará."',
    '5',
    '{reference} queda retirada',
    '"withdraw_done.es" must be a text',
    'key: {',
  ],
  ['broken YAML', 'chat.yaml', 'no_words:', 'no_words: [', '{(foto)}', '', 'quotes and indentation'],
  [
    'a key that is missing',
    'notices.yaml',
    'response_overview:',
    'response_overvew:',
    'response_overview:',
    '"response_overview" is missing',
    'for each language',
  ],
  [
    'a plural without `other`',
    'chat.yaml',
    ' other {And # older ones.}',
    '',
    '  en: "{count, plural, one {And # older one.}',
    '`other {…}` is missing',
    "Write '{'",
  ],
];

describe('flows check names file, line and remedy in the catalogs:', () => {
  test.each(rows)('%s, in %s', async (_what, name, piece, other, at, says, remedy, severity = 'error') => {
    const line = await lineIn(name, at);
    const folder = await flowsWith({ [name]: await shippedWith(name, piece, other) });
    const { problems } = await readFlows(folder);
    const inFile = problems.filter(({ file }) => file === path.join(folder, name));
    const found = finding(inFile, { says });
    expect(found).toMatchObject({ line, severity, remedy: expect.stringContaining(remedy) });
  });
});

async function code(): Promise<string> {
  const files = await readdir('src', { recursive: true });
  const read = files.filter((file) => /\.tsx?$/.test(file) && !/^store|^flow.source/.test(file));
  return (await Promise.all(read.map((file) => readFile(path.join('src', file), 'utf8')))).join('\n');
}

const SAYING =
  /(?:tell\(run, |[pP]hrases?\(|phraseOf\(run\)\(|labels\(|spellings\(run, |kind: 'wrong', key: )(?:\w+ \? )?'(\w+)'(?: : '(\w+)')?/g;

test('the catalogs are held to all the keys that the code says, and to no others', async () => {
  const known = [CHAT, CONSOLE, MEMBERS, MESSAGES, NOTICES, OUTREACH].flatMap((registry) => [...registry.keys()]);
  const text = await code();
  const said = [...text.matchAll(SAYING)].flatMap(([, one, other]) => [one, other].filter((key) => key !== undefined));
  expect(said.length).toBeGreaterThan(30);
  expect(said.filter((key) => !known.includes(key))).toEqual([]);
  const beginnings = [...text.matchAll(/`(\w+_)\$\{/g)].map(([, beginning = '']) => beginning);
  const isSaid = (key: string) =>
    text.includes(`'${key}'`) || beginnings.some((beginning) => key.startsWith(beginning));
  expect(known.filter((key) => !isSaid(key))).toEqual([]);
});
