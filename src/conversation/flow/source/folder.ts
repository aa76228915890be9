import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { parseYaml, unopened, type Yaml } from './file.ts';

export const FLOW_FILE = '.flow.yaml';
/** What is said outside the flows: the engine's own sentences, and those of the parts around it. */
export const MESSAGES_FILE = 'messages.yaml';
/** What people say, and what they mean by it. */
export const INTENTS_FILE = 'intents.yaml';
export const CATALOGS = ['chat', 'notices', 'members', 'outreach', 'console'] as const;
export type CatalogName = (typeof CATALOGS)[number];
const OTHERS = [MESSAGES_FILE, INTENTS_FILE, ...CATALOGS.map((name) => `${name}.yaml`)];

/** Texts of files by their names. */
export type FlowFiles = Record<string, string>;

export const isSame = (one: FlowFiles, other: FlowFiles): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/** A folder of flows as it was read. */
export interface Folder {
  /** As it is called in messages. */
  name: string;
  files: FlowFiles;
  /** Why others could not be opened, by their names. */
  unopened: Record<string, string>;
  /** Names like those of flows, in another ending. */
  misnamed: readonly string[];
}

/** @throws UserError when there is no such folder */
export async function readFolder(name: string): Promise<Folder> {
  const names = await namesIn(name);
  const folder: Folder = { name, files: {}, unopened: {}, misnamed: names.filter(isMisnamed) };
  for (const file of [...names.filter(isFlow), ...OTHERS])
    await readFile(path.join(name, file), 'utf8').then(
      (text) => (folder.files[file] = text),
      (error) => (folder.unopened[file] = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
    );
  return folder;
}

/** A mark that changes when one of its files is saved, without reading any. @throws UserError when there is no such folder */
export async function stampOf(name: string): Promise<string> {
  const files = [...(await namesIn(name)).filter(isFlow), ...OTHERS];
  const stats = await Promise.all(files.map((file) => stat(path.join(name, file)).catch(() => null)));
  return files.map((file, index) => `${file} ${stats[index]?.mtimeMs} ${stats[index]?.size}`).join('\n');
}

export const flowNames = ({ files, unopened: closed }: Folder): string[] =>
  [...Object.keys(files), ...Object.keys(closed)].filter(isFlow).sort();

/** A file of the folder as data, or why it could not be read. */
export function yamlIn({ name, files, unopened: closed }: Folder, file: string): Yaml {
  const [text, whole] = [files[file], path.join(name, file)];
  return text === undefined ? unopened(whole, closed[file] ?? 'ENOENT') : parseYaml(text, whole);
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => {
    throw new UserError(`FLOWS_DIR: there is no folder ${folder}. Name the folder with the *.flow.yaml files.`);
  });
  return names.sort();
}

const isFlow = (name: string): boolean => name.endsWith(FLOW_FILE);
const isMisnamed = (name: string): boolean => /\.flow\.(ya?ml|json)$/i.test(name) && !isFlow(name);
