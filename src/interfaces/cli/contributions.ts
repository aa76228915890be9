import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Read } from '../../actions/reading.ts';
import type { Views } from '../../compose/views.ts';
import { attachmentWords } from '../../contributions/attachment.ts';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES, type Contribution } from '../../contributions/contribution.ts';
import { type Fetched, fetchFiles, OWNER_ONLY } from '../../contributions/files.ts';
import { type ContributionQuery, FACETS, FLAGS } from '../../contributions/search.ts';
import type { Channel } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channelName.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { readReference } from '../../core/reference.ts';
import { shorten } from '../../core/split.ts';
import { atTerminal } from '../../people/actor.ts';
import type { ProcessDefinition } from '../../process/process.ts';
import type { StoredProcess } from '../../process/stored.ts';
import { contributions } from '../../responses/contributions.ts';
import type { Exported } from '../../responses/export.ts';
import { FORMATS, type Format } from '../../responses/sheet/cells.ts';
import type { DecidedContribution } from '../../responses/sheet/sheet.ts';
import { commandNamed } from './commands.ts';
import type { WantedContributions } from './contributionFilter.ts';
import { PROCESS_OPTION, type Processes, processNamed } from './whichProcess.ts';
import { AS_READER, withWiring } from './wiring.ts';
import { counted, printable } from './words.ts';

/** What these commands need of the running system. */
export interface ContributionsWiring {
  views: Pick<Views, 'attachments' | 'contributions' | 'triage'>;
  processes: Processes & { current(): Promise<ProcessDefinition | null> };
  /** Before anything is shown. @throws Refused for those who may not read it */
  read: Read;
  /** A channel to fetch files through; null where it is not set up. */
  channel(name: ChannelName): Promise<Pick<Channel, 'download'> | null>;
  close(): Promise<void>;
}

/** What a filter can ask for, as its text has it. */
const FILTERS = [...FACETS, ...FLAGS];

/** `contributions list`, `contributions export` and `contributions files`. */
export function addContributionsCommands(program: Command, wire: () => Promise<ContributionsWiring>): Command {
  const group = commandNamed(program, 'contributions');
  group
    .command('list')
    .description('every contribution with its state, oldest first')
    .option('--search <words>', 'only with all of these words and "phrases", and without -words; or by its reference')
    .option('--theme <theme>', 'only of this theme')
    .option('--state <state>', `only in this state: ${CONTRIBUTION_STATES.join(', ')}`)
    .option('--decision <decision>', 'only those on which this is decided')
    .option('--kind <kind>', `only of this kind: ${CONTRIBUTION_KINDS.join(', ')}`)
    .option('--question <id>', 'only answers to this question')
    .option('--language <language>', 'only in this language, such as en')
    .option('--since <date>', 'only from this day or time on, of the clock of the process: 2027-03-14')
    .option('--until <date>', 'only to the end of this day, or before this time')
    .option('--filter <text>', `any of ${FILTERS.join(', ')}: "state=received&theme=health&theme=&files=yes"`)
    .option('--view <name>', 'the filter that is kept by this name')
    .option('--as <member>', AS_READER)
    .option(...PROCESS_OPTION)
    .option('--json', 'an array of objects')
    .action(async (options: ListOptions) => withWiring(wire, (wiring) => list(wiring, options)));
  group
    .command('export')
    .description("the forum's working sheet, with columns for the decision and the five elements of the response")
    .addOption(new Option('--format <format>', 'kind of file; csv, or as the ending of --out says').choices(FORMATS))
    .option('--out <file>', 'file to write; otherwise standard output')
    .option('--force', 'write over a file that is there')
    .option('--as <member>', AS_READER)
    .option(...PROCESS_OPTION)
    .option('--json', 'with --out: report the figures as JSON')
    .action(async (options: ExportOptions) => {
      const format = formatOf(options);
      await withWiring(wire, (wiring) => exportSheet(wiring, format, options));
    });
  group
    .command('files')
    .description('fetch the photos, voices and documents of one contribution')
    .argument('<reference>')
    .requiredOption('--out <folder>', 'folder to write them into')
    .option('--as <member>', AS_READER)
    .option('--json', 'what became of each file as JSON')
    .action(async (reference: string, options: FilesOptions) =>
      withWiring(wire, (wiring) => files(wiring, reference, options)),
    );
  return group;
}

