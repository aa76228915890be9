import type { Clock } from '../core/clock.ts';
import type { Group } from '../core/inbound.ts';
import type { Actor } from '../people/actor.ts';
import type { GroupState } from '../people/groups.ts';
import type { Link } from '../people/links.ts';
import { nothing, type Perform } from './perform.ts';

export interface PlaceActionParts {
  perform: Perform;
  clock: Clock;
}

/** Groups that get announcements, and the links by which people come. */
export interface PlaceActions {
  /** Keeps a group until an organizer has said whether announcements go there. */
  askGroup(actor: Actor, group: Group, channel: string, language: string): Promise<{ id: string; state: GroupState }>;
  /** Its title; null when it does not wait for an answer (any more). */
  subscribeGroup(actor: Actor, id: string): Promise<string | null>;
  /** Its title; null when there is no such group. */
  dropGroup(actor: Actor, id: string): Promise<string | null>;
  keepLink(actor: Actor, link: Link): Promise<void>;
}

export function createPlaceActions({ perform, clock }: PlaceActionParts): PlaceActions {
  return {
    askGroup: (actor, group, channel, language) =>
      perform(actor, {
        name: 'groups.ask',
        on: ({ id }) => id,
        find: nothing,
        act: (_, { groups }) => groups.keep(group, channel, language, new Date(clock())),
        again: ({ groups }) => groups.keep(group, channel, language, new Date(clock())),
      }),
    subscribeGroup: (actor, id) =>
      perform(actor, {
        name: 'groups.subscribe',
        on: id,
        find: nothing,
        act: (_, { groups }) => groups.subscribe(id),
        again: ({ groups }) => groups.title(id),
      }),
    dropGroup: (actor, id) =>
      perform(actor, {
        name: 'groups.drop',
        on: id,
        find: nothing,
        act: (_, { groups }) => groups.drop(id),
        again: ({ groups }) => groups.title(id),
      }),
    keepLink: (actor, link) =>
      perform(actor, {
        name: 'links.create',
        on: link.source,
        find: nothing,
        act: (_, { links }) => links.keep(link),
      }),
  };
}
