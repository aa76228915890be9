import type { z } from 'zod';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import type { PublicTimeline, RecordedTimeline, Snapshot } from './publication.ts';
import { type ProcessDefinition, processSchema } from './schema.ts';

/** A process as the database has it. */
export interface StoredProcess {
  id: number;
  /** Its name at the terminal; null until one is applied. */
  key: string | null;
  /** Null until one is applied. */
  definition: ProcessDefinition | null;
  /** The member who applied it last; null: not said. */
  appliedBy: string | null;
  openedAt: Date;
  closedAt: Date | null;
}

/** A process as it was applied. */
export interface ProcessVersion {
  number: number;
  /** Null where it can no longer be read. */
  definition: ProcessDefinition | null;
  /** A member's id; null: not said. */
  by: string | null;
  at: Date;
}

/** One line of the list of processes. */
export interface ListedProcess {
  id: number;
  key: string;
  name: ProcessDefinition['name'];
  openedAt: Date;
  closedAt: Date | null;
  contributions: number;
}

/** What ends with a process. */
export interface Closing {
  /** Notices that have not begun and will be cancelled. */
  notices: number;
  /** People in the middle of a conversation. */
  speaking: number;
}

/**
 * The processes of this installation, one after the other: the current one is open, or was the last to be closed.
 * Whatever reads a definition throws a UserError where it cannot be read.
 */
export interface ProcessRecords {
  now(): Promise<StoredProcess>;
  /** The same, before its definition is replaced: one that cannot be read counts as none. */
  toReplace(): Promise<StoredProcess>;
  /** The definition of the current one; null until one is applied. */
  current(): Promise<ProcessDefinition | null>;
  /** All that were applied, the oldest first, without their definitions. */
  list(): Promise<ListedProcess[]>;
  /** Null where no process has this key. */
  named(key: string): Promise<StoredProcess | null>;
  /** The number of the public timeline of the current one; null while there is none. */
  published(): Promise<number | null>;
  /** Every version of the process with this id, the oldest first. */
  versions(process: number): Promise<ProcessVersion[]>;
  /** What closing it would end. */
  closing(id: number): Promise<Closing>;
}

export interface ProcessWrites {
  /** In a transaction: the current one as `toReplace` gives it, locked until the transaction ends. */
  hold(): Promise<StoredProcess>;
  /**
   * Sets the definition of the open process, or opens the next one under this key, and stores it as a version with the
   * member who did it. False when nothing changed.
   */
  apply(definition: ProcessDefinition, by?: string | null, key?: string): Promise<boolean>;
  /** False when it was closed already. In a transaction: also ends what the calendar creates meanwhile. */
  close(id: number, by: string | null, at: Date): Promise<boolean>;
}

const definitionIn = unlessSame((stored) => processSchema.safeParse(stored));

/** Parses again only where the value differs from the last one: it is long, is read every few seconds and seldom changes. */
function unlessSame<T>(read: (stored: unknown) => T): (stored: unknown) => T {
  let last: { text: string; result: T } | null = null;
  return (stored) => {
    const text = JSON.stringify(stored);
    if (last?.text !== text) last = { text, result: read(stored) };
    return last.result;
  };
}

/** @throws UserError that names the process, the place in it and the remedy */
export function readDefinition(stored: unknown, of: string): ProcessDefinition {
  const read = definitionIn(stored);
  if (read.success) return read.data;
  throw new UserError(
    `The database has a definition of ${of} that cannot be read: ${firstOf(read.error)}. ` +
      `Apply its file again: ${commandLine('process apply FILE.yaml')}`,
  );
}

/** A later version of Hearback may have written more keys. */
const publicSchema = processSchema
  .pick({
    ...{ name: true, languages: true, timeZone: true, startsOn: true, hearBackBy: true, stages: true },
    ...{ events: true, opportunities: true, questions: true, themes: true },
  } satisfies Record<keyof PublicTimeline, true>)
  .strip();

/** The public part of a stored timeline. Null where it can no longer be read. */
export const publicIn = unlessSame((recorded): PublicTimeline | null => publicSchema.safeParse(recorded).data ?? null);

/** @throws UserError that names the timeline and the remedy */
export function readTimeline<T extends RecordedTimeline>(record: T): T & Snapshot {
  const definition = publicIn(record.definition);
  if (definition) return { ...record, definition };
  throw new UserError(
    `The record has a timeline ${record.number} that cannot be read. \`${commandLine('process history')}\` says ` +
      'whether somebody has changed the record; a copy of the database from before shows what it was.',
  );
}

/** Where the first error is, and what is wrong. */
export const firstOf = ({ issues: [issue] }: z.ZodError): string =>
  issue ? [...(issue.path.length > 0 ? [issue.path.join('.')] : []), issue.message].join(': ') : 'it is empty';