const processOf = async ({ processes }: ContributionsWiring, named: StoredProcess | null) =>
  named?.definition ?? (await processes.current()) ?? (await import('../../process/process.ts')).DEFAULT_PROCESS;

interface ListOptions extends WantedContributions {
  view?: string;
  as?: string;
  process?: string;
  json?: boolean;
}

async function list(
  wiring: ContributionsWiring,
  { as, json, process: key, view, ...given }: ListOptions,
): Promise<void> {
  await wiring.read(atTerminal(as), 'contributions.list');
  const named = await processNamed(key, wiring.processes);
  const wanted = view === undefined ? given : { filter: await savedFilter(view, as, wiring), ...given };
  const filter = await filterFor(wanted, named, wiring);
  const decided = contributions(await wiring.views.contributions(), filter);
  const none = Object.keys(filter).length === 0 ? 'No contributions yet.' : 'There is no such contribution.';
  await pipeline(json ? jsonList(decided) : textList(decided, none), process.stdout).catch(withoutReader);
}

/** The reader has seen enough (`| head`). */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function savedFilter(name: string, member: string | undefined, { views }: ContributionsWiring): Promise<string> {
  const { filterNamed } = await import('./contributionFilter.ts');
  return filterNamed(name, await (await views.triage()).savedViews(member ?? null));
}

/** What the whole list has no use for is not loaded for it. */
async function filterFor(
  wanted: WantedContributions,
  named: StoredProcess | null,
  wiring: ContributionsWiring,
): Promise<ContributionQuery> {
  const of = named ? { process: named.id } : {};
  if (Object.keys(wanted).length === 0) return of;
  const { filterOf } = await import('./contributionFilter.ts');
  const store = await wiring.views.contributions();
  const used = { used: (what: Parameters<typeof store.used>[0]) => store.used(what, named?.id) };
  return { ...(await filterOf(wanted, used, await processOf(wiring, named))), ...of };
}

async function* textList(all: AsyncIterable<DecidedContribution>, none: string): AsyncGenerator<string> {
  let count = 0;
  for await (const decided of all) {
    count += 1;
    yield `${line(decided)}\n`;
  }
  if (count === 0) yield `${none}\n`;
}

