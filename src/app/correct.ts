import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { commandLine } from '../domain/commandLine.ts';
import { Mistake } from '../domain/errors.ts';
import { isMadeForEach, KINDS } from '../domain/kinds.ts';
import { type Members, mayApprove } from '../domain/member.ts';
import type { Notice, NoticeButton, Notices } from '../domain/notice.ts';
import type { Queue } from '../domain/ports.ts';
import { canonical } from '../domain/publication.ts';
import type { RevisionStatus, Revisions, Wording } from '../domain/revision.ts';
import type { Texts } from '../domain/texts.ts';
import type { NoticeDraft } from './noticeFile.ts';
import { sweepRevisions } from './sweep.ts';

export interface CorrectParts {
  notices: Pick<Notices, 'find' | 'change' | 'history' | 'note'>;
  members: Pick<Members, 'find'>;
  revisions: Revisions;
  queue: Pick<Queue, 'revise'>;
}

export interface Corrector {
  /**
   * Other words in the same languages, for those who have the notice and those who will. `begun`: some have it already.
   * Where a second member had to approve the words that are out, a second one has to ask for the same correction:
   * `proposed` until then, and nothing has changed.
   * @throws Mistake that names whatever else the draft would change
   */
  edit(id: string, draft: NoticeDraft, by?: string | null): Promise<Edited>;
  /**
   * Takes back what can be taken back; what has not gone is cancelled. `begun`: some had it already.
   * @throws Mistake for a notice that brings responses, and for one that is recalled already
   */
  recall(id: string, by?: string | null): Promise<{ begun: boolean }>;
  /** Before anybody is asked whether they are sure. @throws Mistake for a notice that brings responses */
  mayRecall(id: string): Promise<void>;
  /** How far the newest change has come; null when there was none after sending. */
  status(id: string): Promise<RevisionStatus | null>;
}

export interface Edited {
  begun: boolean;
  approval: Notice['approval'];
  proposed: boolean;
}

/** What can still be done about a notice that is out. */
export function createCorrector({ notices, members, revisions, queue }: CorrectParts): Corrector {
  async function existing(id: string): Promise<Notice> {
    const notice = await notices.find(id);
    if (!notice) throw new Mistake(`There is no notice ${id}. \`${commandLine('notices status')}\` lists them all.`);
    return notice;
  }
  const hint = () => sweepRevisions(revisions, queue);

  /** Whether another member has proposed these very words; else they are proposed now. @throws Mistake for whoever may not */
  async function isSeconded(id: string, wording: Wording, by: string | null): Promise<boolean> {
    const member = by === null ? null : await members.find(by);
    if (!member || !mayApprove(member)) throw new Mistake(needsTwo(id));
    const hash = createHash('sha256').update(canonical(wording)).digest('hex');
    const proposed = (await notices.history(id)).filter(
      ({ what, detail }) => what === 'proposed' && (detail as { hash: string }).hash === hash,
    );
    if (proposed.some((one) => one.by !== by)) return true;
    if (proposed.length === 0) await notices.note(id, { what: 'proposed', by, detail: { hash } });
    return false;
  }

  return {
    async edit(id, draft, by = null) {
      const notice = await existing(id);
      const refusal = unmendable(notice);
      if (refusal) throw new Mistake(refusal);
      const changed = forbidden(notice, draft);
      if (changed.length > 0) throw new Mistake(changed.join('\n'), changed);
      const wording = { texts: draft.texts, buttons: draft.buttons };
      if (notice.approval !== null && by === null) throw new Mistake(needsTwo(id));
      const isOut = isOutApproved(notice);
      if (isOut && !(await isSeconded(id, wording, by)))
        return { begun: true, approval: notice.approval, proposed: true };
      const edited = await revisions.edit(id, wording, by, isOut);
      if (!edited) throw new Mistake(ended(notice));
      if (edited.begun) await hint();
      return { ...edited, proposed: false };
    },
    async mayRecall(id) {
      if (isResponses(await existing(id))) throw new Mistake(RESPONSES);
    },
    async recall(id, by = null) {
      const notice = await existing(id);
      if (isResponses(notice)) throw new Mistake(RESPONSES);
      const isWaiting = notice.state === 'draft' || notice.state === 'scheduled' || notice.state === 'paused';
      const isCancelled = isWaiting && (await notices.change(id, 'cancel', by));
      // Its beginning may have come in between: whatever went is taken back.
      if (await revisions.recall(id, by)) {
        await hint();
        return { begun: true };
      }
      if (isCancelled) return { begun: false };
      throw new Mistake(
        `Notice ${id} has gone to nobody, or is recalled already: \`${commandLine(`notices status ${id}`)}\`.`,
      );
    },
    status: (id) => revisions.status(id),
  };
}

/** Its words were approved, and somebody may have them. */
const isOutApproved = ({ approval, state }: Notice): boolean =>
  approval === 'given' && ['running', 'paused', 'done'].includes(state);

const needsTwo = (id: string): string =>
  `Notice ${id} needs a second member's approval: a correction takes two members as well, organizers or of the forum. Say who you are: --as MEMBER.`;

const isResponses = ({ kind }: Notice): boolean => KINDS[kind].rendering === 'responses';

const RESPONSES =
  'Responses are not recalled: the ledger counts on what was answered. Import the right decision, and release it: it supersedes.';

/** What is not the author's to write: null where it is. */
function unmendable(notice: Notice): string | null {
  const { id, kind } = notice;
  if (isResponses(notice))
    return `Notice ${id} brings responses: import the right decision, and release it; it supersedes.`;
  if (KINDS[kind].rendering === 'timeline')
    return `Notice ${id} tells what was published: mend the process file and apply it, and whoever has to know is told.`;
  return isMadeForEach(kind) ? `Notice ${id} is written for each reader as it goes: there is no text to mend.` : null;
}

const ended = ({ id, state }: Notice): string =>
  `Notice ${id} is ${state} and cannot be changed any more. Make a new one with \`${commandLine('notices create FILE.yaml')}\`.`;

/** Everything that a typo does not explain; who is told what would no longer be what was approved. */
function forbidden(notice: Notice, draft: NoticeDraft): string[] {
  const { texts, buttons, ...rest } = draft;
  const before = plain({ ...notice, schedule: asWritten(notice.schedule) }) as Record<string, unknown>;
  const others = Object.entries(plain(rest) as Record<string, unknown>)
    .filter(([key, value]) => !isDeepStrictEqual(value, before[key]))
    .map(([key]) => `${key}: it cannot change after sending, only texts and the labels of buttons can. ${AS_IT_WAS}`);
  const languages = isDeepStrictEqual(languagesOf(texts), languagesOf(notice.texts));
  const targets = isDeepStrictEqual(buttons.map(target), notice.buttons.map(target));
  return [
    ...others,
    ...(languages ? [] : [`texts: the languages must stay ${languagesOf(notice.texts).join(', ')}. ${AS_IT_WAS}`]),
    ...(targets ? [] : [`buttons: they must lead where they led, in the same order and languages. ${AS_IT_WAS}`]),
  ];
}

/** Without what the calendar has made of it. */
function asWritten(schedule: unknown): unknown {
  if (typeof schedule !== 'object' || schedule === null) return schedule;
  const { moment: _, ...written } = schedule as { moment?: string };
  return written;
}

const AS_IT_WAS = 'Leave it as it was.';
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const languagesOf = (texts: Texts): string[] => (typeof texts === 'string' ? ['all'] : Object.keys(texts).sort());
const target = ({ label = '', ...where }: NoticeButton) => ({ where, languages: languagesOf(label) });
