import type { Log, Trouble } from '../core/log.ts';
import type { Due, Inbox } from './inbox.ts';
import { describe } from './intake.ts';
import type { PersonQueue } from './personQueue.ts';

export interface GiveUpParts {
  inbox: Pick<Inbox, 'putAside' | 'putAsideNext'>;
  people: Pick<PersonQueue, 'letGo'>;
  isOutage: (error: unknown) => boolean;
  trouble: Trouble;
  log: Log;
}

export type GiveUp = ReturnType<typeof createGiveUp>;

/** Puts aside what could not be handled, so that what its person sent later comes first; it is tried again. */
export function createGiveUp({ inbox, people, isOutage, trouble, log }: GiveUpParts) {
  /** While the database cannot be reached, everything stays where it is. */
  async function giveUp(person: string, error: unknown, putAside: (why: string) => Promise<void>): Promise<void> {
    if (isOutage(error)) {
      trouble.met(error);
      return people.letGo(person, false);
    }
    const done = await putAside(describe(error)).then(
      () => true,
      (outage) => void trouble.met(outage),
    );
    people.letGo(person, done === true);
  }

  return {
    /** An update. */
    on: ({ inbound, person }: Pick<Due, 'inbound'> & { person: string }, error: unknown): Promise<void> =>
      giveUp(person, error, async (why) => {
        log.error('An update could not be handled; it is kept and tried again', { update: inbound.id }, error);
        await inbox.putAside(inbound.id, why);
      }),
    /** The first update of this person that waits. */
    next: (person: string, error: unknown): Promise<void> =>
      giveUp(person, error, (why) => inbox.putAsideNext(person, why)),
  };
}
