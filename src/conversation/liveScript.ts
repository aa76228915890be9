import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { type PhrasesIn, phrasesOf } from '../core/loadPhrases.ts';
import type { Log } from '../core/log.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import { type CatalogName, type FlowFiles, isSame, readFolder, stampOf } from './flow/source/folder.ts';
import { type Script, scriptOf } from './flow/source/load.ts';

/** The files of all scripts that were ever in force in this deployment, by ascending numbers: the newest is. */
export interface Scripts {
  /** Puts these in force, unless they are. Gives their number. */
  keep(files: Record<string, string>): Promise<number>;
  /** The newest, if it is newer than that number. */
  newest(after: number): Promise<{ number: number; files: Record<string, string> } | null>;
}

/** What the bot says now, whatever it said when this process began. */
export interface Spoken {
  /** The flows for whoever begins one now. */
  registry(): FlowRegistry;
  /** The texts of a catalog; what this gives goes on to be right when others come into force. */
  catalog(name: CatalogName): PhrasesIn;
}

export interface LiveScript extends Spoken {
  /**
   * Puts in force what was saved in the folder, and takes over what another process has put in force. What has errors is
   * told once, and changes nothing. To be called every few seconds; it reads no file that was not saved.
   */
  look(): Promise<void>;
}

export interface LiveScriptParts {
  scripts: Scripts;
  /** Of the process, in the order in which texts fall back. */
  languages: () => readonly string[];
  /** Called whenever others come into force. */
  changed?: () => void;
  log: Log;
}

/** A folder of flows, sound as it was read. */
export interface ReadScript {
  script: Script;
  folder: string;
  files: FlowFiles;
  /** Of the files when they were read. */
  stamp: string;
}

/** @param folder FLOWS_DIR. @throws UserError with all errors of the folder, each with file and line */
export async function readScript(folder: string): Promise<ReadScript> {
  const stamp = await stampOf(folder);
  const read = await readFolder(folder);
  return { script: scriptOf(read), folder, files: read.files, stamp };
}

/**
 * The script of a deployment: that of the folder which was saved, or whose process was started, last. All its processes
 * say the same.
 */
export async function createLiveScript(read: ReadScript, parts: LiveScriptParts): Promise<LiveScript> {
  const { folder } = read;
  const { scripts, log, languages } = parts;
  const saved = createSaved(read.stamp);
  let now = spokenOf(read.script, folder, languages);
  let files = read.files;
  let number = await scripts.keep(files);
  let missed = number;

  function take(script: Script, taken: FlowFiles, as: number): void {
    [now, files, number] = [spokenOf(script, folder, languages), taken, as];
    log.info('Other flows and texts are in force', { script: number, flows: script.registry.flows.length });
    parts.changed?.();
  }

  async function putInForce(): Promise<void> {
    const { files: fresh, ...rest } = await readFolder(folder);
    if (isSame(fresh, files)) return;
    const script = soundOr(() => scriptOf({ ...rest, files: fresh }), SAVED_WRONG, log);
    if (script) take(script, fresh, await scripts.keep(fresh));
  }

  async function follow(): Promise<void> {
    const newest = await scripts.newest(Math.max(number, missed));
    if (newest === null) return;
    missed = newest.number;
    if (isSame(newest.files, files)) return void (number = newest.number);
    const script = soundOr(() => scriptOf(folderOf(newest.files, folder)), OTHERS_WRONG, log);
    if (script) take(script, newest.files, newest.number);
  }

  return {
    registry: () => now.registry(),
    catalog: (name) => (language) => now.catalog(name)(language),
    async look() {
      await follow();
      await saved.since(() => stampOf(folder), putInForce);
    },
  };
}

/** A script that never changes: for whoever is done in a moment. */
export function spokenOf(
  { registry, phrasebooks }: Script,
  folder: string,
  languages: () => readonly string[],
): Spoken {
  const made = new Map<CatalogName, { order: readonly string[]; phrases: PhrasesIn }>();
  return {
    registry: () => registry,
    catalog: (name) => (language) => {
      const order = languages();
      const known = made.get(name);
      if (known?.order === order) return known.phrases(language);
      const phrases = phrasesOf(phrasebooks[name], path.join(folder, `${name}.yaml`), order);
      made.set(name, { order, phrases });
      return phrases(language);
    },
  };
}

const SAVED_WRONG = 'What was saved in FLOWS_DIR has errors; what was in force before stays';
const OTHERS_WRONG = 'Flows of another process cannot be read by this one; what was in force before stays';

/** Null, with one line in the log, for what has errors. `flows check` tells them all. */
function soundOr(read: () => Script, event: string, log: Log): Script | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const first = /([\w.-]+:\d+):/.exec(error.all[0] ?? '')?.[1];
    log.warn(event, { errors: error.all.length, ...(first && { first }) });
    return null;
  }
}

/**
 * Does something about files that were saved since it was done last: where it fails, it is done the next time. Who is still
 * writing is waited for: the mark has to be the same twice.
 */
function createSaved(first: string) {
  let seen = first;
  let settling: string | null = null;
  return {
    async since(look: () => Promise<string>, work: () => Promise<void>): Promise<void> {
      const stamp = await look();
      const isSettled = stamp !== seen && stamp === settling;
      settling = stamp;
      if (!isSettled) return;
      await work();
      seen = stamp;
    },
  };
}

const folderOf = (files: FlowFiles, name: string) => ({ name, files, unopened: {}, misnamed: [] });
