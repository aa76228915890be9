import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Actions } from '../../actions/actions.ts';
import { authorOf, subjectOf } from '../../actions/people.ts';
import type { Read } from '../../actions/reading.ts';
import { channelTitle } from '../../channels/registry.ts';
import type { Views } from '../../compose/views.ts';
import { fileName } from '../../contributions/files.ts';
import { ATTACHMENT } from '../../core/attachmentShape.ts';
import { loadPhrases } from '../../core/loadPhrases.ts';
import { readReference } from '../../core/reference.ts';
import { atTerminal } from '../../people/actor.ts';
import type { Erased, Remains } from '../../people/erasure.ts';
import type { Author, PersonRecord } from '../../people/record.ts';
import { recordFiles } from '../../people/recordFiles.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import { agreeByTyping } from './ask.ts';
import { commandNamed } from './commands.ts';
import type { Terminal } from './processParts.ts';
import { AS, AS_READER, withWiring } from './wiring.ts';
import { counted, print } from './words.ts';

/** What these commands need of the running system. */
export interface PeopleWiring {
  views: Pick<Views, 'people'>;
  processes: { current(): Promise<ProcessDefinition | null> };
  flowsDir: string;
  read: Read;
  actions(): Promise<Pick<Actions, 'people' | 'expect'>>;
  close(): Promise<void>;
}

interface ExportOptions {
  out: string;
  as?: string;
  json?: boolean;
}

interface EraseOptions {
  keepWords?: boolean;
  as?: string;
  yes?: boolean;
  json?: boolean;
}

const WHO = 'the reference of something they gave to the forum, or their pseudonym';

/** `people export|erase`: what somebody asks for by letter. */
export function addPeopleCommands(
  program: Command,
  wire: () => Promise<PeopleWiring>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'people');
  group
    .command('export')
    .description('all that is held about a person: to read, for programs, and their files')
    .argument('<reference>', WHO)
    .requiredOption('--out <folder>', 'folder to write it into')
    .option('--as <member>', AS_READER)
    .option('--json', 'the names of the files as JSON')
    .action((name: string, options: ExportOptions) =>
      withWiring(wire, (wiring) => exportPerson(wiring, name, options)),
    );
  group
    .command('erase')
    .description('erase everything of a person, on all their platforms; this cannot be undone')
    .argument('<reference>', WHO)
    .option('--keep-words', 'what they gave to the forum stays, without them; else only that there was something')
    .option('--as <member>', AS)
    .option('--yes', 'without asking to type the reference')
    .option('--json', 'what is gone as JSON')
    .action((name: string, options: EraseOptions) =>
      withWiring(wire, (wiring) => erasePerson(wiring, name, options, terminal)),
    );
}

/** A reference as it is typed from a letter; a pseudonym stays as it is. */
const nameIn = (typed: string): string => {
  const reference = readReference(typed);
  return reference.startsWith('HB-') ? reference : typed.trim().toLowerCase();
};

async function exportPerson({ views, processes, flowsDir, read }: PeopleWiring, typed: string, options: ExportOptions) {
  const name = nameIn(typed);
  await read(atTerminal(options.as), 'people.export', subjectOf(name));
  const people = await views.people();
  const { contributorId } = await authorOf(name, people);
  const record = await people.of(contributorId);
  const { languages, timeZone } = (await processes.current()) ?? DEFAULT_PROCESS;
  const language = String(record.identity?.[0]?.language ?? languages[0]);
  const phrases = async (catalog: string) => (await loadPhrases(path.join(flowsDir, catalog), languages))(language);
  const names = fileNames(record);
  const files = recordFiles(record, {
    ...{ language, timeZone, phrases: await phrases('chat.yaml'), frame: await phrases('notices.yaml') },
    ...{ platform: channelTitle, files: names },
  });
  await mkdir(options.out, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  const write = async (file: string, content: string | Uint8Array) => {
    await writeFile(path.join(options.out, file), content, { mode: 0o600 });
    written.push(file);
  };
  for (const file of files) await write(file.name, file.text);
  for await (const { id, bytes } of people.files(contributorId)) await write(names.get(id) ?? `file-${id}`, bytes);
  const words = `Written to ${options.out}: ${written.join(', ')}. Give it to nobody but them.`;
  print(options.json ? JSON.stringify({ folder: options.out, files: written }) : words);
}

/** By id: the name that its author gave, behind a number that keeps those of the same name apart. */
function fileNames({ attachment: kept = [], contribution = [], thread_message = [] }: PersonRecord) {
  const known = z.array(ATTACHMENT).catch([]);
  const sent = [...contribution, ...thread_message].flatMap(({ attachments }) => known.parse(attachments));
  return new Map(
    kept.map(({ id, ref }) => {
      const file = sent.find((one) => one.ref === ref);
      return [String(id), file ? `file-${id}-${fileName(file)}` : `file-${id}`];
    }),
  );
}

async function erasePerson(
  wiring: PeopleWiring,
  typed: string,
  options: EraseOptions,
  terminal: Terminal,
): Promise<void> {
  const name = nameIn(typed);
  const actor = atTerminal(options.as);
  const remains: Remains = options.keepWords ? 'words' : 'count';
  const actions = await wiring.actions();
  await actions.expect(actor, 'people.erase');
  const author = await authorOf(name, await wiring.views.people());
  const isIt = (again: string) => nameIn(again) === name;
  if (!options.yes) await agreeByTyping(name, isIt, question(author, remains), terminal, options.json);
  const erased = await actions.people.erase(actor, name, remains);
  print(
    options.json ? JSON.stringify({ reference: subjectOf(name), remains, ...erased }) : erasedWords(erased, remains),
  );
}

const question = ({ identities, contributions }: Author, remains: Remains): string =>
  `They are known in ${counted(identities, 'chat')} and gave ${counted(contributions, 'contribution')}, ` +
  `whose words ${remains === 'words' ? 'stay without them' : 'go as well'}. This cannot be undone. Type the reference to erase them.`;

const erasedWords = ({ identities, contributions }: Erased, remains: Remains): string =>
  `Erased: ${counted(identities, 'chat')}, and the author of ${counted(contributions, 'contribution')}` +
  `${remains === 'words' ? '; the words stay' : ', with the words'}.`;
