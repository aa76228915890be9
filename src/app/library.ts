import type { FlowVersions } from '../domain/ports.ts';
import { createBook, type FlowBook } from '../flow/book.ts';
import { type Flow, flowSchema } from '../flow/source/schema.ts';
import type { Session } from '../flow/types.ts';

/** The flows of this deployment, and whatever older versions people are still under way in. */
export interface Library {
  /** The book in which this session, as it was stored, can go on; older versions are fetched once and kept. */
  bookFor(session: Session | null): Promise<FlowBook>;
}

/** Keeps this deployment's versions for later ones, then lends books. */
export async function createLibrary(book: FlowBook, versions: FlowVersions): Promise<Library> {
  await versions.keep(book.flows.map((flow) => ({ flow: flow.flow, version: flow.version, definition: flow })));
  const older = new Map<string, Flow>();
  let whole = book;

  async function fetched(missing: { flow: string; version: string }[]): Promise<FlowBook> {
    const found = (await versions.find(missing)).flatMap((definition) => flowSchema.safeParse(definition).data ?? []);
    for (const flow of found) older.set(`${flow.flow}@${flow.version}`, flow);
    if (found.length > 0) whole = createBook(book.flows, book.messages, [...older.values()]);
    return whole;
  }

  return {
    async bookFor(session) {
      const stack = Array.isArray(session?.stack) ? session.stack : [];
      const missing = stack.filter(({ flow, version }) => !whole.get(flow, version));
      return missing.length === 0 ? whole : fetched(missing);
    },
  };
}
