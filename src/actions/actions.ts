import type { Actor } from '../domain/actor.ts';
import { createEditActions, type EditActionParts, type EditActions } from './edits.ts';
import { createNoticeActions, held, type NoticeActionParts, type NoticeActions } from './notices.ts';
import { createPerform, type PerformParts } from './perform.ts';
import type { ActionName } from './table.ts';

/** Everything that members and operators do to others. */
export interface Actions {
  notices: NoticeActions & EditActions;
  /** Before a number is typed in vain. @throws Refused */
  expect(actor: Actor, name: ActionName): Promise<void>;
  expectNotice(actor: Actor, name: ActionName, id: string): Promise<void>;
}

type Needed = NoticeActionParts & EditActionParts;
export type ActionParts = PerformParts & Omit<Needed, 'perform'>;

export function createActions({ store, ...rest }: ActionParts): Actions {
  const { perform, expect } = createPerform({ store, clock: rest.clock });
  const parts = { ...rest, perform };
  return {
    notices: { ...createNoticeActions(parts), ...createEditActions(parts) },
    expect: (actor, name) => expect(actor, name),
    expectNotice: (actor, name, id) => expect(actor, name, held(id), id),
  };
}