async function* jsonList(all: AsyncIterable<DecidedContribution>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const decided of all) {
    yield before + JSON.stringify(listed(decided));
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** What its author has taken back stays in the list without its words. */
const TAKEN_BACK = { text: '', fields: {}, attachments: [] };

function listed({ contribution, response, triage }: DecidedContribution): object {
  const { id, contributorId, updatedAt, ...shown } = contribution;
  return { ...shown, ...(shown.state === 'withdrawn' && TAKEN_BACK), decision: response?.decision ?? null, ...triage };
}

function line({ contribution: it }: DecidedContribution): string {
  const about = [it.reference, it.state.padEnd(9), it.kind.padEnd(7), it.channel.padEnd(8), it.language.padEnd(5)];
  if (it.state === 'withdrawn') return about.join('  ');
  const beside = it.attachments.length > 0 ? `[${attachmentWords(it.attachments)}] ` : '';
  return `${about.join('  ')}  ${beside}${shorten(printable(it.text), 70)}`;
}

interface ExportOptions {
  as?: string;
  process?: string;
  format?: Format;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** What other programs write. */
const SPREADSHEETS = ['.ods', '.xls', '.numbers'];

/** @throws UserError when the file's ending says something else, or a workbook would go to a terminal */
function formatOf({ format, out }: ExportOptions): Format {
  const ending = FORMATS.find((one) => extname(out ?? '').toLowerCase() === `.${one}`);
  if (SPREADSHEETS.includes(extname(out ?? '').toLowerCase()))
    throw new UserError(
      `--out: ${out} would be no sheet of its kind. Hearback writes ${FORMATS.join(', ')}; choose .xlsx.`,
    );
  if (format && ending && format !== ending)
    throw new UserError(
      `--format ${format}: ${out} ends in .${ending}. Leave --format out, or let the file end in .${format}.`,
    );
  const chosen = format ?? ending ?? 'csv';
  if (chosen === 'xlsx' && !out && process.stdout.isTTY)
    throw new UserError('A workbook is not a text; say --out FILE.xlsx.');
  return chosen;
}

async function exportSheet(wiring: ContributionsWiring, format: Format, options: ExportOptions): Promise<void> {
  const { out, as, json } = options;
  await wiring.read(atTerminal(as), 'contributions.export');
  const named = await processNamed(options.process, wiring.processes);
  const [definition, { exportContributions }] = await Promise.all([
    processOf(wiring, named),
    import('../../responses/export.ts'),
  ]);
  const target = out === undefined ? process.stdout : await sheetFile(out, options.force);
  const store = await wiring.views.contributions();
  const written = exportContributions(store, definition, format, target, named?.id);
  if (out === undefined) return void (await written.catch(withoutReader));
  const exported = await written;
  process.stdout.write(json ? `${JSON.stringify({ file: out, format, ...exported })}\n` : exportedWords(exported, out));
}

const exportedWords = ({ contributions: count, withdrawn, setAside }: Exported, file: string): string =>
  `${counted(count, 'contribution')} written to ${file}.\n` +
  (withdrawn > 0 ? `Without ${counted(withdrawn, 'other')} that their authors have taken back.\n` : '') +
  (setAside > 0
    ? `Without ${counted(setAside, 'other')} that ${setAside === 1 ? 'is' : 'are'} set aside: ${commandLine('contributions list --state set_aside')}\n`
    : '');

/** @throws UserError when it cannot be written, or is there already: the forum may have filled it in */
async function sheetFile(out: string, force = false): Promise<Writable> {
  const file = await open(out, force ? 'w' : 'wx', OWNER_ONLY).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UserError(
      code === 'EEXIST'
        ? `--out: ${out} is there already, and may hold decisions of the forum. Name another file, or say --force to write over it.`
        : `--out: ${out} cannot be written (${code}). Name a file in a folder that is there and that you may write to.`,
    );
  });
  // The one that is written over keeps its own permissions else.
  await file.chmod(OWNER_ONLY);
  return file.createWriteStream();
}

interface FilesOptions {
  as?: string;
  out: string;
  json?: boolean;
}

/** @throws UserError when there is no such contribution, nothing to fetch it through, or a file was refused */
async function files(wiring: ContributionsWiring, name: string, { out, as, json }: FilesOptions): Promise<void> {
  const reference = readReference(name);
  await wiring.read(atTerminal(as), 'contributions.files', reference);
  const contribution = await await (await wiring.views.contributions()).byReference(reference);
  if (!contribution)
    throw new UserError(
      `No contribution is called ${reference}. \`${commandLine('contributions list')}\` shows them all.`,
    );
  if (contribution.state === 'withdrawn')
    throw new UserError(`${reference} was taken back by its author, with its files.`);
  const fetched = await fetchAll(contribution, wiring, out);
  const none = `${reference} came without files.`;
  process.stdout.write(`${json ? JSON.stringify(fetched) : fetched.map(fetchedLine).join('\n') || none}\n`);
  const refused = fetched.filter(({ state }) => state === 'refused').length;
  if (refused > 0) throw new UserError(`${refused} of ${counted(fetched.length, 'file')} could not be fetched.`);
}

/** What was kept when it arrived is here; for the rest the platform is asked, through the bot that was given it. */
async function fetchAll(
  contribution: Contribution,
  { views, channel: channelOf }: ContributionsWiring,
  folder: string,
): Promise<Fetched[]> {
  const kept = await views.attachments();
  const { channel, reference } = contribution;
  let asked: Promise<Pick<Channel, 'download'> | null> | null = null;
  async function download(ref: string): Promise<Uint8Array> {
    const bytes = await kept.find(channel, ref);
    if (bytes) return bytes;
    asked ??= channelOf(channel);
    const platform = await asked;
    if (!platform)
      throw new UserError(
        `${channel}: a file of ${reference} is kept there. Set the token of the bot that was given it, and try again.`,
      );
    return platform.download(ref);
  }
  return fetchFiles(contribution, { download }, folder);
}

const fetchedLine = ({ file, kind, state, bytes, note }: Fetched): string =>
  [`${file}  ${kind}, ${state}`, ...(bytes === null ? [] : [`${bytes} bytes`]), ...(note === null ? [] : [note])].join(
    ', ',
  );
