import type { Actor } from '../people/actor.ts';
import { nothing, type Perform } from './perform.ts';
import type { ActionName } from './table.ts';
import type { CoreWrites } from './writes.ts';

/** What changes nothing, and shows what people said or who they are. */
export type ReadingName = Extract<
  ActionName,
  | 'contributions.list'
  | 'contributions.export'
  | 'contributions.files'
  | 'people.export'
  | 'responses.preview'
  | 'notices.uncertain'
  | 'notices.report'
  | 'threads.list'
  | 'threads.show'
  | 'updates.show'
>;

/** Leaves an entry in the audit before somebody reads what is personal. @throws Refused for those who may not */
export type Read = (actor: Actor, name: ReadingName, on?: string | null) => Promise<void>;

export const createReading =
  <W extends CoreWrites>(perform: Perform<W>): Read =>
  (actor, name, on = null) =>
    perform(actor, { name, on, find: nothing, act: async () => undefined });
