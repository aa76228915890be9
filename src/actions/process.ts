import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { type Actor, actorName } from '../people/actor.ts';
import type { Planner } from '../planning/planner.ts';
import { recordTimeline } from '../planning/publish.ts';
import { applying } from '../process/next.ts';
import type { ProcessDefinition } from '../process/process.ts';
import type { Snapshot } from '../process/publication.ts';
import type { StoredProcess } from '../process/stored.ts';
import { expectProcessShown } from './agreed.ts';
import { expectMayChange, expectNotThemselves } from './members.ts';
import type { Action, Perform } from './perform.ts';
import type { Standing } from './permission.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface ProcessActionParts {
  perform: Perform;
  /** Has what is scheduled follow the process: it tells people, and moves or takes back what it has made. */
  planner: Pick<Planner, 'reconcile'>;
  clock: Clock;
}

/** What organizers do with the process. What is scheduled has followed it when the promise resolves. */
export interface ProcessActions {
  /**
   * Makes it the process, and takes in the members that are new or changed in it. A public timeline is replaced; `override`
   * is the reason for doing so though the start moves closer than two weeks. Gives the timeline that is public now; null where none is, or it is the same.
   */
  apply(actor: Actor, definition: ProcessDefinition, agreed?: Agreed): Promise<Snapshot | null>;
  /** Ends it, so that the next can be applied. `left`: what was seen to wait still. @throws Refused when it has ended already */
  close(actor: Actor, id: number, key: string, left?: Left): Promise<void>;
  /** Makes its timeline public. Null: it is already. @throws UserError when it comes too late and no reason is given */
  publish(actor: Actor, agreed?: Agreed): Promise<Snapshot | null>;
}

/** What a process leaves when it ends: contributions that are owed something, people without an answer, proposals. */
export interface Left {
  owed: number;
  unanswered: number;
  proposed: number;
}

export interface Agreed {
  /** Why it is made public though it comes too late. */
  override?: string | undefined;
  /** The mark of the process that was shown: nothing is done if it has changed since. */
  shown?: string | undefined;
}

export const NO_PROCESS = `There is no process to publish. First: ${commandLine('process apply FILE.yaml')}`;

export function createProcessActions({ perform, planner, clock }: ProcessActionParts): ProcessActions {
  // Also when no timeline was added: an earlier attempt may have died before anybody heard of it.
  const followed = async (made: Snapshot | null): Promise<Snapshot | null> => {
    await planner.reconcile(true);
    return made;
  };
  return {
    apply: (actor, definition, agreed = {}) =>
      perform(actor, applyingTo(actor, definition, agreed, clock)).then(({ made }) => followed(made)),
    close: (actor, id, key, left) => perform(actor, closing(actor, { id, key, left }, clock)),
    publish: (actor, agreed = {}) => perform(actor, publishing(actor, agreed, clock)).then(followed),
  };
}

type Subject = Standing & { process: StoredProcess };

/** The current process, locked until the action is done. */
const current = async ({ processes }: Writes): Promise<Subject> => ({ process: await processes.hold() });

interface Applied {
  key: string;
  made: Snapshot | null;
  /** Members who are new or changed in the file. */
  changed: MemberDefinition[];
}
type MemberDefinition = ReturnType<typeof changedMembers>[number];

const applyingTo = (
  actor: Actor,
  definition: ProcessDefinition,
  { override, shown }: Agreed,
  clock: Clock,
): Action<Subject, Applied> => ({
  name: 'process.apply',
  on: ({ key }) => key,
  find: current,
  agreed: async ({ process }) => expectProcessShown(shown, process),
  async act({ process }, { processes, timelines, members }) {
    const by = actorName(actor);
    const keys = (await processes.list()).flatMap((each) => each.key ?? []);
    const { key, opens } = applying(definition, process, keys);
    await processes.apply(definition, by, key);
    const changed = changedMembers(opens ? null : process.definition, definition);
    if (changed.length > 0) await expectMayChange(actor, members);
    for (const member of changed) expectNotThemselves(actor, member, await members.find(member.id));
    await members.sync(changed);
    // While the timeline is not public, there is nobody to tell.
    const isPublic = !opens && (await timelines.latest()) !== null;
    const made = isPublic ? await recordTimeline(definition, { override, by }, { timelines, clock }) : null;
    return { key, made, changed };
  },
  detail: ({ made, changed }) => ({
    timeline: made?.number ?? null,
    ...(changed.length > 0 && { members: changed.map(({ id, roles }) => `${id}: ${roles.join(' ')}`) }),
  }),
});

const closing = (
  actor: Actor,
  { id, key, left }: { id: number; key: string; left: Left | undefined },
  clock: Clock,
): Action<Subject, void> => ({
  name: 'process.close',
  on: key,
  find: current,
  async act(_, { processes }) {
    if (await processes.close(id, actorName(actor), new Date(clock()))) return;
    throw new Refused('state', `${key} is closed already.`);
  },
  detail: () => ({ ...left }),
});

const publishing = (actor: Actor, { override, shown }: Agreed, clock: Clock): Action<Subject, Snapshot | null> => ({
  name: 'process.publish',
  on: null,
  find: current,
  agreed: async ({ process }) => expectProcessShown(shown, process),
  async act({ process: { key, closedAt, definition } }, { timelines }) {
    if (closedAt !== null) throw new Refused('state', `${key} is closed: its timeline stays as it is.`);
    if (definition === null) throw new UserError(NO_PROCESS);
    return recordTimeline(definition, { override, by: actorName(actor) }, { timelines, clock });
  },
  detail: (made) => ({ timeline: made?.number ?? null }),
});

/**
 * Those who are new or changed in the file: what was set at the terminal about the others stands. A member who is taken
 * out of the file stays a member: `members remove` takes the chats away as well.
 */
function changedMembers(before: ProcessDefinition | null, { members = [] }: ProcessDefinition) {
  const known = before?.members ?? [];
  const changed = members.filter((member) => !known.some((one) => isDeepStrictEqual(one, member)));
  return changed.map(({ organization = null, side = null, ...member }) => ({ ...member, organization, side }));
}
