import { isDeepStrictEqual } from 'node:util';
import type { Texts } from '../core/texts.ts';
import type { NoticeDraft } from './file.ts';
import { isMadeForEach, KINDS } from './kinds.ts';
import type { Notice, NoticeButton } from './notice.ts';
import type { Schedule } from './schedule.ts';

/** Whether its text was approved and may have reached somebody. */
export const isOutApproved = ({ approval, state }: Notice): boolean =>
  approval === 'given' && ['running', 'paused', 'done'].includes(state);

export const isResponses = ({ kind }: Pick<Notice, 'kind'>): boolean => KINDS[kind].rendering === 'responses';

/** Why responses are not recalled. */
export const RESPONSES_STAY =
  'Responses are not recalled: the ledger counts on what was answered. Import the right decision, and release it: it supersedes.';

/** Why its text cannot be edited; null where it can. */
export function notToEdit(notice: Notice): string | null {
  const { id, kind } = notice;
  if (isResponses(notice))
    return `Notice ${id} brings responses: import the right decision, and release it; it supersedes.`;
  if (KINDS[kind].rendering === 'timeline' || KINDS[kind].rendering === 'event')
    return `Notice ${id} tells what was published. Correct the process file and apply it: those who have to know are told.`;
  return isMadeForEach(kind) ? `Notice ${id} is written for each reader as it goes: there is no text to change.` : null;
}

/** What an edit would change besides the wording, a line each: the notice would differ from what was approved. */
export function beyondWords(notice: Notice, draft: NoticeDraft): string[] {
  const { texts, buttons, ...rest } = draft;
  const before = plain({ ...notice, schedule: asWritten(notice.schedule) }) as Record<string, unknown>;
  const others = Object.entries(plain(rest) as Record<string, unknown>)
    .filter(([key, value]) => !isDeepStrictEqual(value, before[key]))
    .map(([key]) => `${key}: an edit changes texts and the labels of buttons, and nothing else. ${AS_IT_WAS}`);
  const languages = isDeepStrictEqual(languagesOf(texts), languagesOf(notice.texts));
  const targets = isDeepStrictEqual(buttons.map(target), notice.buttons.map(target));
  return [
    ...others,
    ...(languages ? [] : [`texts: the languages must stay ${languagesOf(notice.texts).join(', ')}. ${AS_IT_WAS}`]),
    ...(targets ? [] : [`buttons: they must lead where they led, in the same order and languages. ${AS_IT_WAS}`]),
  ];
}

/** The schedule without what the calendar added to it. */
function asWritten(schedule: Notice['schedule']): Schedule | null {
  if (schedule === null) return null;
  const { moment: _, ...written } = schedule;
  return written;
}

const AS_IT_WAS = 'Leave it as it was, or make another notice.';
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const languagesOf = (texts: Texts): string[] => (typeof texts === 'string' ? ['all'] : Object.keys(texts).sort());
const target = ({ label = '', ...where }: NoticeButton) => ({ where, languages: languagesOf(label) });
