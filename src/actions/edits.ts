import { createHash } from 'node:crypto';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { beyondWords, isOutApproved, isResponses, notToEdit, RESPONSES_STAY } from '../notices/editRules.ts';
import type { Wording } from '../notices/edits.ts';
import type { NoticeDraft } from '../notices/file.ts';
import type { Notice } from '../notices/notice.ts';
import type { Queue } from '../notices/queue.ts';
import { type Actor, actorName } from '../people/actor.ts';
import { canonical } from '../process/publication.ts';
import { held, type NoticeFile, withFile } from './heldNotice.ts';
import type { Perform } from './perform.ts';
import { Refused } from './refused.ts';
import type { Writes } from './writes.ts';

export interface EditActionParts {
  perform: Perform;
  queue: Pick<Queue, 'revise'>;
}

export interface Edited {
  /** Whether some recipients have it already. */
  begun: boolean;
  approval: Notice['approval'];
  /** Nothing has changed: a second member has to ask for the same. */
  proposed: boolean;
}

/** What can still be done about the words of a notice, also of one that is out. */
export interface EditActions {
  /**
   * Changes the words, in the same languages, for those who have the notice and those who will get it. Where a second member had to
   * approve the words that are out, a second one has to ask for the same edit.
   * @throws UserError that names everything else the draft would change
   */
  edit(actor: Actor, id: string, draft: NoticeDraft, file?: NoticeFile | null): Promise<Edited>;
  /**
   * Takes back what can be taken back; what has not gone is cancelled. `begun`: some had it already.
   * @throws UserError for a notice that brings responses, and for one that is recalled already
   */
  recall(actor: Actor, id: string): Promise<{ begun: boolean }>;
}

export function createEditActions({ perform, queue }: EditActionParts): EditActions {
  /** Hints at the messages that have to be changed in the chats now. */
  async function toRevise({ revisions }: Writes): Promise<() => void> {
    const work = await revisions.due();
    return () => queue.revise(work);
  }

  return {
    edit: (actor, id, draft, file = null) =>
      perform(actor, {
        name: ({ notice }) => (isOutApproved(notice) ? 'notices.propose' : 'notices.edit'),
        on: id,
        find: held(id),
        async act({ notice }, writes, after) {
          const wording = expectWordsOnly(notice, await withFile(draft, file, writes));
          const isOut = isOutApproved(notice);
          if (isOut && !(await isSeconded(id, wording, actor, writes)))
            return { begun: true, approval: notice.approval, proposed: true };
          const edited = await writes.revisions.edit(id, wording, actorName(actor), isOut);
          if (!edited) throw new Refused('state', `Notice ${id} is ${notice.state} and cannot be changed.`);
          if (edited.begun) after(await toRevise(writes));
          return { ...edited, proposed: false };
        },
        detail: ({ proposed }) => ({ proposed }),
      }),
    recall: (actor, id) =>
      perform(actor, {
        name: 'notices.recall',
        on: id,
        find: held(id),
        async act({ notice }, writes, after) {
          if (isResponses(notice)) throw new UserError(RESPONSES_STAY);
          const begun = await recall(notice, actorName(actor), writes);
          if (begun) after(await toRevise(writes));
          return { begun };
        },
        detail: ({ begun }) => ({ begun }),
      }),
  };
}

/** @throws UserError that names everything an edit may not change */
function expectWordsOnly(notice: Notice, draft: NoticeDraft): Wording {
  const refusal = notToEdit(notice);
  if (refusal) throw new UserError(refusal);
  const changed = beyondWords(notice, draft);
  if (changed.length > 0) throw new UserError(changed.join('\n'), changed);
  return { texts: draft.texts, buttons: draft.buttons };
}

/**
 * Whether another member has asked for exactly these words; if not, this request is recorded.
 * @throws Refused for an operator as the second
 */
async function isSeconded(id: string, wording: Wording, actor: Actor, { notices }: Writes): Promise<boolean> {
  const by = actorName(actor);
  const hash = createHash('sha256').update(canonical(wording)).digest('hex');
  const proposed = (await notices.history(id)).filter(
    ({ what, detail }) => what === 'proposed' && (detail as { hash: string }).hash === hash,
  );
  if (proposed.some((one) => one.by !== by)) {
    if (actor.member !== null) return true;
    throw new Refused('second', 'It takes a second member to ask for the same edit: say who you are, --as MEMBER.');
  }
  if (proposed.length === 0) await notices.note(id, { what: 'proposed', by, detail: { hash } });
  return false;
}

/** True where some had it. @throws UserError when there is nothing to take back */
async function recall({ id, state }: Notice, by: string, { notices, revisions }: Writes): Promise<boolean> {
  const isWaiting = state === 'draft' || state === 'scheduled' || state === 'paused';
  const isCancelled = isWaiting && (await notices.change(id, 'cancel', by));
  if (await revisions.recall(id, by)) return true;
  if (isCancelled) return false;
  throw new UserError(
    `Notice ${id} has gone to nobody, or is recalled already: \`${commandLine(`notices status ${id}`)}\`.`,
  );
}
