import { DoneBefore } from '../../actions/refused.ts';

/** The same press again finds it done. */
export async function unlessDone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof DoneBefore)) throw error;
  });
}
