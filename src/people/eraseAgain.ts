import type { Erasure } from './erasure.ts';
import type { ForgetList } from './forgetList.ts';

const PAGE = 10_000;

/** A backup that was restored knows people again who had themselves erased since it was made. Gives how many went. */
export async function eraseAgain(erasure: Erasure, forgetList: ForgetList): Promise<number> {
  const remainsOf = await forgetList.matcher();
  if (remainsOf === null) return 0;
  let erased = 0;
  for (let page = await erasure.known(null, PAGE); page.length > 0; page = await erasure.known(last(page), PAGE))
    for (const { contributorId, key, joinedAt } of page) {
      const remains = remainsOf(key, joinedAt);
      if (remains !== null) erased += (await erasure.erase(contributorId, remains)).identities;
    }
  return erased;
}

const last = (page: { id: string }[]): string | null => page.at(-1)?.id ?? null;
