import type { Clock, Ids } from '../core/clock.ts';
import { UserError } from '../core/errors.ts';
import type { Actor } from '../people/actor.ts';
import { linkUntil, makeToken, tokenHash } from '../people/console.ts';
import type { Member } from '../people/member.ts';
import { unknownMember } from './members.ts';
import { nothing, type Perform } from './perform.ts';
import { Refused } from './refused.ts';
import type { ActionStore } from './writes.ts';

export interface ConsoleActionParts {
  perform: Perform;
  store: ActionStore;
  clock: Clock;
  ids: Ids;
}

export interface ConsoleLink {
  token: string;
  until: Date;
}

/** A member who has come in: `token` is what their browser keeps. */
export interface Entered {
  member: Member;
  token: string;
}

/** How members come into the console, and out of it again. */
export interface ConsoleActions {
  /** Makes a link that lets the member in, once. @throws Refused where one member asks for another's */
  link(actor: Actor, member: string): Promise<ConsoleLink>;
  /** Uses the link up; null when it cannot be used (any more). */
  enter(token: string, browser: string | null): Promise<Entered | null>;
  /** Ends one of the actor's sessions. @throws NoSession when none of theirs is called so */
  end(actor: Actor, session: string): Promise<void>;
  /** Ends all of them. */
  endAll(actor: Actor): Promise<void>;
  /** Has the console speak another language to them in this session. @throws NoSession */
  speak(actor: Actor, session: string, language: string): Promise<void>;
}

/** There is none, or it is somebody else's: nobody is told which. */
export class NoSession extends UserError {
  constructor() {
    super('There is no such session of yours.');
    this.name = 'NoSession';
  }
}

export function createConsoleActions({ perform, store, clock, ids }: ConsoleActionParts): ConsoleActions {
  const own = (actor: Actor): string => actor.member ?? '';
  return {
    link: (actor, member) =>
      perform(actor, {
        name: 'console.link',
        on: member,
        find: nothing,
        async act(_, { members, console }) {
          expectOwn(actor, member);
          if ((await members.find(member)) === null) throw new UserError(await unknownMember(member, members));
          const made = { token: makeToken(ids.bytes), until: linkUntil(clock()) };
          await console.putLink(tokenHash(made.token), member, made.until);
          return made;
        },
      }),
    enter: (token, browser) =>
      store.transaction(async ({ console, audit }) => {
        const at = new Date(clock());
        const member = await console.takeLink(tokenHash(token), at);
        if (member === null) return null;
        const session = { id: ids.uuid(), startedAt: at, seenAt: at, language: null, browser };
        const made = makeToken(ids.bytes);
        await console.putSession(session, tokenHash(made), member.id);
        const entry = { action: 'console.enter', subject: null, outcome: 'done', detail: null, request: null } as const;
        await audit.add({ ...entry, at, actor: member.id, interface: 'console' });
        return { member, token: made };
      }),
    end: (actor, session) =>
      perform(actor, {
        name: 'console.end',
        on: null,
        find: nothing,
        async act(_, { console }) {
          if (!(await console.end(session, own(actor)))) throw new NoSession();
        },
      }),
    endAll: (actor) =>
      perform(actor, {
        name: 'console.end',
        on: null,
        find: nothing,
        act: async (_, { console }) => console.endAll(own(actor)),
        detail: (sessions) => ({ sessions }),
      }).then(() => undefined),
    speak: (actor, session, language) =>
      perform(actor, {
        name: 'console.speak',
        on: null,
        find: nothing,
        async act(_, { console }) {
          if (!(await console.speak(session, own(actor), language))) throw new NoSession();
        },
        detail: () => ({ language }),
      }),
  };
}

/** Nobody comes in as another; whoever is at the machine's terminal may hand a link to anybody. @throws Refused */
function expectOwn({ member: actor }: Actor, member: string): void {
  if (actor === null || actor === member) return;
  throw new Refused('member', `${actor} may make links for themselves alone, not for ${member}.`);
}
