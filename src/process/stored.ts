import type { z } from 'zod';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { type ProcessDefinition, processSchema } from './schema.ts';

/** A process as the database has it. */
export interface StoredProcess {
  id: number;
  /** What it is called by at the terminal; null until one is applied. */
  key: string | null;
  /** Null until one is applied. */
  definition: ProcessDefinition | null;
  openedAt: Date;
  closedAt: Date | null;
}

/** @throws UserError that names the process, the place in it and the remedy */
export function readDefinition(stored: unknown, of: string): ProcessDefinition {
  const read = processSchema.safeParse(stored);
  if (read.success) return read.data;
  throw new UserError(
    `The database has a definition of ${of} that cannot be read: ${firstOf(read.error)}. ` +
      `Apply its file again: ${commandLine('process apply FILE.yaml')}`,
  );
}

/** Where the first thing is that is wrong, and what. */
export const firstOf = ({ issues: [issue] }: z.ZodError): string =>
  issue ? [...(issue.path.length > 0 ? [issue.path.join('.')] : []), issue.message].join(': ') : 'it is empty';
