import type { Writable } from 'node:stream';
import type { Bookmark, ContributionStore } from '../domain/decisions.ts';
import { type DecidedContribution, sheetRow } from '../domain/sheet.ts';
import { type Format, writeSheet } from './sheetFiles.ts';

const PAGE = 2000;

/** Every contribution, oldest first, never more than a page of them in memory. */
export async function* contributions(store: ContributionStore): AsyncGenerator<DecidedContribution> {
  let after: Bookmark | null = null;
  for (;;) {
    const page: DecidedContribution[] = await store.page(after, PAGE);
    yield* page;
    const last = page.at(-1)?.contribution;
    if (!last || page.length < PAGE) return;
    after = { submittedAt: last.submittedAt, id: last.id };
  }
}

/** Writes the forum's working sheet to `out` and ends it; gives the number of contributions. */
export async function exportContributions(store: ContributionStore, format: Format, out: Writable): Promise<number> {
  let count = 0;
  async function* rows() {
    for await (const decided of contributions(store)) {
      count += 1;
      yield sheetRow(decided);
    }
  }
  await writeSheet(rows(), format, out);
  return count;
}
