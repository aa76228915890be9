import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { Planner } from '../planning/planner.ts';
import { recordTimeline } from '../planning/publish.ts';
import { applying } from '../process/next.ts';
import type { ProcessDefinition } from '../process/process.ts';
import type { Snapshot } from '../process/publication.ts';
import { expectNotThemselves } from './members.ts';
import { nothing, type Perform } from './perform.ts';
import { Refused } from './refused.ts';

export interface ProcessActionParts {
  perform: Perform;
  /** Has what is scheduled follow the process: it tells people, and moves or takes back what it has made. */
  planner: Pick<Planner, 'reconcile'>;
  clock: Clock;
}

/** What organizers do with the process. What is scheduled has followed it when the promise resolves. */
export interface ProcessActions {
  /**
   * Makes it the process, with the members whom it names anew. What is public follows; `override`: why it may, though the
   * start moves closer than two weeks. Gives the timeline that is public now; null where none is, or it is the same.
   */
  apply(actor: Actor, definition: ProcessDefinition, override?: string): Promise<Snapshot | null>;
  /** Ends it, so that the next can be applied. @throws Refused when it has ended already */
  close(actor: Actor, id: number, key: string): Promise<void>;
  /** Makes its timeline public. Null: it is already. @throws UserError when it comes too late and no reason is given */
  publish(actor: Actor, definition: ProcessDefinition, override?: string): Promise<Snapshot | null>;
}

interface Applied {
  key: string;
  made: Snapshot | null;
  /** Members whom the file has new, or otherwise than before. */
  anew: MemberDefinition[];
}

type MemberDefinition = ReturnType<typeof membersAnew>[number];

export function createProcessActions({ perform, planner, clock }: ProcessActionParts): ProcessActions {
  const detail = (made: Snapshot | null) => ({ timeline: made?.number ?? null });
  // Also when no timeline was added: an earlier attempt may have died before anybody was told of it.
  const followed = async (made: Snapshot | null): Promise<Snapshot | null> => {
    await planner.reconcile(true);
    return made;
  };
  return {
    apply: (actor, definition, override) =>
      perform(actor, {
        name: 'process.apply',
        on: ({ key }: Applied) => key,
        find: nothing,
        async act(_, { processes, timelines, members }) {
          const by = actorName(actor);
          const current = await processes.toReplace();
          const keys = (await processes.list()).flatMap((each) => each.key ?? []);
          const { key, opens } = applying(definition, current, keys);
          await processes.apply(definition, by, key);
          const anew = membersAnew(opens ? null : current.definition, definition);
          for (const member of anew) expectNotThemselves(actor, member, await members.find(member.id));
          await members.sync(anew);
          // A process that is not public yet is nobody's business.
          const isPublic = !opens && (await timelines.latest()) !== null;
          const made = isPublic ? await recordTimeline(definition, { override, by }, { timelines, clock }) : null;
          return { key, made, anew };
        },
        detail: ({ made, anew }) => ({
          ...detail(made),
          ...(anew.length > 0 && { members: anew.map(({ id, roles }) => `${id}: ${roles.join(' ')}`) }),
        }),
      }).then(({ made }) => followed(made)),
    close: (actor, id, key) =>
      perform(actor, {
        name: 'process.close',
        on: key,
        find: nothing,
        async act(_, { processes }) {
          if (await processes.close(id, actorName(actor), new Date(clock()))) return;
          throw new Refused('state', `${key} is closed already.`);
        },
      }),
    publish: (actor, definition, override) =>
      perform(actor, {
        name: 'process.publish',
        on: null,
        find: nothing,
        async act(_, { processes, timelines }) {
          const { key, closedAt } = await processes.toReplace();
          if (closedAt !== null) throw new Refused('state', `${key} is closed: its timeline stays as it is.`);
          return recordTimeline(definition, { override, by: actorName(actor) }, { timelines, clock });
        },
        detail,
      }).then(followed),
  };
}

/**
 * Those whom the file has new, or otherwise than before: what was said at the terminal of the others stands. Whoever is taken
 * out of the file stays a member: `members remove` takes the chats away as well.
 */
function membersAnew(before: ProcessDefinition | null, { members = [] }: ProcessDefinition) {
  const known = before?.members ?? [];
  const changed = members.filter((member) => !known.some((one) => isDeepStrictEqual(one, member)));
  return changed.map(({ organization = null, ...member }) => ({ ...member, organization }));
}
