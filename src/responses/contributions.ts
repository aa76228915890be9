import type { Bookmark, ContributionQuery } from '../contributions/search.ts';
import type { ContributionStore } from './ports.ts';
import type { DecidedContribution } from './sheet/sheet.ts';

const PAGE = 2000;

/** Every contribution, oldest first, with no more than a page in memory. */
export async function* contributions(
  store: ContributionStore,
  query: ContributionQuery = {},
): AsyncGenerator<DecidedContribution> {
  let after: Bookmark | null = null;
  for (;;) {
    const page: DecidedContribution[] = await store.page(after, PAGE, query);
    yield* page;
    const last = page.at(-1)?.contribution;
    if (!last || page.length < PAGE) return;
    after = { submittedAt: last.submittedAt, id: last.id };
  }
}
