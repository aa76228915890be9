import type { FlowBook } from './book.ts';

/** Begun by the application alone, with answers that only it can give. */
const INNER = new Set(['loose', 'question', 'respond', 'edit', 'withdraw']);

/** Whether a person may begin it by its name: as a command, or from a deep link. */
export const isOpenTo = (book: FlowBook, flow: string): boolean => !INNER.has(flow) && book.get(flow) !== undefined;
