import type { FlowVersions } from '../domain/ports.ts';
import { createBook, type FlowBook } from '../flow/book.ts';
import { type Flow, flowSchema } from '../flow/source/schema.ts';
import type { Session } from '../flow/types.ts';

/** The flows of this deployment, and whatever older versions people are still under way in. */
export interface Library {
  /** The book in which this session, as it was stored, can go on; older versions are fetched once and kept. */
  bookFor(session: Session | null): Promise<FlowBook>;
}

/** Lends books, of which every version is kept before anybody begins it. @param current the flows that are in force */
export function createLibrary(current: () => FlowBook, versions: FlowVersions): Library {
  const older = new Map<string, Flow>();
  let kept: FlowBook | null = null;
  let whole: FlowBook | null = null;

  async function newest(): Promise<FlowBook> {
    const book = current();
    if (book === kept && whole !== null) return whole;
    await versions.keep(book.flows.map((flow) => ({ flow: flow.flow, version: flow.version, definition: flow })));
    kept = book;
    return bound(book);
  }

  function bound(book: FlowBook): FlowBook {
    whole = createBook(book.flows, book.messages, [...older.values()]);
    return whole;
  }

  async function fetched(missing: { flow: string; version: string }[]): Promise<FlowBook> {
    const found = (await versions.find(missing)).flatMap((definition) => flowSchema.safeParse(definition).data ?? []);
    for (const flow of found) older.set(`${flow.flow}@${flow.version}`, flow);
    return bound(kept ?? current());
  }

  return {
    async bookFor(session) {
      const book = await newest();
      const stack = Array.isArray(session?.stack) ? session.stack : [];
      const missing = stack.filter(({ flow, version }) => !book.get(flow, version));
      return missing.length === 0 ? book : fetched(missing);
    },
  };
}
