import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import type { Actor } from '../people/actor.ts';
import type { Erased, Remains } from '../people/erasure.ts';
import type { Author, PersonRecords } from '../people/record.ts';
import { nothing, type Perform } from './perform.ts';

export interface PersonActionParts {
  perform: Perform;
}

/** What somebody asks for by letter, who names what they gave to the forum. */
export interface PersonActions {
  /** Erases everything of the person who gave this, or has this pseudonym, on all their platforms. @throws UserError when there is nobody */
  erase(actor: Actor, name: string, remains: Remains): Promise<Erased>;
}

export function createPersonActions({ perform }: PersonActionParts): PersonActions {
  return {
    erase: (actor, name, remains) =>
      perform(actor, {
        name: 'people.erase',
        on: subjectOf(name),
        find: nothing,
        async act(_, { people, erasure }) {
          const { contributorId } = await authorOf(name, people);
          return erasure.erase(contributorId, remains);
        },
        detail: ({ identities, contributions }) => ({ identities, contributions, remains }),
      }),
  };
}

/** What the audit may keep of it: a reference stays when its author has gone, a pseudonym would be all that is left of them. */
export const subjectOf = (name: string): string | null => (name.startsWith('HB-') ? name : null);

/** @throws UserError when there is nobody */
export async function authorOf(name: string, people: Pick<PersonRecords, 'find'>): Promise<Author> {
  const found = await people.find(name);
  if (found) return found;
  throw new UserError(
    `Nobody is known as the author of ${name}: there is no such contribution, or they were erased already. \`${commandLine('contributions list')}\` shows what there is.`,
  );
}
